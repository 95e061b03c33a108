// What the steps of one attempt may spend together: the attempt's part was reserved once, and each step gets from it what
// is left. Steps that run side by side share it, so that they cannot pass it together.
import type { Limits } from '../core/model/run.ts';
import { addSpend, nothingSpent, type Spend } from '../core/model/spend.ts';

export interface StepPurse {
  /** The part of one of `sharers` steps, never more than `most`. Undefined where nothing is left. */
  open(sharers: number, most: { readonly microUsd?: number | undefined }): Limits | undefined;
  /** What a step has used by now; a step that says it again has used that instead. */
  take(step: string, spend: Spend): void;
  spent(): Spend;
}

export function openPurse(limits: Limits | undefined, attemptTokens: number): StepPurse {
  const used = new Map<string, Spend>();
  const spent = () => [...used.values()].reduce(addSpend, nothingSpent);
  const whole = { microUsd: limits?.microUsd, tokens: Math.min(limits?.tokens ?? attemptTokens, attemptTokens) };
  return {
    open(sharers, most) {
      const { inputTokens, outputTokens, microUsd } = spent();
      const tokens = Math.floor((whole.tokens - inputTokens - outputTokens) / sharers);
      const money = Math.floor(((whole.microUsd ?? Number.MAX_SAFE_INTEGER) - microUsd) / sharers);
      const own = Math.min(money, most.microUsd ?? money);
      return tokens < 1 || own < 1 ? undefined : { microUsd: own, tokens };
    },
    take: (step, spend) => void used.set(step, spend),
    spent,
  };
}
