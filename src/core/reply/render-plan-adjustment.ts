import type { PlanAdjustment } from '../plan/planned-batches.ts';
import { quoteCode } from './quote-inline.ts';

/** One sentence for people. */
export function renderPlanAdjustment(adjustment: PlanAdjustment): string {
  switch (adjustment.kind) {
    case 'bootstrap_moved':
      return `The set-up file ${quoteCode(adjustment.path)} was wanted by ${adjustment.from.map((key) => quoteCode(key)).join(', ')} and now belongs to ${quoteCode(adjustment.to)}.`;
    case 'task_renamed':
      return `A second task with the key ${quoteCode(adjustment.from)} is called ${quoteCode(adjustment.to)}.`;
    case 'dependency_dropped':
      return `The dependency of ${quoteCode(adjustment.task)} on ${quoteCode(adjustment.dependency)} cannot be kept and was dropped.`;
    case 'serialised':
      return 'The plan could not be batched, so its tasks run one after the other.';
    case 'repaired':
      return `The plan was repaired: what the planner answered first could not be used, and it was asked again ${adjustment.times === 1 ? 'once' : `${adjustment.times} times`}.`;
  }
}
