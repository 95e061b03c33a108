// What a run may still spend. Before an action that spends starts, its part is reserved in the record; its result settles
// it for what was really used, and when its holder died it counts as used in full, since a cut stream has spent as well.
import { countRepairs } from '../conflict/list-resolved.ts';
import type { Cause } from '../model/cause.ts';
import type { Limits, Run } from '../model/run.ts';
import { addSpend, nothingSpent, type Spend, tokensOf } from '../model/spend.ts';
import { boundByDay, findEmpty, holdForDay, isMoneyCounted, payFromDay, settleWithDay } from './day-money.ts';
import { type Draft, findEntry } from './draft.ts';

type BudgetCause = Extract<Cause, { kind: 'budget' }>;

interface Amount {
  readonly microUsd: number;
  /** Without a limit of its own there is always enough. */
  readonly tokens: number;
}

/** The policy's limits, and what people added to them. */
export function capOf(run: Run): Amount {
  const { runMicroUsd, runTokens } = run.policy;
  const tokens = runTokens === undefined ? Number.POSITIVE_INFINITY : runTokens + (run.raised?.tokens ?? 0);
  return { microUsd: runMicroUsd + (run.raised?.microUsd ?? 0), tokens };
}

export function reservedOf(run: Run): Amount {
  const parts = Object.values(run.reserved ?? {});
  return {
    microUsd: parts.reduce((sum, part) => sum + part.microUsd, 0),
    tokens: parts.reduce((sum, part) => sum + (part.tokens ?? 0), 0),
  };
}

function restOf(run: Run): Amount {
  const cap = capOf(run);
  const reserved = reservedOf(run);
  return {
    microUsd: cap.microUsd - run.spend.microUsd - reserved.microUsd,
    tokens: cap.tokens - tokensOf(run.spend) - reserved.tokens,
  };
}

/** Less than this is not worth starting anything with. */
function leastOf(cap: number): number {
  return Math.max(1, Math.ceil(cap / 100));
}

/**
 * The part of one of `starters` actions that may start now: an equal part of what is left, where one more part stays for
 * what follows (a retry, the pilot). Never more than a fifth of the whole, so that a holder that dies, whose part counts
 * as used, does not take the run with it. Undefined when nothing may start.
 */
export function shareOf(run: Run, starters: number): Limits | undefined {
  const [cap, rest] = [capOf(run), restOf(run)];
  const microUsd = partOf(rest.microUsd, cap.microUsd, starters);
  if (microUsd === undefined) return undefined;
  if (cap.tokens === Number.POSITIVE_INFINITY) return { microUsd };
  const tokens = partOf(rest.tokens, cap.tokens, starters);
  return tokens === undefined ? undefined : { microUsd, tokens };
}

function partOf(rest: number, cap: number, starters: number): number | undefined {
  const least = leastOf(cap);
  if (rest < least) return undefined;
  return Math.max(least, Math.floor(Math.min(cap / 5, rest / (starters + 1))));
}

/**
 * The same, as far as the day gives it. `used_up`: the run's own limits leave nothing. `later`: the day does not, and the
 * run waits for what it has under way itself, or is held.
 */
export function askForPart(draft: Draft, run: Run, starters: number): Limits | 'used_up' | 'later' {
  const share = shareOf(run, starters);
  if (!share) return 'used_up';
  const part = boundByDay(draft, run, share);
  const empty = findEmpty(draft, run, part);
  if (!empty) return part;
  if (!run.reserved) holdForDay(draft, run, empty, part);
  return 'later';
}

/** Whether the day has nothing for the next action, as far as this look knows. */
export function isDayOver(draft: Draft, run: Run): boolean {
  const share = shareOf(run, 1);
  return share !== undefined && findEmpty(draft, run, boundByDay(draft, run, share)) !== undefined;
}

export function reserve(draft: Draft, run: Run, actionId: string, limits: Limits): void {
  run.reserved = { ...run.reserved, [actionId]: payFromDay(draft, run, actionId, limits) };
}

/** What an action that does not spend is told to have spent is nothing. */
export function settleSpend(draft: Draft, run: Run, actionId: string, spend: Spend = nothingSpent): void {
  keepSpent(draft, run, actionId, spend);
  run.spend = addSpend(run.spend, spend);
  const reserved = run.reserved?.[actionId];
  if (reserved) settleWithDay(draft, reserved, spend.microUsd);
  release(run, actionId);
}

/** Also what was spent in vain, on attempts that were taken back or by whoever died. */
function keepSpent(draft: Draft, run: Run, actionId: string, spend: Spend): void {
  if (spend.microUsd + spend.inputTokens + spend.outputTokens === 0) return;
  const action = findEntry(draft, actionId)?.action;
  const part = action?.kind === 'attempt' ? `task ${action.task}` : (action?.kind ?? 'other');
  // A run that an older version began.
  const before = run.spentOn ?? (run.spend.microUsd + run.spend.inputTokens > 0 ? { before: run.spend } : {});
  run.spentOn = { ...before, [part]: addSpend(before[part] ?? nothingSpent, spend) };
}

/** Whoever held the action died: its part counts as used, and the action has no part until it gets one again. */
export function settleAtBound(draft: Draft, run: Run, actionId: string): Limits | undefined {
  const reserved = run.reserved?.[actionId];
  if (!reserved) return undefined;
  const { paidFrom: _, ...bound } = reserved;
  const microUsd = isMoneyCounted(draft) ? bound.microUsd : 0;
  settleSpend(draft, run, actionId, { inputTokens: bound.tokens ?? 0, outputTokens: 0, microUsd });
  return bound;
}

/** Whether an action that has no part any more may have the same one again. */
export function isAffordable(run: Run, { microUsd, tokens = 0 }: Limits): boolean {
  const rest = restOf(run);
  return rest.microUsd >= microUsd && rest.tokens >= tokens;
}

/** Gives back what was reserved for actions that were taken back before anybody began them. */
export function releaseUnused(draft: Draft): void {
  const { run } = draft.record;
  const outstanding = new Set(draft.snapshot.outbox.map(({ action }) => action.id));
  for (const id of Object.keys(run?.reserved ?? {})) {
    if (run && !outstanding.has(id)) settleSpend(draft, run, id);
  }
}

function release(run: Run, actionId: string): void {
  const { [actionId]: _, ...others } = run.reserved ?? {};
  if (Object.keys(others).length > 0) run.reserved = others;
  else delete run.reserved;
}

/** Attempts of all tasks together that count, and repairs of the branch, whatever became of them; and how many there may be. */
export function attemptsOf(run: Run): { readonly used: number; readonly cap: number } {
  const { runAttempts } = run.policy;
  return {
    used: run.tasks.reduce((sum, { attempts }) => sum + attempts.length, 0) + countRepairs(run),
    cap: runAttempts === undefined ? Number.POSITIVE_INFINITY : runAttempts + (run.raised?.attempts ?? 0),
  };
}

export function hasAttemptsLeft(run: Run): boolean {
  const { used, cap } = attemptsOf(run);
  return used < cap;
}

export const attemptLimit = 'budget.run_attempts';
export const moneyLimit = 'budget.run_usd';
export const tokenLimit = 'budget.run_tokens';
/** What a whole run may use up; time is told by its own cause. */
export const runLimits: readonly string[] = [moneyLimit, tokenLimit, attemptLimit];

/** The limits of what may be spent that leave too little for anything to start. */
export function listUsedUp(run: Run): string[] {
  const [cap, rest] = [capOf(run), restOf(run)];
  return [
    ...(rest.microUsd < leastOf(cap.microUsd) ? [moneyLimit] : []),
    ...(rest.tokens < leastOf(cap.tokens) ? [tokenLimit] : []),
  ];
}

/** That no attempt is left, as the cause that people read. */
export function toAttemptsCause(run: Run): BudgetCause {
  const { used, cap } = attemptsOf(run);
  return { kind: 'budget', limit: attemptLimit, value: cap, spent: used };
}

/** That what is left to spend does not pay for `needed`, or for anything at all, as the cause that people read. */
export function toSpendCause(run: Run, needed?: Limits): BudgetCause {
  const [cap, rest] = [capOf(run), restOf(run)];
  const isMoney =
    rest.microUsd < (needed?.microUsd ?? leastOf(cap.microUsd)) || cap.tokens === Number.POSITIVE_INFINITY;
  return isMoney
    ? { kind: 'budget', limit: moneyLimit, value: cap.microUsd / 1e6, spent: run.spend.microUsd / 1e6 }
    : { kind: 'budget', limit: tokenLimit, value: cap.tokens, spent: tokensOf(run.spend) };
}
