// `/pilot deny`: what waits for a person goes nowhere, and whoever works on it next is told why. A plan is made anew once; a
// change that is held back is built otherwise, as far as there are attempts for that.
import { findOverride, toGateName } from '../gate/apply-overrides.ts';
import { protectedPathsGate } from '../gate/evaluate-paths.ts';
import { isHeldBack, isWaitingForOverride } from '../gate/is-held-back.ts';
import { listTouched } from '../gate/list-touched.ts';
import type { Denial } from '../model/denial.ts';
import { type Run, toPhase } from '../model/run.ts';
import { quoteCode, quoteInline, quoteName } from '../reply/quote-inline.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { toPlanId } from '../reply/render-awaiting.ts';
import { redact } from '../sanitise/redact.ts';
import { sanitiseText } from '../sanitise/sanitise-text.ts';
import { dropUnstarted, isAwaiting, planUnstartedAnew } from './approval.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';
import { isDenialSpent } from './plan-anew.ts';
import { isBefore, isPlanUnseen } from './request-approve.ts';
import { takeBack } from './take-back.ts';

interface Denying {
  readonly receiptId: string;
  readonly login: string;
  readonly reason: string;
  /** Epoch ms; of a comment only. */
  readonly writtenAt: number | undefined;
}

/** Every one is in prompts from then on. */
const reasonChars = 2_000;
const denialsKept = 20;
const pathsKept = 100;

export function requestDeny(draft: Draft, { receiptId, login, reason: written, writtenAt }: Denying): void {
  const { run } = draft.record;
  const settle = (state: 'done' | 'refused', reply: string) => settleReceipt(draft, receiptId, state, reply);
  if (!run) return settle('refused', renderArchived(draft.record) ?? 'No run was started here yet.');
  // What is not seen on GitHub is no part of what somebody said, and no key is told to anybody.
  const reason = redact(sanitiseText(written).text).text.trim();
  const known = findSame(run, reason);
  const of = toWaiting(run);
  if (!of) return settle(known ? 'done' : 'refused', renderNothing(run));
  const obstacle = findObstacle(draft, run, { reason, writtenAt });
  if (obstacle !== undefined) {
    note(draft, 'refused', `@${login} did not deny: ${obstacle}`);
    return settle('refused', obstacle);
  }
  const denial: Denial = { at: draft.now, by: login, reason, of };
  run.denials = [...(run.denials ?? []), denial].slice(-denialsKept);
  note(draft, 'denied', `@${login} denied ${renderWhat(denial)}: ${reason}`, { of: of.kind });
  settle('done', of.kind === 'plan' ? denyPlan(draft, run, denial) : takeBack(draft, run, denial, of));
}

/** What people are told that it waits for them. */
function toWaiting(run: Run): Denial['of'] | undefined {
  const { plan, tasks, verification } = run;
  if (plan && isAwaiting(run)) {
    const own = tasks.slice(plan.after?.tasks ?? 0);
    return { kind: 'plan', plan: plan.hash, tasks: own.map(({ key, title }) => `${key}: ${title}`) };
  }
  if (!verification || !isWaitingForOverride(run) || !isHeldBack(run)) return undefined;
  const { key, patch } = verification;
  const paths = listTouched(run).slice(0, pathsKept);
  return { kind: 'change', head: key.head, paths, ...(patch === undefined ? {} : { patch }) };
}

function findObstacle(
  draft: Draft,
  { plan, state }: Run,
  { reason, writtenAt }: Pick<Denying, 'reason' | 'writtenAt'>,
): string | undefined {
  if (reason === '') return 'Nothing of that reason can be seen, so nothing was denied.';
  if (reason.length > reasonChars)
    return `That reason has ${reason.length} characters; agents are told at most ${reasonChars}. Nothing was denied.`;
  const isUnseen =
    state.kind === 'paused' && state.wants
      ? isBefore(writtenAt, state.since)
      : plan && isPlanUnseen(draft, plan, writtenAt);
  return isUnseen
    ? 'What waits now was not posted yet when you denied, so nothing was denied. If you mean it, say it again.'
    : undefined;
}

/** The planner is asked once more. A plan that is denied again ends the run, which is gone on with by asking it anew. */
function denyPlan(draft: Draft, run: Run, { by, reason }: Denial): string {
  const id = toPlanId(run.plan?.hash ?? '');
  const isSpent = isDenialSpent(run);
  dropUnstarted(draft, run, { why: 'denied', reason });
  if (!isSpent) {
    planUnstartedAnew(draft, run);
    const when = run.state.kind === 'paused' ? ` when \`/${run.policy.slash} resume\` goes on` : '';
    return `Plan \`${id}\` is denied: run ${run.id} is planned once more${when}, and the planner is told why.`;
  }
  enter(draft, run, { kind: 'stopped', since: draft.now, by, reason });
  return `Plan \`${id}\` is denied, and so was one before it: run ${run.id} is stopped. \`/${run.policy.slash} resume\` has it planned once more, with your reasons.`;
}

/** The newest thing that was denied, in the same words. */
function findSame({ denials = [] }: Run, reason: string): Denial | undefined {
  const newest = denials.at(-1);
  return newest?.reason === reason ? newest : undefined;
}

function renderNothing(run: Run): string {
  const { approval, denials = [], plan, state } = run;
  if (state.kind === 'stopping') return `Run ${run.id} is being stopped: nothing of it waits any more.`;
  if (toPhase(state) === 'final') return `Run ${run.id} is over for good: nothing of it waits any more.`;
  const override = findOverride(run, protectedPathsGate);
  if (override)
    return `${quoteCode(toGateName(protectedPathsGate))} was overridden by ${quoteName(override.by.login)} already.`;
  const newest = denials.at(-1);
  if (newest && newest.at >= (approval?.at ?? 0))
    return `Nothing of run ${run.id} waits for a person: ${renderWhat(newest)} was denied by ${quoteName(newest.by)} already ("${quoteInline(newest.reason, 200)}").`;
  if (approval && approval.plan === plan?.hash)
    return `Plan \`${toPlanId(approval.plan)}\` was approved by ${quoteName(approval.by)} already; \`/${run.policy.slash} stop\` ends the run.`;
  return `Nothing of run ${run.id} waits for a person who could deny it.`;
}

function renderWhat({ of }: Denial): string {
  return of.kind === 'plan' ? `plan \`${toPlanId(of.plan)}\`` : `the change up to \`${of.head.slice(0, 10)}\``;
}
