import { z } from 'zod';
import { Finding } from './finding.ts';

/** What the newest review of a pull request that no run made came to. It is of exactly that head. */
export const PullReview = z.object({
  run: z.string(),
  head: z.string(),
  /** What it would be merged into, and where that was. */
  branch: z.string(),
  base: z.string(),
  at: z.number(),
  /** Those that may keep the gate shut. */
  findings: z.array(Finding),
  /** Why nobody can say that nothing else was found. */
  gap: z.string().optional(),
  /** Nothing of it was executed. */
  isTextOnly: z.boolean().optional(),
  /** Readers were shown a part of the change, and could look at the rest. */
  isPartial: z.boolean().optional(),
  /** How much was looked at, and why. Absent of what an older version reviewed. */
  depth: z.object({ depth: z.enum(['full', 'targeted', 'selective']), why: z.string() }).optional(),
});
export type PullReview = z.infer<typeof PullReview>;
