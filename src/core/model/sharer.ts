import { z } from 'zod';

/** A pull request that has its head in common with another, and the branch that it would be merged into. */
export const Sharer = z.object({ number: z.number().int(), base: z.string() });
export type Sharer = z.infer<typeof Sharer>;
