import { isAtLeast, type Permission } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import { toPhase } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { addReceipt, type Draft, enter, note, settleReceipt, toRevision } from './draft.ts';
import { isKnownWriter } from './is-known-writer.ts';
import { requestStop } from './request-stop.ts';

/** Buttons of our checks and GitHub's own "re-run": the same authority as the commands they stand for. */
export function takeButton(draft: Draft, event: Extract<Event, { kind: 'check_requested' }>): void {
  const { run } = draft.record;
  const identifier = event.request.kind === 'button' ? event.request.identifier : 'recheck';
  const id = `button/${event.deliveryId}`;
  const source = { kind: 'button', identifier } as const;
  addReceipt(draft, {
    id,
    at: draft.now,
    actor: event.actor,
    source,
    command: identifier,
    state: { kind: 'kept' },
    revision: toRevision(draft),
  });
  const permission = draft.snapshot.facts.permissions[event.actor.login] ?? 'unknown';
  const refuse = (reply: string | undefined) => settleReceipt(draft, id, 'refused', reply);
  // What only ends work fails safe. A button does not come with the association that a comment has.
  const isSafe = identifier === 'stop' && permission === 'unknown' && isKnownWriter(draft.record, event.actor);
  if (!isSafe && !isAtLeast(permission, 'write')) {
    note(draft, 'refused', `@${event.actor.login} may not use "${identifier}"`);
    return refuse(renderRefusal(identifier, permission));
  }
  if (identifier === 'stop') return requestStop(draft, id, event.actor.login);
  if (identifier !== 'recheck') return refuse(`${quoteCode(identifier)} is no button of this version.`);
  if (run?.pullRequest?.state !== 'open' || toPhase(run.state) !== 'resting') return refuse(renderNothing(draft));
  note(draft, 'recheck', `@${event.actor.login} asked to verify ${event.headSha.slice(0, 10)} again`);
  settleReceipt(draft, id, 'done');
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying', isFresh: true });
}

/** Somebody without any access gets no conversation. */
function renderRefusal(identifier: string, permission: Permission): string | undefined {
  if (permission === 'none') return undefined;
  const button = quoteCode(identifier);
  return permission === 'unknown'
    ? `${button} was not carried out: GitHub did not say what you may do here. Please try again.`
    : `${button} needs write permission on this repository; you have ${permission}.`;
}

/** Why there is nothing to verify once more. */
function renderNothing({ record }: Draft): string {
  const { run } = record;
  if (!run?.pullRequest) return renderArchived(record) ?? 'No run made this pull request: there is nothing to verify.';
  const { number, state } = run.pullRequest;
  if (state !== 'open') return `Pull request #${number} is ${state}: there is nothing to verify.`;
  return toPhase(run.state) === 'final'
    ? `Run ${run.id} is over for good: there is nothing to verify.`
    : `Run ${run.id} has not come to its end; the newest head is verified without being asked.`;
}
