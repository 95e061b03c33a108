import { isAtLeast } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import { toPhase } from '../model/run.ts';
import { addReceipt, type Draft, enter, note, settleReceipt, toRevision } from './draft.ts';
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
  if (!isAtLeast(permission, 'write')) {
    note(draft, 'refused', `@${event.actor.login} may not use "${identifier}"`);
    return settleReceipt(draft, id, 'refused');
  }
  if (identifier === 'stop') return requestStop(draft, id, event.actor.login);
  const mayBeChecked = run?.pullRequest?.state === 'open' && toPhase(run.state) === 'resting';
  if (identifier !== 'recheck' || !mayBeChecked) return settleReceipt(draft, id, 'refused');
  note(draft, 'recheck', `@${event.actor.login} asked to verify ${event.headSha.slice(0, 10)} again`);
  settleReceipt(draft, id, 'done');
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying', isFresh: true });
}
