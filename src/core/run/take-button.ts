import { isAtLeast, type Permission } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { isKnownWriter } from './is-known-writer.ts';
import { readSlash } from './read-run-policy.ts';
import { requestFix } from './request-fix.ts';
import { renderIgnored } from './request-ignore.ts';
import { requestRecheck } from './request-recheck.ts';
import { requestStop } from './request-stop.ts';
import { turnAway } from './turn-away.ts';

/** Buttons of our checks and GitHub's own "re-run": the same authority as the commands they stand for. */
export function takeButton(draft: Draft, event: Extract<Event, { kind: 'check_requested' }>): void {
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
    return turnAway(draft, id, renderRefusal(identifier, permission));
  }
  if (identifier === 'stop') return requestStop(draft, id, event.actor.login);
  if (identifier !== 'recheck' && identifier !== 'fix')
    return refuse(`${quoteCode(identifier)} is no button of this version.`);
  const ignored = renderIgnored(draft, readSlash(draft));
  if (ignored !== undefined) return refuse(ignored);
  if (identifier === 'fix') return requestFix(draft, { receiptId: id, login: event.actor.login, findings: [] });
  requestRecheck(draft, id, event.actor.login);
}

/** Somebody without any access gets no conversation. */
function renderRefusal(identifier: string, permission: Permission): string | undefined {
  if (permission === 'none') return undefined;
  const button = quoteCode(identifier);
  return permission === 'unknown'
    ? `${button} was not carried out: GitHub did not say what you may do here. Please try again.`
    : `${button} needs write permission on this repository; you have ${permission}.`;
}
