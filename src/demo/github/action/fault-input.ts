// Inputs of the verbs that make things go wrong.
import { z } from 'zod';

export const MatchDelivery = z.strictObject({
  /** As in `X-GitHub-Event`, or `*`. */
  event: z.string(),
  action: z.string().optional(),
  /** How many deliveries. Default 1. */
  count: z.number().int().positive().optional(),
});
export type MatchDelivery = z.infer<typeof MatchDelivery>;

export const DelayDelivery = z.strictObject({ ...MatchDelivery.shape, delayMs: z.number().nonnegative() });
export type DelayDelivery = z.infer<typeof DelayDelivery>;

const when = z.enum(['before', 'after']);

const FaultEffectInput = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rate_limit'), retryAfterSeconds: z.number() }),
  z.strictObject({ kind: z.literal('secondary_limit'), retryAfterSeconds: z.number().optional() }),
  z.strictObject({ kind: z.literal('primary_limit'), resetAfterSeconds: z.number() }),
  z.strictObject({ kind: z.literal('unavailable') }),
  z.strictObject({ kind: z.literal('cut'), when }),
  z.strictObject({ kind: z.literal('bad_gateway'), when }),
  z.strictObject({ kind: z.literal('timeout'), when }),
  z.strictObject({ kind: z.literal('slow'), delayMs: z.number() }),
  z.strictObject({ kind: z.literal('held') }),
]);

export const InjectFault = z.strictObject({
  /** `METHOD template` with `*` as a wildcard: `POST /repos/*`, `* *`. Templates are those of the request log. */
  route: z.string().regex(/^\S+ \S+$/),
  /** How many requests are hit. Default 1. */
  count: z.number().int().positive().optional(),
  effect: FaultEffectInput,
});
export type InjectFault = z.infer<typeof InjectFault>;
