import { isAtLeast, type Permission } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { readSlash } from './read-run-policy.ts';
import { renderIgnored } from './request-ignore.ts';
import { requestRun } from './request-run.ts';

/** One-shot labels: putting one on is the command, finding one on means nothing. */
export const runLabel = 'pilot:run';
/** A run whose plan waits for an approval. */
const planLabel = 'pilot:plan';

export function takeLabel(draft: Draft, event: Extract<Event, { kind: 'labelled' }>): void {
  draft.record.title = event.title;
  // GitHub knows names of labels by any case, and tells the one in which somebody wrote it first.
  const label = event.label.toLowerCase();
  const isPlanOnly = label === planLabel;
  if ((label !== runLabel && !isPlanOnly) || event.actor.kind === 'bot') return;
  const id = `label/${event.deliveryId}`;
  const source = { kind: 'label', label: event.label, thread: event.thread } as const;
  addReceipt(draft, {
    id,
    at: draft.now,
    actor: event.actor,
    source,
    command: isPlanOnly ? 'plan' : 'run',
    state: { kind: 'kept' },
    revision: toRevision(draft),
  });
  const permission = draft.snapshot.facts.permissions[event.actor.login] ?? 'unknown';
  if (!isAtLeast(permission, 'write')) {
    note(draft, 'refused', `@${event.actor.login} may not start a run: ${permission} is less than write`);
    return settleReceipt(draft, id, 'refused', renderRefusal(event.label, permission));
  }
  const ignored = renderIgnored(draft, readSlash(draft));
  if (ignored !== undefined) return settleReceipt(draft, id, 'refused', ignored);
  requestRun(draft, { receiptId: id, actor: event.actor, text: '', isPlanOnly });
}

/** In an outage nobody knows what somebody may do; saying that they may not would be untrue. */
function renderRefusal(label: string, permission: Permission): string {
  if (permission === 'unknown')
    return `The label \`${label}\` did not start a run: GitHub did not say what you may do here. Please put it on again.`;
  return `The label \`${label}\` starts a run only for people with write permission.`;
}
