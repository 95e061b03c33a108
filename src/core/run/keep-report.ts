import type { VerifyReport } from '../model/result.ts';
import type { Run } from '../model/run.ts';

/** Verdicts that may be carried over; each batch, each merge and each push adds one. */
const treesKept = 20;

/** The newest verdict of each tree, and only so many. */
export function keepReport(run: Run, report: VerifyReport): void {
  run.verifiedTrees = [...run.verifiedTrees.filter(({ tree }) => tree !== report.tree), report].slice(-treesKept);
}
