// Whether what checks the change is what it was: what a change takes from it, and what the base's own tests say of the change.
// Both are signs, and no proof; the settings say whether they are shown, wait for a maintainer or shut the gate.
import { type BaseTests, isGreen, isPassed } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { BaseTestsPolicy, CheckPolicy, Weakening } from '../model/weakening.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderExit } from '../reply/render-cause.ts';
import { renderWeakening } from '../reply/render-checks.ts';
import { sumTests } from './count-tests.ts';
import { listTouched } from './list-touched.ts';
import { weakeningsAtMost } from './shorten-weakenings.ts';
import { closed, open, type Verdict } from './verdict.ts';

export const weakenedGate = 'weakened checks';
export const baseTestsGate = 'base tests';

/** No part of the gate where nothing was taken. */
export function evaluateWeakened(run: Run): Verdict[] {
  const { policy } = run;
  const all = run.verification?.weakened ?? [];
  const touched = listTouched(run);
  // A pipeline on a protected path waits for a maintainer already: nobody is asked the same twice. Of so many that some may be
  // missing, one on another path may be among those.
  const mayLeaveOut = policy.weakened === 'ask' && all.length < weakeningsAtMost;
  const isAsked = ({ kind, path }: Weakening) => kind === 'pipeline_changed' && touched.includes(path);
  const weakened = all.filter((one) => !mayLeaveOut || !isAsked(one));
  const [first] = weakened;
  if (!first || !policy.weakened) return [];
  const more = weakened.length === 1 ? '' : ` and ${weakened.length - 1} more`;
  return [
    judge(
      weakenedGate,
      policy.weakened,
      `The change takes something from its checks: ${renderWeakening(first)}${more}.`,
    ),
  ];
}

/** No part of the gate where the base's tests are those of the change, or only tests are changed. */
export function evaluateBaseTests({ verification, policy }: Run): Verdict[] {
  return judgeBaseTests(verification?.baseTests, policy.baseTests);
}

export function judgeBaseTests(seen: BaseTests | undefined, policy: BaseTestsPolicy | undefined): Verdict[] {
  if (!seen || !policy || policy === 'off') return [];
  const doubt = doubtBaseTests(seen);
  return [doubt === undefined ? open(baseTestsGate, renderPassed(seen)) : judge(baseTestsGate, policy, doubt)];
}

/**
 * Whether they have to pass on another base as well, such as in the merge queue. What is only shown decides nothing there, and
 * where they did not pass somebody decided on that.
 */
export function areBaseTestsToPass({ verification }: Run, policy: BaseTestsPolicy | undefined): boolean {
  const seen = verification?.baseTests;
  return (policy === 'ask' || policy === 'block') && seen !== undefined && doubtBaseTests(seen) === undefined;
}

/** Undefined where they pass, and as many as on the base alone as far as that is known. */
function doubtBaseTests(seen: BaseTests): string | undefined {
  if (seen.kind === 'not_run') return notRun[seen.why];
  const red = seen.report.commands.find((command) => !isPassed(command));
  if (red || !isGreen(seen.report))
    return `The base's tests fail on what would be merged: ${quoteCode(red?.command ?? 'verify')} ${red ? renderExit(red) : 'did not run'}. They may have had to change with it.`;
  const { alone } = seen;
  const passed = sumTests(seen.report.commands)?.passed ?? 0;
  if (!alone || passed >= alone.passed) return undefined;
  return `The base's tests exit with 0 on what would be merged, but only ${passed} are told to pass there, and ${alone.passed} on the base alone.`;
}

const notRun: Readonly<Record<Extract<BaseTests, { kind: 'not_run' }>['why'], string>> = {
  red: "The base's tests were not run, since the change does not pass its own.",
  paths: "The base's tests were not run: too many files of tests are changed, or the name of one is no text.",
};

function renderPassed(seen: BaseTests): string {
  const told = seen.kind === 'ran' ? sumTests(seen.report.commands) : undefined;
  const alone = seen.kind === 'ran' ? seen.alone : undefined;
  const count = told ? `, ${told.passed} by what they print${alone ? `, ${alone.passed} on the base alone` : ''}` : '';
  return `The base's tests pass on what would be merged${count}. That is evidence, and no proof.`;
}

function judge(gate: string, policy: CheckPolicy, what: string): Verdict {
  switch (policy) {
    case 'show':
      return open(gate, `${what} The settings only show that.`);
    case 'ask':
      return closed(gate, 'action_required', `${what} A maintainer has to look at that.`);
    case 'block':
      return closed(gate, 'failure', what);
  }
}
