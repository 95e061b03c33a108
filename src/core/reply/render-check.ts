import { evaluateGate } from '../gate/evaluate-gate.ts';
import type { HeldBy } from '../gate/evaluate-hold.ts';
import { evaluateObserved, type OtherPulls } from '../gate/evaluate-observed.ts';
import { evaluateOutlived } from '../gate/evaluate-outlived.ts';
import { isOnlyDraft } from '../gate/is-only-draft.ts';
import type { Verdict } from '../gate/verdict.ts';
import type { BranchRules } from '../model/branch-rules.ts';
import type { SubjectRecord } from '../model/record.ts';
import { type PullRequest, type Run, toPhase } from '../model/run.ts';
import { isFixable } from '../run/request-fix.ts';
import { quoteCode } from './quote-inline.ts';
import { renderBoundary } from './render-boundaries.ts';
import { renderChecksSection } from './render-checks.ts';
import { renderExposure } from './render-exposure.ts';
import { renderFixes } from './render-fixes.ts';
import { renderFork } from './render-fork.ts';
import { renderGuarantees } from './render-guarantees.ts';
import { renderNetwork } from './render-network.ts';
import { renderReview } from './render-review.ts';
import { renderSteps } from './render-steps.ts';
import { renderVerdict } from './render-verdict.ts';
import { renderVerification } from './render-verification.ts';
import type { DesiredCheck } from './view.ts';

export const gateName = 'gatepilot/gate';

/** The required check on the head that people would merge. Never neutral, never skipped. */
export function renderGateCheck(
  record: SubjectRecord,
  run: Run,
  { head, rules }: { readonly head: string; readonly rules?: BranchRules | undefined },
): DesiredCheck {
  const verdict = evaluateGate(run);
  const summary = [
    verdict.because,
    renderExposure(run.policy.sandbox),
    renderVerdict(verdict),
    run.verification ? renderVerification(run.verification) : '',
    renderChecksSection(run.verification),
    renderReview(run),
    renderFixes(run),
    renderNewestBoundary(run),
    renderSteps(run),
    renderNetwork(run),
    renderGuarantees(run, rules),
  ];
  return {
    name: gateName,
    headSha: head,
    externalId: toExternalId(record, run, head),
    // Everything else is known: nobody works on it until people say that it is no draft.
    state: isOnlyDraft(verdict) ? { kind: 'queued' } : toState(verdict),
    title: toTitle(verdict),
    summary: summary.filter((part) => part !== '').join('\n\n'),
    ...toAnnotations(run, head),
    actions: toActions(run),
  };
}

/** Marks of a conflict, beside their lines in exactly the commit that holds them. */
function toAnnotations({ verification }: Run, head: string): Pick<DesiredCheck, 'annotations'> {
  const { marks = [], key } = verification ?? {};
  if (marks.length === 0 || key?.head !== head) return {};
  const message = 'A conflict begins or ends here and is not resolved: decide what stays, and take the marks away.';
  return { annotations: marks.map((place) => ({ ...place, message })) };
}

/** Nobody works for the run: a check that waits for its verdict is settled, and one that has its own is left. */
export function renderAbandonedCheck(check: DesiredCheck, abandonment: Verdict): DesiredCheck {
  if (check.state.kind === 'completed' || abandonment.state.kind !== 'closed') return check;
  return {
    ...check,
    state: { kind: 'completed', conclusion: abandonment.state.conclusion },
    title: toTitle(abandonment),
    summary: `${abandonment.because}\n\n${check.summary}`,
  };
}

/** An older head of the same pull request: its check ends, naming the head that replaced it. */
export function renderReplacedCheck(
  record: SubjectRecord,
  run: Run,
  replaced: { head: string; by: string },
): DesiredCheck {
  return {
    name: gateName,
    headSha: replaced.head,
    isOnlyForKnown: true,
    externalId: toExternalId(record, run, replaced.head),
    state: { kind: 'completed', conclusion: 'cancelled' },
    title: 'Replaced by a newer head',
    summary: `The head is now \`${replaced.by}\`; this verdict no longer counts.`,
    actions: [],
  };
}

/** A pull request that no run made: a required check must not block people's own work, unless the settings want that. */
export function renderObservedCheck(
  record: Pick<SubjectRecord, 'held' | 'run' | 'pullReview' | 'vouchedHead'>,
  pull: PullRequest,
  {
    otherPulls,
    heldSharer,
    rules,
  }: { readonly otherPulls?: OtherPulls; readonly heldSharer?: HeldBy; readonly rules?: BranchRules | undefined },
): DesiredCheck {
  const { number, head, isFork } = pull;
  const observed = { ...record, pull };
  const verdict = evaluateObserved(heldSharer === undefined ? observed : { ...observed, heldSharer }, otherPulls);
  return {
    name: gateName,
    headSha: head,
    externalId: `observed:${number}:${head}`,
    state: verdict.state.kind === 'waiting' ? { kind: 'queued' } : toState(verdict),
    title: verdict.state.kind === 'open' ? toPassTitle(otherPulls) : toTitle(verdict),
    summary: isFork
      ? `${verdict.because}\n\n${renderFork({ head, vouched: record.vouchedHead, verdict, otherPulls, rules })}`
      : verdict.because,
    actions: [],
  };
}

/** Nobody is to take it for a verification. */
function toPassTitle(otherPulls: OtherPulls | undefined): string {
  return otherPulls?.kind === 'review' ? 'Reviewed, not verified: may be merged' : 'No agent work here';
}

/** A run has the same head: what its gate says counts for both. */
export function renderLeftCheck(): Pick<DesiredCheck, 'state' | 'title' | 'summary'> {
  const because = 'A run has this head too, and its gate says what holds for both.';
  return { state: { kind: 'in_progress' }, title: `Not yet: ${because}`, summary: because };
}

/** Nobody can tell which pull requests would pass by a verdict that is open: none does. */
export function renderUnreadCheck(check: DesiredCheck): DesiredCheck {
  const why = 'It could not be read which other pull requests have this head; that is tried again.';
  if (check.state.kind !== 'completed' || check.state.conclusion !== 'success') return check;
  return {
    ...check,
    state: { kind: 'in_progress' },
    title: `Not yet: ${why}`,
    summary: `${why}\n\n${check.summary}`,
  };
}

/** Its run is over and gone, and what was verified was not meant for where somebody's pull request goes now. */
export function renderStrayCheck(
  record: SubjectRecord,
  { number, base, head }: { number: number; base: string; head: string },
): DesiredCheck {
  const because = `This head is now in #${number} into ${quoteCode(base)}, which nobody verified. That needs a commit of its own.`;
  return {
    name: gateName,
    headSha: head,
    isOnlyForKnown: true,
    externalId: `${record.number}:over:${head}:none`,
    state: { kind: 'completed', conclusion: 'action_required' },
    title: toShort(`Not yet: ${because}`),
    summary: because,
    actions: [],
  };
}

export function renderOutlivedCheck(record: SubjectRecord, pull: PullRequest): DesiredCheck {
  const verdict = evaluateOutlived(pull);
  const { head } = pull;
  return {
    name: gateName,
    headSha: head,
    externalId: `${record.number}:over:${head}:none`,
    state: toState(verdict),
    title: toTitle(verdict),
    summary: verdict.because,
    actions: [],
  };
}

/** The story of all batches is in the pull request. */
function renderNewestBoundary({ boundaries }: Run): string {
  const newest = boundaries.at(-1);
  return newest ? `### Gate pilot\n\n${renderBoundary(newest)}` : '';
}

function toExternalId(record: SubjectRecord, run: Run, head: string): string {
  const base = run.verification?.key.head === head ? run.verification.key.base : 'none';
  return `${record.number}:${run.id}:${head}:${base}`;
}

function toState(verdict: Verdict): DesiredCheck['state'] {
  switch (verdict.state.kind) {
    case 'open':
      return { kind: 'completed', conclusion: 'success' };
    case 'waiting':
      return { kind: 'in_progress' };
    case 'closed':
      return { kind: 'completed', conclusion: verdict.state.conclusion };
  }
}

function toTitle(verdict: Verdict): string {
  return toShort(verdict.state.kind === 'open' ? 'Verified: may be merged' : `Not yet: ${verdict.because}`);
}

function toShort(title: string): string {
  return title.length > 120 ? `${title.slice(0, 119)}…` : title;
}

function toActions(run: Run): DesiredCheck['actions'] {
  if (toPhase(run.state) === 'resting' && run.pullRequest?.state === 'open')
    return [
      { label: 'Recheck', description: 'Verify this head once more', identifier: 'recheck' },
      ...(isFixable(run)
        ? [{ label: 'Fix findings', description: 'Have an agent mend what was found', identifier: 'fix' }]
        : []),
    ];
  if (run.state.kind === 'reviewing' || run.state.kind === 'executing' || 'back' in run.state)
    return [{ label: 'Stop', description: 'End the run now', identifier: 'stop' }];
  return [];
}
