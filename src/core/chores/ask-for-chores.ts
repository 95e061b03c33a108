// One of each kind at a time: what comes meanwhile waits for its end, so that nobody writes beside it.
import { listActions } from '../run/outbox-after.ts';
import type { Chore, ChoresDraft } from './chores-draft.ts';

/** One pull request is read by one person. */
const learningsAtOnce = 40;

export function askForSettings(draft: ChoresDraft): void {
  const { settings } = draft.record;
  if (settings.kind !== 'wanted' || isAsked(draft, 'propose_settings')) return;
  const { reason, notBefore } = settings;
  ask(draft, { kind: 'propose_settings', id: toId(draft, 'propose-settings'), reason }, notBefore);
}

export function askForNotes(draft: ChoresDraft): void {
  const { pending, notBefore } = draft.record.notes;
  if (pending.length === 0 || isAsked(draft, 'propose_notes')) return;
  const learnings = pending.slice(0, learningsAtOnce);
  ask(draft, { kind: 'propose_notes', id: toId(draft, 'propose-notes'), learnings }, notBefore);
}

export function isAsked(draft: ChoresDraft, kind: Chore['kind']): boolean {
  return listActions(draft).some((action) => action.kind === kind);
}

export function toId({ record }: ChoresDraft, what: string): string {
  record.asked += 1;
  return `${what}-${record.asked}`;
}

function ask({ outbox, now }: ChoresDraft, action: Chore, notBefore: number): void {
  outbox.push(notBefore > now ? { kind: 'add', action, notBefore } : { kind: 'add', action });
}
