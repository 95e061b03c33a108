// How well it is shown that a task is done, as a grade. It comes from what was looked at, run and merged, and from nothing that
// anybody says: the words of an agent or a reviewer change nothing in it.
import type { AcceptanceResult } from '../model/acceptance.ts';
import type { Run, Task } from '../model/run.ts';

/** From A (every item holds, and a command shows it) to D (tried, and nothing of it is in the branch). */
export interface TaskGrade {
  readonly grade: 'A' | 'B' | 'C' | 'D';
  /** What keeps it from a better one. */
  readonly why: readonly string[];
}

/** Undefined where there is nothing to grade: it was not tried, or it only read. */
export function gradeTask(run: Run, { key, state, attempts }: Task): TaskGrade | undefined {
  if (state.kind === 'failed' || state.kind === 'merge_blocked')
    return attempts.length === 0 ? undefined : { grade: 'D', why: ['nothing of it is in the branch'] };
  if (state.kind !== 'merged') return undefined;
  const { cutShort, acceptance = [] } = attempts.at(-1) ?? {};
  const isOverwritten = run.losses?.some(({ task }) => task === key) ?? false;
  const doubts = [
    ...(acceptance.some(isShown) ? [] : ['only the verify commands speak for it']),
    ...(isOverwritten ? ['lines of it were overwritten'] : []),
    ...(cutShort ? ['its agent was ended before it was done'] : []),
  ];
  if (doubts.length > 0) return { grade: 'C', why: doubts };
  const unmet = acceptance.filter(({ status }) => status !== 'met').length;
  const remarks = [
    ...(unmet > 0 ? [`${unmet} of ${acceptance.length} items ${unmet === 1 ? 'is' : 'are'} not met`] : []),
    ...(acceptance.some(isRun) ? [] : ['it was read and not run']),
  ];
  return { grade: remarks.length > 0 ? 'B' : 'A', why: remarks };
}

function isShown({ status, level }: AcceptanceResult): boolean {
  return status === 'met' && level === 'must';
}

/** A command that was run for it left its output. */
function isRun(result: AcceptanceResult): boolean {
  return isShown(result) && result.log !== undefined;
}
