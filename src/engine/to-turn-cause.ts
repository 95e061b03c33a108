import type { Cause } from '../core/model/cause.ts';
import type { Limits, Run } from '../core/model/run.ts';
import type { SessionPhase } from '../core/model/session-phase.ts';
import type { Spend } from '../core/model/spend.ts';
import { toDetail } from './to-detail.ts';
import type { WorkPorts } from './work-ports.ts';

/** Why a turn of an agent failed, as the cause that people read. */
export function toTurnCause(
  ports: WorkPorts,
  turn: { fault: string; message: string; retryAt?: number },
  {
    run,
    spend,
    limits,
    phases,
  }: { run: Run; spend: Spend; limits: Limits | undefined; phases: readonly SessionPhase[] },
): Cause {
  switch (turn.fault) {
    case 'auth':
      return { kind: 'model_refused', detail: toDetail(turn.message) };
    case 'rate_limit':
    case 'provider':
      return {
        kind: 'model_unavailable',
        detail: toDetail(turn.message),
        ...(turn.retryAt === undefined ? {} : { retryAt: turn.retryAt }),
      };
    case 'idle':
      return {
        kind: 'deadline',
        limit: 'agents.idle_minutes',
        valueMs: run.policy.idleMs,
        elapsedMs: run.policy.idleMs,
      };
    case 'timeout':
      return {
        kind: 'deadline',
        limit: 'agents.timeout_minutes',
        valueMs: run.policy.attemptMs,
        elapsedMs: run.policy.attemptMs,
      };
    case 'budget':
      return toPartCause(ports.options.attemptTokens, limits, spend);
    case 'context':
      return { kind: 'context_overflow', isRecoveryTried: phases.includes('retried') };
    default:
      return { kind: 'agent_crashed', detail: toDetail(turn.message) };
  }
}

/** Which of its limits the attempt came to. */
function toPartCause(attemptTokens: number, limits: Limits | undefined, spend: Spend): Cause {
  const used = spend.inputTokens + spend.outputTokens;
  const tokens = Math.min(limits?.tokens ?? attemptTokens, attemptTokens);
  if (limits && used < tokens && spend.microUsd >= limits.microUsd) {
    const [value, spent] = [limits.microUsd / 1e6, spend.microUsd / 1e6];
    const limit = `part of ${limits.isOfDay ? 'what all runs together may cost' : 'budget.run_usd'} for one attempt`;
    return { kind: 'budget', limit, value, spent };
  }
  const limit = tokens < attemptTokens ? 'part of budget.run_tokens for one attempt' : 'tokens of an attempt';
  return { kind: 'budget', limit, value: tokens, spent: used };
}

/** Which part that was reserved for a review was used up before it had an answer. */
export function toReviewCause({ microUsd, tokens, isOfDay }: Limits, spend: Spend): Cause {
  if (tokens !== undefined && spend.inputTokens + spend.outputTokens >= tokens) {
    const spent = spend.inputTokens + spend.outputTokens;
    return { kind: 'budget', limit: 'part of budget.run_tokens for one review', value: tokens, spent };
  }
  const [value, spent] = [microUsd / 1e6, spend.microUsd / 1e6];
  const limit = `part of ${isOfDay ? 'what all runs together may cost' : 'budget.run_usd'} for one review`;
  return { kind: 'budget', limit, value, spent };
}
