// What stands beside the lines of a pull request says what became of it: nobody has to read on about what is mended.
import type { Made } from '../model/made.ts';
import type { Remark } from '../model/remark.ts';
import type { Run } from '../model/run.ts';
import { listRemarked, toRemarkKey, toRemarksMarker } from '../reply/render-remarks.ts';
import { findDismissal } from '../review/find-dismissal.ts';
import type { Draft } from './draft.ts';

const remarksKept = 60;

/** The remarks of the newest review are there, under the marker of exactly that one; or GitHub does not take them. */
export function noteRemarks({ record: { run } }: Draft, made: readonly Omit<Made, 'at'>[]): void {
  if (!run) return;
  for (const remark of run.remarks ?? [])
    if (made.some(({ key }) => key === toRemarkKey(run, remark))) remark.shown = remark.state;
  const { review } = run;
  const marker = review && toRemarksMarker(run, review);
  const known = made.find(({ key, id }) => marker !== undefined && id !== undefined && key.endsWith(marker));
  if (!review || !known || review.isRemarked) return;
  const told = known.id === 0 ? [] : listRemarked(run, review);
  const { remarks = [] } = run;
  // A finding that is said once more, beside the newest lines, is one remark: all that stands of it says the same.
  const fresh = told.map((finding): Remark => {
    const shown = remarks.find((one) => one.finding.id === finding.id)?.shown ?? 'open';
    return { finding, state: 'open', shown };
  });
  review.isRemarked = true;
  const ids = new Set(told.map(({ id }) => id));
  const before = remarks.filter(({ finding }) => !ids.has(finding.id));
  if (fresh.length > 0) run.remarks = [...before, ...fresh].slice(-remarksKept);
}

/** Only what people see changes anything: what is mended and not pushed yet is not mended. */
export function settleRemarks(draft: Draft): void {
  const { run } = draft.record;
  for (const remark of run?.remarks ?? []) {
    if (!run) return;
    const before = remark.state;
    settle(run, remark);
    if (remark.state !== before && draft.urgency === 'none') draft.urgency = 'soon';
  }
}

function settle(run: Run, remark: Remark): void {
  const { review, pullRequest } = run;
  const dismissal = findDismissal(run, remark.finding);
  if (dismissal) {
    const { head, by, reason } = dismissal;
    return become(remark, { state: 'dismissed', head, by: by.login, why: reason });
  }
  if (remark.state === 'dismissed') become(remark, { state: 'open' });
  if (review?.result.kind !== 'judged' || review.head !== pullRequest?.head) return;
  const now = review.result.findings.find(({ id }) => id !== undefined && id === remark.finding.id);
  if (now?.status === 'fixed')
    become(remark, { state: 'fixed', head: review.head, ...(now.why ? { why: now.why } : {}) });
  else if (now && now.status !== 'refuted') become(remark, { state: 'open' });
}

function become(remark: Remark, { state, head, by, why }: Pick<Remark, 'state' | 'head' | 'by' | 'why'>): void {
  if (remark.state === state) return;
  remark.state = state;
  delete remark.head;
  delete remark.by;
  delete remark.why;
  Object.assign(remark, { ...(head ? { head } : {}), ...(by ? { by } : {}), ...(why ? { why } : {}) });
}
