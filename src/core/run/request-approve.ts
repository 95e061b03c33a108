import { type Run, toPhase } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { toPlanId } from '../reply/render-awaiting.ts';
import { isAwaiting } from './approval.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';

interface Approval {
  readonly receiptId: string;
  readonly login: string;
  /** The beginning of the plan's hash; without it, the plan that people see. */
  readonly planId: string | undefined;
  /** Epoch ms; of a comment only. */
  readonly writtenAt: number | undefined;
}

/** Shorter than this names nothing. */
const leastChars = 7;

/** `/pilot approve`: carries out exactly the plan that was posted, if the issue still says what it was made from. */
export function requestApprove(draft: Draft, approval: Approval): void {
  const { receiptId, login, planId } = approval;
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run) return settle('refused', 'No run was started here yet.');
  if (!run.plan || !isAwaiting(run))
    return settle(isApproved(run, planId) ? 'done' : 'refused', renderNotAwaiting(run));
  const obstacle = findObstacle(draft, run, run.plan, approval);
  if (obstacle !== undefined) {
    note(draft, 'refused', `@${login} did not approve: ${obstacle}`);
    return settle('refused', obstacle);
  }
  const id = toPlanId(run.plan.hash);
  note(draft, 'approved', `@${login} approved plan ${id}`);
  run.approval = { plan: run.plan.hash, by: login, at: draft.now };
  if (run.state.kind !== 'paused') {
    enter(draft, run, { kind: 'executing', since: draft.now, phase: 'attempting' });
    return settle('done', `Plan \`${id}\` is approved: run ${run.id} carries it out.`);
  }
  run.state = { ...run.state, back: { kind: 'executing', phase: 'attempting' } };
  settle(
    'done',
    `Plan \`${id}\` is approved. Run ${run.id} is paused: \`/${run.policy.slash} resume\` carries it out.`,
  );
}

function findObstacle(
  draft: Draft,
  run: Run,
  plan: NonNullable<Run['plan']>,
  { planId, writtenAt }: Approval,
): string | undefined {
  const id = toPlanId(plan.hash);
  const asked = `\`/${run.policy.slash} approve ${id}\``;
  if (planId !== undefined && !isNamed(plan.hash, planId))
    return `The plan that waits is \`${id}\`, and ${quoteCode(planId)} is another one: nothing was approved. To approve the one that waits, say ${asked}.`;
  const { fingerprint } = draft.snapshot.facts;
  if (fingerprint === undefined)
    return `Plan \`${id}\` was not approved: GitHub did not say whether the issue is still what it was made from. Please try again.`;
  if (fingerprint !== plan.fingerprint)
    return `Plan \`${id}\` was not approved: the issue was edited after it was made. It is planned again.`;
  if (planId === undefined && isPlanUnseen(draft, plan, writtenAt))
    return `Plan \`${id}\` was not posted yet when you approved. If it is the one that you want, say ${asked}.`;
  return undefined;
}

/** Somebody who names no plan means the one that they saw, however late their word arrives. */
export function isPlanUnseen(
  { record }: Draft,
  { revision = 0, shownAt }: NonNullable<Run['plan']>,
  writtenAt: number | undefined,
): boolean {
  return record.presentation.done < revision || isBefore(writtenAt, shownAt);
}

/** GitHub's moments are whole seconds, rounded down. */
export function isBefore(writtenAt: number | undefined, moment: number | undefined): boolean {
  return writtenAt !== undefined && moment !== undefined && writtenAt + 1_000 <= moment;
}

function isNamed(hash: string, planId: string): boolean {
  return planId.length >= leastChars && hash.toLowerCase().startsWith(planId);
}

function isApproved({ approval, plan }: Run, planId: string | undefined): boolean {
  if (!approval || approval.plan !== plan?.hash) return false;
  return planId === undefined || isNamed(approval.plan, planId);
}

function renderNotAwaiting(run: Run): string {
  const { approval, plan, policy } = run;
  if (approval && approval.plan === plan?.hash)
    return `Plan \`${toPlanId(approval.plan)}\` was approved by ${quoteName(approval.by)} already; no other one waits.`;
  if (run.state.kind === 'planning' || (run.state.kind === 'paused' && run.state.back.kind === 'planning'))
    return `Run ${run.id} has no plan yet; ask again when it is posted.`;
  if (plan && toPhase(run.state) === 'resting' && !run.pullRequest)
    return `Run ${run.id} rests: \`/${policy.slash} resume\` goes on with it.`;
  return `No plan of run ${run.id} waits for an approval.`;
}
