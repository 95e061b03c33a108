import { listRunsToTell } from '../gate/evaluate-group.ts';
import type { GroupRecord } from '../model/group.ts';
import { toMessageId } from '../model/message.ts';
import { renderGroupCheck } from '../reply/render-group-check.ts';
import { listActions } from '../run/outbox-after.ts';
import { type GroupDraft, isUnderWay, noteGroup, wantOfGroup } from './group-draft.ts';

export function showVerdict(draft: GroupDraft): void {
  const { record, now } = draft;
  const { shown } = record;
  if (tellRuns(draft)) return;
  const { isOnlyForKnown: _, ...check } = renderGroupCheck(record);
  const of = JSON.stringify(check);
  if (of !== shown.of) {
    shown.of = of;
    shown.wanted += 1;
    delete shown.postponedUntil;
  }
  if (shown.wanted <= shown.done || isUnderWay(draft, 'show_group') || now < showFrom(record)) return;
  shown.dispatched += 1;
  wantOfGroup(draft, { kind: 'show_group', id: `show-${shown.dispatched}` });
}

/** Until then it stays out of the outbox, where a verdict would have to wait for what was said before it. */
export function showFrom({ shown: { notBefore, postponedUntil = 0 } }: GroupRecord): number {
  return Math.max(notBefore, postponedUntil);
}

/** True while somebody has still to be told. */
function tellRuns(draft: GroupDraft): boolean {
  const { record } = draft;
  const { reading, state } = record;
  if (state.kind !== 'judging' || !reading) return false;
  const runs = listRunsToTell(record);
  const underWay = new Set(listActions(draft).map(({ id }) => id));
  for (const { subject, id: runId, number } of runs) {
    const event = { kind: 'queue_verified', runId, group: record.head, tree: reading.tree } as const;
    const id = `tell-${toMessageId(event)}/${number}`;
    if (underWay.has(id)) continue;
    wantOfGroup(draft, { kind: 'tell', id, to: subject, event });
    noteGroup(draft, 'group_judged', `${runId} of ${subject} is told that this was verified`);
  }
  return runs.length > 0;
}
