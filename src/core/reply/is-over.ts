import { type Run, toPhase } from '../model/run.ts';

/** Whether nothing works for the run any more. */
export function isOver(run: Run): boolean {
  return toPhase(run.state) !== 'working';
}
