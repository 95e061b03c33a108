// The outbox as a draft leaves it, for a subject's and for a lane's.
import type { Action, OutboxEntry } from '../model/action.ts';
import type { OutboxChange } from '../model/decision.ts';

export interface OutboxDraft {
  readonly snapshot: { readonly outbox: readonly OutboxEntry[] };
  readonly outbox: readonly OutboxChange[];
}

export function isRemoved({ outbox }: OutboxDraft, id: string): boolean {
  return outbox.some((change) => change.kind === 'remove' && change.id === id);
}

/** Entries that this draft does not remove. One whose cancel it asks for is among them: somebody may have begun it. */
export function listKept(draft: OutboxDraft): OutboxEntry[] {
  return draft.snapshot.outbox.filter(({ action }) => !isRemoved(draft, action.id));
}

/** What this draft asks for. */
export function listAdded({ outbox }: OutboxDraft): Action[] {
  return outbox.flatMap((change) => (change.kind === 'add' ? [change.action] : []));
}

export function listActions(draft: OutboxDraft): Action[] {
  return [...listKept(draft).map(({ action }) => action), ...listAdded(draft)];
}
