import { isLive, type Run } from '../model/run.ts';

/** Whether nothing of the run goes on any more. */
export function isOver(run: Run): boolean {
  return !isLive(run);
}
