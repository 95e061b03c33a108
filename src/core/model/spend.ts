import { z } from 'zod';

/** What a piece of work used, as the model gateway metered it. Money is in millionths of a US dollar. */
export const Spend = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  microUsd: z.number().int().nonnegative(),
  /** Tokens whose price was not known: what they cost is not in `microUsd`. Absent of what an older version metered. */
  unpricedTokens: z.number().int().nonnegative().optional(),
  /** How often a model answered. Absent of what an older version metered. */
  requests: z.number().int().nonnegative().optional(),
});
export type Spend = z.infer<typeof Spend>;

export const nothingSpent: Spend = { inputTokens: 0, outputTokens: 0, microUsd: 0 };

export function tokensOf({ inputTokens, outputTokens }: Spend): number {
  return inputTokens + outputTokens;
}

/** An older version took what nobody knows for nothing: what it metered at no cost had no price. */
export function unpricedOf(spend: Spend): number {
  return spend.unpricedTokens ?? (spend.microUsd === 0 ? tokensOf(spend) : 0);
}

export function addSpend(a: Spend, b: Spend): Spend {
  const unpricedTokens = unpricedOf(a) + unpricedOf(b);
  const isTold = a.unpricedTokens !== undefined || b.unpricedTokens !== undefined || unpricedTokens > 0;
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    microUsd: a.microUsd + b.microUsd,
    ...(isTold ? { unpricedTokens } : {}),
    ...(a.requests === undefined && b.requests === undefined
      ? {}
      : { requests: (a.requests ?? 0) + (b.requests ?? 0) }),
  };
}
