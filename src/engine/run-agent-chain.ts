// A turn by the first coding agent of a chain that is there for it. The next one is asked only where that may help: the agent or
// its model was away or broke, and there is time and money left. Who was asked for, who worked and why is always told.
import type { Limits } from '../core/model/run.ts';
import { addSpend, nothingSpent, type Spend } from '../core/model/spend.ts';
import type { StepReport } from '../core/model/step-report.ts';
import { ExternalError } from './external-error.ts';
import type { AgentFault, TurnResult } from './port/agent.ts';
import { type AgentTurn, runAgent } from './run-agent.ts';
import { toOutward } from './to-outward.ts';
import type { WorkPorts } from './work-ports.ts';

export interface ChainReport {
  readonly turn: TurnResult;
  readonly driver: NonNullable<StepReport['driver']>;
}

const elsewhere: readonly AgentFault[] = ['crash', 'idle', 'provider', 'rate_limit', 'unknown'];
/** Less than this is no time for an agent. */
const leastMs = 10_000;

/** `names`: empty for the agent that is usual here. */
export async function runAgentChain(
  ports: WorkPorts,
  names: readonly string[],
  options: Omit<AgentTurn, 'driver'>,
): Promise<ChainReport> {
  const chain = names.length > 0 ? names : [...ports.agents.keys()].slice(0, 1);
  const { turnMs, budget, signal } = options;
  const startedAt = ports.clock.now();
  let before: Spend = nothingSpent;
  const reasons: string[] = [];
  for (const [place, name] of chain.entries()) {
    const isLast = place === chain.length - 1;
    const driver = ports.agents.get(name);
    if (!driver) {
      reasons.push(`${name} is not offered by this worker`);
      continue;
    }
    const left = { ms: turnMs - (ports.clock.now() - startedAt), budget: lessen(budget, before) };
    let spent: Spend = nothingSpent;
    const told = () => ({
      requested: chain[0] ?? name,
      used: name,
      ...(reasons.length === 0 ? {} : { why: reasons.join('; ').slice(0, 500) }),
    });
    const goesOn = () =>
      !isLast &&
      !signal.aborted &&
      turnMs - (ports.clock.now() - startedAt) >= leastMs &&
      hasAny(lessen(budget, addSpend(before, spent)));
    try {
      const { turn } = await runAgent(ports, {
        ...options,
        id: place === 0 ? options.id : `${options.id}-${place + 1}`,
        driver,
        turnMs: left.ms,
        budget: left.budget,
        onSpend: (spend) => {
          spent = spend;
          options.onSpend(addSpend(before, spend));
        },
      });
      if (turn.kind !== 'failed' || !turn.retryable || !elsewhere.includes(turn.fault) || !goesOn())
        return { turn, driver: told() };
      reasons.push(`${name}: ${toOutward(turn.message)}`);
    } catch (error) {
      if (!(error instanceof ExternalError) || error.system !== 'agent' || !goesOn()) throw error;
      reasons.push(`${name}: ${toOutward(error.message)}`);
    }
    before = addSpend(before, spent);
    options.onEvent({
      kind: 'retry',
      reason: `the next agent of the chain is asked, since ${reasons.at(-1)}`.slice(0, 300),
    });
  }
  throw new ExternalError({ system: 'agent', message: reasons.join('; ').slice(0, 500), retry: 'never' });
}

function lessen(budget: Limits | undefined, spent: Spend): Limits | undefined {
  if (!budget) return undefined;
  const { microUsd, tokens } = budget;
  return {
    microUsd: microUsd - spent.microUsd,
    ...(tokens === undefined ? {} : { tokens: tokens - spent.inputTokens - spent.outputTokens }),
  };
}

function hasAny(budget: Limits | undefined): boolean {
  return !budget || (budget.microUsd > 0 && (budget.tokens ?? 1) > 0);
}
