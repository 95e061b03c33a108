import type { Cause } from '../model/cause.ts';
import { type Run, type TaskState, toPhase } from '../model/run.ts';
import { renderAwaiting } from '../reply/render-awaiting.ts';
import { renderDayHold } from '../reply/render-day.ts';
import { renderWaiting } from '../reply/render-questions.ts';
import { attemptLimit, listUsedUp, moneyLimit, runLimits, tokenLimit } from './budget.ts';
import { isOfDay } from './day-money.ts';
import { timeLimit } from './deadline.ts';
import { type Draft, enter, settleReceipt } from './draft.ts';
import { type Going, planGoing } from './go-on.ts';
import { listSpentLimits } from './spent-limits.ts';
import { startAgain } from './start-again.ts';

/** `/pilot continue`: only where a cap ended work or keeps it from going on. The cap is raised by what the policy gives, once more, and it goes on. */
export function requestContinue(draft: Draft, receiptId: string, login: string): void {
  const { run } = draft.record;
  const refuse = (reply: string) => settleReceipt(draft, receiptId, 'refused', reply);
  if (!run) return refuse('No run was started here yet.');
  if (run.state.kind === 'awaiting_approval') return refuse(renderAwaiting(run));
  if (run.state.kind === 'needs_input') return refuse(renderWaiting(run));
  if (run.state.kind === 'paused' && run.state.cause && isOfDay(run.state.cause))
    return refuse(renderDayHold(run, run.state.cause));
  if (toPhase(run.state) === 'held') return refuse(`Run ${run.id} is paused; \`/${run.policy.slash} resume\` goes on.`);
  if (toPhase(run.state) === 'working') return refuse(`Run ${run.id} is at work: no limit has stopped it.`);
  const fired = listFiredCaps(run);
  const going = planContinue(run, login, fired.length > 0);
  // What somebody said that it may cost is raised when that is used up as well.
  const isEnough = run.isBudgetSet && !listUsedUp(run).includes(moneyLimit);
  const reached = [...new Set([...fired, ...listSpentLimits(run, going)])];
  const limits = reached.filter((limit) => limit !== moneyLimit || !isEnough);
  if (toPhase(run.state) === 'final' || reached.length === 0)
    return refuse(`Run ${run.id} was not stopped by a limit, so there is none to raise.`);
  const before = run.raised;
  run.raised = raise(run, limits);
  if (findMissedLimit(run) !== undefined && going.ahead.length === 0) {
    // Nothing is left to build: the verdict is made again, and the review after it.
    settleReceipt(draft, receiptId, 'done', `Run ${run.id} is reviewed: ${renderRaises(run, limits)}.`);
    return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
  }
  startAgain(draft, run, {
    receiptId,
    login,
    going,
    sentence: `Run ${run.id} goes on: ${renderRaises(run, limits)}.`,
    otherwise: `Nothing of run ${run.id} is left to go on with.`,
  });
  // What did not start has raised nothing.
  if (toPhase(run.state) !== 'resting') return;
  if (before) run.raised = before;
  else delete run.raised;
}

/** What a limit kept from being done; where there is nothing of that, what a retry would be refused for a limit. */
function planContinue(run: Run, by: string, hasFired: boolean): Going {
  const plan = (isMeant: (state: TaskState) => boolean) => {
    // A round of fixes that a limit ended is not gone on with: another one begins anew.
    const meant = run.tasks.filter(({ state, fixes }) => fixes === undefined && isMeant(state));
    const retried = new Set(meant.map(({ key }) => key));
    return planGoing(run, undefined, { retried, skipped: new Map(), by });
  };
  const going = plan(isCapped);
  return hasFired || going.ahead.length > 0 ? going : plan(({ kind }) => kind === 'failed');
}

function isCapped(state: TaskState): boolean {
  return state.kind === 'failed' && capOfCause(state.cause) !== undefined;
}

/** The limit that kept what is offered from being reviewed. */
function findMissedLimit({ review, state }: Run): string | undefined {
  const limit = state.kind === 'ready' && review?.result.kind === 'missing' ? review.result.limit : undefined;
  return limit !== undefined && runLimits.includes(limit) ? limit : undefined;
}

/** The caps of the whole run that ended it or one of its tasks. */
function listFiredCaps(run: Run): string[] {
  const causes = run.tasks.flatMap(({ state }) => (state.kind === 'failed' ? [state.cause] : []));
  if (run.state.kind === 'failed') causes.push(run.state.cause);
  const missed = findMissedLimit(run);
  return [
    ...new Set([...causes.flatMap((cause) => capOfCause(cause) ?? []), ...(missed === undefined ? [] : [missed])]),
  ];
}

function capOfCause(cause: Cause): string | undefined {
  const isCause = cause.kind === 'budget' || cause.kind === 'deadline';
  return isCause && [...runLimits, timeLimit].includes(cause.limit) ? cause.limit : undefined;
}

function raise(run: Run, limits: readonly string[]): NonNullable<Run['raised']> {
  const { microUsd = 0, tokens = 0, ms = 0, attempts = 0 } = run.raised ?? {};
  const { runMicroUsd, runTokens = 0, runMs, runAttempts = 0 } = run.policy;
  return {
    microUsd: microUsd + (limits.includes(moneyLimit) ? runMicroUsd : 0),
    tokens: tokens + (limits.includes(tokenLimit) ? runTokens : 0),
    ms: ms + (limits.includes(timeLimit) ? runMs : 0),
    attempts: attempts + (limits.includes(attemptLimit) ? runAttempts : 0),
  };
}

function renderRaises(run: Run, limits: readonly string[]): string {
  if (limits.length === 0) return 'what it may cost leaves enough';
  return limits.map((limit) => renderRaise(run, limit)).join(' and ');
}

function renderRaise({ policy, raised }: Run, limit: string): string {
  const { microUsd = 0, tokens = 0, ms = 0, attempts = 0 } = raised ?? {};
  switch (limit) {
    case moneyLimit:
      return `\`${limit}\` is now $${((policy.runMicroUsd + microUsd) / 1e6).toFixed(2)}`;
    case tokenLimit:
      return `\`${limit}\` is now ${(policy.runTokens ?? 0) + tokens}`;
    case attemptLimit:
      return `\`${limit}\` is now ${(policy.runAttempts ?? 0) + attempts}`;
    default:
      return `\`${limit}\` is now ${Math.round((policy.runMs + ms) / 60_000)}`;
  }
}
