// Remembers of each delivery what became of it, for whoever asks why nothing happened.
import { toCommentKey } from '../model/comment-place.ts';
import type { LogEntry } from '../model/decision.ts';
import type { Event } from '../model/event.ts';
import type { Heard } from '../model/record.ts';
import type { Draft } from './draft.ts';

const heardAtMost = 20;
const charsAtMost = 300;

/** `noted`: what the decision noted while it took the event. */
export function keepHeard(draft: Draft, event: Event, noted: readonly LogEntry[]): void {
  const about = describe(event);
  if (!about) return;
  const became = noted.map(({ text }) => text).join('; ') || about.otherwise;
  const { ids, what, receipt } = about;
  const heard = { ids, at: draft.now, what, became: became.slice(0, charsAtMost), ...(receipt ? { receipt } : {}) };
  draft.record.heard = [...(draft.record.heard ?? []), heard].slice(-heardAtMost);
}

interface About extends Pick<Heard, 'ids' | 'what' | 'receipt'> {
  /** What it means that nothing was noted. */
  readonly otherwise: string;
}

const placeWords = {
  conversation: (id: number) => `comment ${id}`,
  line: (id: number) => `comment ${id} beside a line`,
  review: (id: number) => `review ${id}`,
} as const;

/** Undefined for what was not delivered: our own results and messages, and requests of the API, which have an answer. */
function describe(event: Event): About | undefined {
  switch (event.kind) {
    case 'labelled': {
      const otherwise =
        event.actor.kind === 'bot' ? 'labels that bots put on start nothing' : 'this label is no command';
      const { deliveryId, label, actor } = event;
      return {
        ids: [deliveryId],
        what: `label "${label}" by @${actor.login}`,
        receipt: `label/${deliveryId}`,
        otherwise,
      };
    }
    case 'commented': {
      const { commentId, place, deliveryId, actor } = event;
      const ids = [String(commentId), ...(deliveryId === undefined ? [] : [deliveryId])];
      const otherwise = 'it holds no line that is a command';
      const what = `${placeWords[place ?? 'conversation'](commentId)} by @${actor.login}`;
      return { ids, what, receipt: toCommentKey(event), otherwise };
    }
    case 'pull_request_changed': {
      const what = `pull request #${event.number}, ${event.change}, by @${event.actor.login}`;
      return { ids: [event.deliveryId], what, otherwise: 'it is what was known, or asks for nothing' };
    }
    case 'issue_closed':
      return {
        ids: [event.deliveryId],
        what: `issue closed by @${event.actor.login}`,
        otherwise: 'nothing was at work',
      };
    case 'issue_edited': {
      const otherwise = 'what it says is read again where something hangs on it';
      return { ids: [event.deliveryId], what: `issue edited by @${event.actor.login}`, otherwise };
    }
    case 'check_requested': {
      const button = event.request.kind === 'button' ? event.request.identifier : 're-run';
      const { deliveryId, actor } = event;
      const receipt = `button/${deliveryId}`;
      return {
        ids: [deliveryId],
        what: `button "${button}" by @${actor.login}`,
        receipt,
        otherwise: 'nothing was asked',
      };
    }
    case 'suite_completed': {
      const what = `checks of another App, ${event.isHeld ? 'held back' : 'ended'}`;
      return { ids: [event.deliveryId], what, otherwise: 'it is what was known' };
    }
    case 'scheduled': {
      const { deliveryId, schedule, at } = event;
      const receipt = `schedule/${schedule}/${at}`;
      return { ids: [deliveryId], what: `schedule "${schedule}"`, receipt, otherwise: 'nothing was asked' };
    }
    default:
      return undefined;
  }
}
