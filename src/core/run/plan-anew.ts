// A plan that was carried out in part and does not count any more. What is merged stays, and so does every task in the
// accounting; what was not finished is replaced by what the planner is asked for next.
import type { Replan, Run, TaskState } from '../model/run.ts';
import { toPlanId } from '../reply/render-awaiting.ts';
import { type Draft, enter, note } from './draft.ts';

/** Whether the pilot has had the one new plan that a run may ask for. */
export function isReplanSpent({ replans = [] }: Run): boolean {
  return replans.some(({ why }) => why === 'pilot');
}

/** Whether people have had the one new plan that they may have by denying one. */
export function isDenialSpent({ replans = [] }: Run): boolean {
  return replans.some(({ why }) => why === 'denied');
}

/** Whether the plan was given up after it was carried out in part, and no newer one is there. */
export function isBetweenPlans({ plan, tasks }: Run): boolean {
  return plan === undefined && tasks.length > 0;
}

/** An approval was given to the plan that goes, and what the pilot wanted was about it as well. */
export function dropPlan(draft: Draft, run: Run, about: Pick<Replan, 'why' | 'reason'>): void {
  run.replans = [...(run.replans ?? []), { at: draft.now, plan: run.plan?.hash ?? '', ...about }];
  run.ahead = [];
  delete run.plan;
  delete run.approval;
  delete run.proposal;
}

/** To be called when nothing works for the run. */
export function planAnew(draft: Draft, run: Run, about: Pick<Replan, 'why' | 'reason'>): void {
  const plan = run.plan?.hash ?? '';
  for (const task of run.tasks) {
    if (!isOpen(task.state)) continue;
    task.state = { kind: 'replaced', plan };
    // What it had built is merged by nobody.
    delete task.kept;
  }
  dropPlan(draft, run, about);
  note(draft, 'replan', `plan ${toPlanId(plan)} is given up; what is left is planned again`, { plan, ...about });
  enter(draft, run, { kind: 'planning', since: draft.now });
}

/** What was left out, or contradicts something else, was decided by somebody, and no new plan undoes it. */
function isOpen(state: TaskState): boolean {
  switch (state.kind) {
    case 'merged':
    case 'reported':
    case 'skipped':
    case 'conflicted':
    case 'replaced':
      return false;
    case 'blocked':
      return state.cause.kind !== 'contradiction';
    case 'pending':
    case 'running':
    case 'anchored':
    case 'failed':
    case 'rolled_back':
    case 'awaiting_amendment':
    case 'merge_blocked':
      return true;
  }
}
