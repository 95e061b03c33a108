import type { Run } from '../model/run.ts';
import { type Draft, note } from './draft.ts';

/**
 * The lines of these findings are not what they were when somebody rejected them: they are findings like any other again, and
 * claimed in the next review.
 */
export function voidDismissals(draft: Draft, run: Run, ids: readonly string[]): void {
  const { dismissals = [], review } = run;
  const voided = dismissals.filter(({ finding }) => finding.id !== undefined && ids.includes(finding.id));
  if (voided.length === 0) return;
  const kept = dismissals.filter((one) => !voided.includes(one));
  if (kept.length > 0) run.dismissals = kept;
  else delete run.dismissals;
  for (const { finding } of voided) {
    note(
      draft,
      'undismissed',
      `the lines of ${finding.id} were changed: that it was dismissed does not count any more`,
    );
    if (!review) continue;
    const isThere = (list: readonly { id?: string | undefined }[]) => list.some(({ id }) => id === finding.id);
    if (review.result.kind === 'missing') review.earlier = [...(review.earlier ?? []), finding];
    else if (!isThere(review.result.findings)) review.result.findings.push(finding);
  }
}
