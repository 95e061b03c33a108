import { z } from 'zod';

/** What becomes of a pull request that a run opens as a draft. */
export const Readiness = z.discriminatedUnion('kind', [
  /** It is a draft until nothing else is in the way of a merge. */
  z.object({ kind: z.literal('awaited') }),
  /** Nothing else is: the publisher marks it ready for review. */
  z.object({ kind: z.literal('due') }),
  /** It was ready once, by us or by somebody: whoever makes it a draft after that means it. */
  z.object({ kind: z.literal('done'), hasNoDrafts: z.boolean().optional() }),
  /** GitHub does not let it be marked. */
  z.object({ kind: z.literal('refused'), why: z.string() }),
]);
export type Readiness = z.infer<typeof Readiness>;
