// The merge gate of a run's pull request: open for exactly the key that was verified.
import type { Run } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { applyOverrides, listOverrides } from './apply-overrides.ts';
import { evaluateBaseTests, evaluateWeakened } from './evaluate-checks.ts';
import { evaluateDraft } from './evaluate-draft.ts';
import { evaluateHeldCi } from './evaluate-held-ci.ts';
import { evaluateHold } from './evaluate-hold.ts';
import { evaluateMarks } from './evaluate-marks.ts';
import { evaluatePaths } from './evaluate-paths.ts';
import { evaluateProgress } from './evaluate-progress.ts';
import { evaluateReview } from './evaluate-review.ts';
import { evaluateSettings } from './evaluate-settings.ts';
import { evaluateSharers } from './evaluate-sharers.ts';
import { evaluateTasks } from './evaluate-tasks.ts';
import { evaluateUnrun, evaluateVerification } from './evaluate-verification.ts';
import { all, type Verdict, waiting } from './verdict.ts';

export function evaluateGate(run: Run): Verdict {
  return settle(run, all('gate', applyOverrides(run, judgeGate(run)), renderOpen(run)));
}

/** What each part says, whatever people let through. */
export function judgeGate(run: Run): Verdict[] {
  const waits = findOtherHead(run);
  return judge(
    run,
    waits === undefined ? judgeVerdict(run) : judgeVerdict(run).map(({ gate }) => waiting(gate, waits)),
  );
}

/** The same of the head that was verified, also where people see another one yet. */
export function judgeVerified(run: Run): Verdict[] {
  return judge(run, judgeVerdict(run));
}

function judge(run: Run, ofVerdict: readonly Verdict[]): Verdict[] {
  return [
    evaluateProgress(run),
    ...evaluateSettings(run),
    ...evaluateHold(run),
    evaluateTasks(run),
    ...ofVerdict,
    evaluateDraft(run),
    evaluateSharers(run),
    ...evaluateHeldCi(run),
  ];
}

/** What was found out about exactly one head. */
function judgeVerdict(run: Run): Verdict[] {
  return [
    evaluatePaths(run),
    evaluateVerification(run),
    ...evaluateUnrun(run),
    ...evaluateMarks(run),
    ...evaluateWeakened(run),
    ...evaluateBaseTests(run),
    // A part that nobody asked for would only be noise.
    ...(run.policy.review ? [evaluateReview(run)] : []),
  ];
}

/** Nothing that was found of another head is said of this one. */
function findOtherHead({ pullRequest, verification }: Run): string | undefined {
  if (!pullRequest || !verification || pullRequest.head === verification.key.head) return undefined;
  return `The verdict is for head ${verification.key.head}; the head is now ${pullRequest.head}.`;
}

function renderOpen(run: Run): string {
  const key = run.verification?.key;
  if (!key) return 'Nothing was verified.';
  const moved = run.baseMoved ? `, and the base is at ${short(run.baseMoved.to)} by now` : '';
  const what = `head ${short(key.head)} on base ${short(key.base)} gives tree ${short(key.tree)}${moved}`;
  const overrides = listOverrides(run).map(({ gate, by }) => `${quoteCode(gate)} by ${quoteName(by.login)}`);
  return overrides.length === 0 ? `Verified: ${what}.` : `Overridden: ${overrides.join(', ')}; ${what}.`;
}

/** What somebody merged while it was waited for does not come any more: nothing must look like it does. */
function settle(run: Run, verdict: Verdict): Verdict {
  if (run.state.kind !== 'merged' || verdict.state.kind !== 'waiting') return verdict;
  const because = `It was merged before its verdict. ${verdict.because}`;
  return { ...verdict, state: { kind: 'closed', conclusion: 'action_required' }, because };
}

function short(sha: string): string {
  return sha.slice(0, 10);
}
