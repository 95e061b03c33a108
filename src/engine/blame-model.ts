// Agents tell in many ways, or not at all, that their model was away or their money used up. The gateway saw it: a turn that
// failed right after the provider did, or after all was used that it was given, failed because of that.
import type { Spend } from '../core/model/spend.ts';
import type { AgentFault, TurnResult } from './port/agent.ts';
import type { ModelLimits, ModelTrouble } from './port/model.ts';

const vague: readonly AgentFault[] = ['crash', 'unknown', 'provider', 'rate_limit'];

export function blameModel(turn: TurnResult, trouble: ModelTrouble | undefined): TurnResult {
  if (!trouble || turn.kind !== 'failed' || !vague.includes(turn.fault)) return turn;
  const { status, retryAt } = trouble;
  return {
    ...turn,
    fault: status === 429 ? 'rate_limit' : 'provider',
    retryable: true,
    ...(retryAt === undefined ? {} : { retryAt }),
  };
}

/** People read the limit that was reached, and not that the program ended, which is all that such an agent says. */
export function blameBudget(
  turn: TurnResult,
  spend: Spend,
  { tokens, microUsd = Number.POSITIVE_INFINITY }: Pick<ModelLimits, 'tokens' | 'microUsd'>,
): TurnResult {
  if (turn.kind !== 'failed' || (turn.fault !== 'crash' && turn.fault !== 'unknown')) return turn;
  const isUsedUp = spend.inputTokens + spend.outputTokens >= tokens || spend.microUsd >= microUsd;
  return isUsedUp ? { ...turn, fault: 'budget', retryable: false } : turn;
}
