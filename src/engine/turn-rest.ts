// What is left of a turn's time and money, while one after the other works on it.
import type { Limits } from '../core/model/run.ts';
import { addSpend, nothingSpent, type Spend } from '../core/model/spend.ts';
import type { ClockPort } from './port/clock.ts';

export interface TurnRest {
  /** For whoever begins now; what the one before has used is settled. */
  open(): { readonly turnMs: number; readonly budget: Limits | undefined };
  /** What whoever works now has used; said again, it has used that instead. */
  take(spend: Spend): void;
  /** Whether there is enough for one more. */
  isEnough(): boolean;
}

interface Turn {
  readonly turnMs: number;
  readonly budget: Limits | undefined;
  readonly signal: AbortSignal;
  readonly onSpend: (spend: Spend) => void;
}

/** Less than this is no time for an agent. */
const leastMs = 10_000;

export function openRest(clock: Pick<ClockPort, 'now'>, { turnMs, budget, signal, onSpend }: Turn): TurnRest {
  const startedAt = clock.now();
  let before: Spend = nothingSpent;
  let own: Spend = nothingSpent;
  const leftMs = () => turnMs - (clock.now() - startedAt);
  return {
    open() {
      before = addSpend(before, own);
      own = nothingSpent;
      return { turnMs: leftMs(), budget: lessen(budget, before) };
    },
    take(spend) {
      own = spend;
      onSpend(addSpend(before, spend));
    },
    isEnough: () => !signal.aborted && leftMs() >= leastMs && hasAny(lessen(budget, addSpend(before, own))),
  };
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
