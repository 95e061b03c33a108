// The approval of a plan. It holds for exactly one plan, and for as long as the issue says what that plan was made from:
// an edit only wakes the subject, and what the issue says now is a fact of the snapshot.
import { isLive, type Run, toPhase } from '../model/run.ts';
import { toPlanId } from '../reply/render-awaiting.ts';
import { cancelWork, type Draft, enter, note } from './draft.ts';
import { dropPlan } from './plan-anew.ts';

/** Whether the plan of a run may be carried out only once a person approved it: by the policy, its workflow, or how it was started. */
export function isApprovalNeeded({
  policy,
  needsApproval,
  plan,
  reads,
}: Pick<Run, 'policy' | 'needsApproval' | 'plan' | 'reads'>): boolean {
  if (needsApproval === true || plan?.route?.asksApproval === true) return true;
  // The policy asks because of what is written, and here nothing is.
  return policy.planApproval === 'required' && !reads;
}

export function isUnapproved(run: Run): boolean {
  return isApprovalNeeded(run) && run.approval?.plan !== run.plan?.hash;
}

/** The plan is there: it is carried out, or waits for its approval. */
export function enterWork(draft: Draft, run: Run): void {
  if (!isUnapproved(run)) return enter(draft, run, { kind: 'executing', since: draft.now, phase: 'attempting' });
  note(draft, 'awaiting_approval', `plan ${toPlanId(run.plan?.hash ?? '')} waits for an approval`);
  enter(draft, run, { kind: 'awaiting_approval', since: draft.now });
}

/** Whether the run waits for an approval, also where somebody holds it besides. */
export function isAwaiting({ state }: Run): boolean {
  return state.kind === 'awaiting_approval' || (state.kind === 'paused' && state.back.kind === 'awaiting_approval');
}

/** Whether what the issue says now still matters to the plan: nothing that was built from it has begun. */
export function isFingerprintNeeded(run: Run): boolean {
  if (!isApprovalNeeded(run) || toPhase(run.state) === 'final') return false;
  return isLive(run) || (run.plan !== undefined && isUntouched(run));
}

/** No agent has done anything of the plan; whole batches may have been left out by hand. */
function isUntouched({ plan, integration, tasks }: Run): boolean {
  if (!plan?.after && integration) return false;
  return tasks.slice(plan?.after?.tasks ?? 0).every(({ attempts }) => attempts.length === 0);
}

/** The plan waits for its approval, or has it and none of its agents has started. */
function isOpen(run: Run): boolean {
  return isAwaiting(run) || isAboutToStart(run);
}

/** Nothing stands between the approved plan and its first agent, unless somebody holds the run or its base is checked. */
export function isAboutToStart(run: Run): boolean {
  if (!isApprovalNeeded(run) || run.finishing || !isUntouched(run)) return false;
  return ('back' in run.state ? run.state.back : run.state).kind === 'executing';
}

/** The issue says something else than what the plan was made from, and nobody works on it yet: it is planned again. */
export function checkFingerprint(draft: Draft): void {
  const { run } = draft.record;
  const { fingerprint } = draft.snapshot.facts;
  if (!run?.plan || !isOpen(run) || fingerprint === undefined || fingerprint === run.plan.fingerprint) return;
  note(draft, 'edited', `the issue was edited after plan ${toPlanId(run.plan.hash)} was made; it is planned again`);
  dropUnstarted(draft, run, { why: 'edited' });
  cancelWork(draft);
  planUnstartedAnew(draft, run);
}

/** Nothing of the plan was started, so that there is nothing to account for but what plans before it have left. */
export function dropUnstarted(draft: Draft, run: Run, about: Parameters<typeof dropPlan>[2]): void {
  const { tasks, batches } = run.plan?.after ?? { tasks: 0, batches: 0 };
  for (const { key } of run.tasks.slice(tasks)) {
    for (const question of run.questions ?? []) if (question.task === key) question.isOutdated = true;
  }
  run.tasks = run.tasks.slice(0, tasks);
  run.behind = run.behind.slice(0, batches);
  run.boundaries = run.boundaries.filter(({ batch }) => batch < batches);
  // What a label chose is chosen anew.
  if (run.workflow === undefined) delete run.reads;
  dropPlan(draft, run, about);
}

/** Also where somebody holds the run: when that is over. */
export function planUnstartedAnew(draft: Draft, run: Run): void {
  if (run.state.kind === 'paused') run.state = { ...run.state, back: { kind: 'planning' } };
  else enter(draft, run, { kind: 'planning', since: draft.now });
  draft.urgency = 'now';
}
