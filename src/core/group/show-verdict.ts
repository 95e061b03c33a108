import { evaluateGroup } from '../gate/evaluate-group.ts';
import type { GroupRecord } from '../model/group.ts';
import { toMessageId } from '../model/message.ts';
import { renderGroupCheck } from '../reply/render-group-check.ts';
import { type GroupDraft, isUnderWay, noteGroup, wantOfGroup } from './group-draft.ts';

/**
 * The runs are told of the tree before GitHub is shown that it may be merged: the merge may come at any moment after that,
 * and is then known for what was verified.
 */
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
  if (state.kind !== 'judging' || !reading || evaluateGroup(record).state.kind !== 'open') return false;
  const told = record.told ?? [];
  for (const { run, number } of reading.parts) {
    // Runs have their names within their issue only.
    const key = `${run?.subject} ${run?.id}`;
    if (!run || told.includes(key)) continue;
    const event = { kind: 'queue_verified', runId: run.id, group: record.head, tree: reading.tree } as const;
    wantOfGroup(draft, { kind: 'tell', id: `tell-${toMessageId(event)}/${number}`, to: run.subject, event });
    noteGroup(draft, 'group_judged', `${run.id} of ${run.subject} is told that this was verified`);
    told.push(key);
  }
  if (told.length > 0) record.told = told;
  return isUnderWay(draft, 'tell');
}
