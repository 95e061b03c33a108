import type { Dismissal } from '../model/dismissal.ts';
import type { Finding } from '../model/finding.ts';
import type { Run } from '../model/run.ts';
import { isHolding } from '../review/list-blocking.ts';
import { type Draft, note } from './draft.ts';

/**
 * The lines of these findings are not what they were when somebody rejected them, or the settings are not: they are findings like
 * any other again, and claimed in the next review.
 */
export function voidDismissals(draft: Draft, run: Run, ids: readonly string[], why?: string): void {
  const { review } = run;
  const isVoid = ({ finding }: Dismissal) => finding.id !== undefined && ids.includes(finding.id);
  for (const { finding } of takeBack(run, isVoid)) {
    const { id } = finding;
    note(
      draft,
      'undismissed',
      `${why ?? `the lines of ${id} were changed`}: that ${why === undefined ? 'it' : id} was dismissed does not count any more`,
    );
    if (review?.result.kind === 'missing') review.earlier = putBack(review.earlier ?? [], finding);
    else if (review) review.result.findings = putBack(review.result.findings, finding);
  }
}

/**
 * Whoever started the run, or asks through the API, may dismiss what keeps nothing shut. Where a review finds that it does after
 * all, somebody else has to.
 */
export function voidPowerless(draft: Draft, run: Run): void {
  const found = run.review?.result.kind === 'judged' ? run.review.result.findings : [];
  const holding = new Set(found.filter((finding) => isHolding(run, finding)).map(({ id }) => id));
  const isPowerless = ({ finding, by, isByApi }: Dismissal) =>
    holding.has(finding.id) && (isByApi === true || by.id === run.startedBy.id);
  for (const { finding, by } of takeBack(run, isPowerless))
    note(draft, 'undismissed', `${finding.id} keeps the gate shut now, and @${by.login} cannot dismiss that alone`);
}

function takeBack(run: Run, isVoid: (dismissal: Dismissal) => boolean): Dismissal[] {
  const { dismissals = [] } = run;
  const kept = dismissals.filter((one) => !isVoid(one));
  if (kept.length > 0) run.dismissals = kept;
  else delete run.dismissals;
  return dismissals.filter(isVoid);
}

/** As it was when it was dismissed, whatever a review said of it meanwhile; only what was looked at since then is newer. */
function putBack(findings: readonly Finding[], finding: Finding): Finding[] {
  const isNewer = ({ id, status }: Finding) => id === finding.id && (status === 'confirmed' || status === 'fixed');
  if (findings.some(isNewer)) return [...findings];
  return [...findings.filter(({ id }) => id !== finding.id), finding];
}
