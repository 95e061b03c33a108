// What no line of a change shows: that its tests are not run any more, or end before they say anything.
import { isGreen, type VerifyReport } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { Weakening } from '../model/weakening.ts';
import { sumTests } from './count-tests.ts';

/** Fewer tests pass by what is printed than on the base alone, as far as that was run there. */
export function findFewerPass(report: VerifyReport, alone: VerifyReport | undefined): Weakening[] {
  const before = sumTests(alone?.commands ?? [])?.passed ?? 0;
  const passed = sumTests(report.commands)?.passed ?? 0;
  if (!isGreen(report) || passed >= before) return [];
  return [{ kind: 'fewer_pass', path: '', detail: `${passed} instead of ${before}` }];
}

export function findGreen(
  { verifiedTrees }: Pick<Run, 'verifiedTrees'>,
  tree: string | undefined,
): VerifyReport | undefined {
  return verifiedTrees.find((one) => one.tree === tree && isGreen(one));
}
