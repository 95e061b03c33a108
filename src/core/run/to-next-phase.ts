import type { ExecutingPhase, Run } from '../model/run.ts';
import { tasksOf } from './task-state.ts';

/**
 * A batch is over when nothing of it is left to be repaired or merged. `hasMoved`: the last merge or review has changed
 * something, so that another merge may come to something else.
 */
export function toNextPhase(run: Run, hasMoved: boolean): ExecutingPhase {
  const batch = tasksOf(run, run.ahead[0] ?? []);
  if (batch.some(({ state }) => state.kind === 'pending')) return 'attempting';
  return hasMoved && batch.some(({ state }) => state.kind === 'anchored') ? 'integrating' : 'boundary';
}
