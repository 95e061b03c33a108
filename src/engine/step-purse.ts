// What the steps of one attempt may spend together: the attempt's part was reserved once, and each step gets from it what
// is left. Steps that run side by side share it, so that they cannot pass it together.
import type { Limits } from '../core/model/run.ts';
import { addSpend, nothingSpent, type Spend } from '../core/model/spend.ts';

export interface StepPurse {
  /** The part of one of `sharers` steps, never more than `most` for the step. Undefined where nothing is left. */
  open(step: string, sharers: number, most: { readonly microUsd?: number | undefined }): StepPart | undefined;
  spent(): Spend;
}

export interface StepPart {
  readonly limits: Limits;
  /** What has been used of it by now; said again, that has been used instead. */
  take(spend: Spend): void;
}

export function openPurse(limits: Limits | undefined, attemptTokens: number): StepPurse {
  // One for each part that was given: a step that is made once more has used them all.
  const used: { readonly step: string; spend: Spend }[] = [];
  const sum = (parts: typeof used) => parts.map(({ spend }) => spend).reduce(addSpend, nothingSpent);
  const spent = () => sum(used);
  const whole = { microUsd: limits?.microUsd, tokens: Math.min(limits?.tokens ?? attemptTokens, attemptTokens) };
  return {
    open(step, sharers, most) {
      const { inputTokens, outputTokens, microUsd } = spent();
      const tokens = Math.floor((whole.tokens - inputTokens - outputTokens) / sharers);
      const money = Math.floor(((whole.microUsd ?? Number.MAX_SAFE_INTEGER) - microUsd) / sharers);
      const before = sum(used.filter((part) => part.step === step));
      const own = Math.min(money, most.microUsd === undefined ? money : most.microUsd - before.microUsd);
      if (tokens < 1 || own < 1) return undefined;
      const part = { step, spend: nothingSpent };
      used.push(part);
      return {
        limits: { microUsd: own, tokens },
        take(spend) {
          part.spend = spend;
        },
      };
    },
    spent,
  };
}
