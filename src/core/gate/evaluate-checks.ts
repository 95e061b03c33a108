// Whether what checks the change is what it was: what a change takes from it, and what the base's own tests say of the change.
// Both are signs, and no proof; the settings say whether they are shown, wait for a maintainer or shut the gate.
import { isGreen, isPassed } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { CheckPolicy } from '../model/weakening.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderWeakening } from '../reply/render-checks.ts';
import { closed, open, type Verdict } from './verdict.ts';

export const weakenedGate = 'weakened checks';
export const baseTestsGate = 'base tests';

/** No part of the gate where nothing was taken. */
export function evaluateWeakened({ verification, policy }: Run): Verdict[] {
  const weakened = verification?.weakened ?? [];
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

/** No part of the gate where the base's tests are those of the change. */
export function evaluateBaseTests({ verification, policy }: Run): Verdict[] {
  const ran = verification?.baseTests;
  if (!ran || !policy.baseTests || policy.baseTests === 'off') return [];
  if (isGreen(ran.report))
    return [open(baseTestsGate, "The base's tests pass on what would be merged. That is evidence, and no proof.")];
  const red = ran.report.commands.find((command) => !isPassed(command));
  const what = `The base's tests fail on what would be merged: ${quoteCode(red?.command ?? 'verify')}. They may have had to change with it.`;
  return [judge(baseTestsGate, policy.baseTests, what)];
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
