// Asks for the publisher when people should see something new. One publisher per subject at a time: it renders the
// newest record when it starts, so many decisions become one write.
import type { OutboxEntry } from '../model/action.ts';
import { type Draft, listOutstanding, want } from './draft.ts';

/** Progress is shown at most this often; a change of state is shown at once. */
export const progressMs = 30_000;

export function planPresentation(draft: Draft): void {
  const { presentation } = draft.record;
  if (draft.urgency !== 'none') presentation.wanted += 1;
  if (draft.urgency === 'now') presentation.urgent = presentation.wanted;
  if (presentation.wanted <= presentation.done && !isToConfirm(draft)) return;
  if (draft.urgency === 'now') dropDelayed(draft);
  if (listOutstanding(draft).some((id) => id.startsWith('present-'))) return;
  presentation.dispatched += 1;
  // After an outage GitHub said when to come back; that holds for urgent things as well.
  const pausesUntil = isAwaited(draft) ? 0 : presentation.at + progressMs;
  const earliest = Math.max(pausesUntil, presentation.notBefore);
  want(
    draft,
    { kind: 'present', id: `present-${presentation.dispatched}` },
    earliest > draft.now ? earliest : undefined,
  );
}

/** People wait for it, also when it was decided while somebody was at work showing what was before. */
function isAwaited({ record: { presentation } }: Draft): boolean {
  return (presentation.urgent ?? 0) > presentation.done;
}

function isToConfirm({ now, record: { presentation } }: Draft): boolean {
  return presentation.confirm !== undefined && presentation.confirm.at <= now;
}

/** One that waits only to save writes must not hold up what is urgent. */
function dropDelayed(draft: Draft): void {
  for (const entry of draft.snapshot.outbox) {
    if (isDelayed(entry, draft.now)) draft.outbox.push({ kind: 'cancel', id: entry.action.id });
  }
}

function isDelayed({ action, state, notBefore }: OutboxEntry, now: number): boolean {
  return action.kind === 'present' && state.kind === 'pending' && (notBefore ?? 0) > now;
}
