import { z } from 'zod';

/** What a piece of work used, as the model gateway metered it. Money is in millionths of a US dollar. */
export const Spend = z.object({
  inputTokens: z.number().int().nonnegative(),
  outputTokens: z.number().int().nonnegative(),
  microUsd: z.number().int().nonnegative(),
  /** How often a model answered. Absent of what an older version metered. */
  requests: z.number().int().nonnegative().optional(),
});
export type Spend = z.infer<typeof Spend>;

export const nothingSpent: Spend = { inputTokens: 0, outputTokens: 0, microUsd: 0 };

export function addSpend(a: Spend, b: Spend): Spend {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    microUsd: a.microUsd + b.microUsd,
    ...(a.requests === undefined && b.requests === undefined
      ? {}
      : { requests: (a.requests ?? 0) + (b.requests ?? 0) }),
  };
}
