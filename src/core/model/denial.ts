import { z } from 'zod';

/** What waited for a person and was not let through, with the reason that whoever works on it next is told. */
export const Denial = z.object({
  at: z.number(),
  by: z.string(),
  reason: z.string(),
  of: z.discriminatedUnion('kind', [
    /** `tasks`: what it would have done, for whoever plans anew. */
    z.object({ kind: z.literal('plan'), plan: z.string(), tasks: z.array(z.string()) }),
    /** Nothing of this head is ever pushed. The patch is an artifact. */
    z.object({
      kind: z.literal('change'),
      head: z.string(),
      paths: z.array(z.string()),
      patch: z.string().optional(),
    }),
  ]),
});
export type Denial = z.infer<typeof Denial>;
