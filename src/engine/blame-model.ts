// Agents tell in many ways, or not at all, that their model was away. The gateway saw it: a turn that failed right after the
// provider did, failed because of that, and neither the agent nor its task is to blame.
import type { AgentFault, TurnResult } from './port/agent.ts';
import type { ModelTrouble } from './port/model.ts';

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
