import { z } from 'zod';
import { Actor } from './actor.ts';
import { Finding } from './finding.ts';

/** A finding that somebody rejects, as it was then. It holds for as long as its lines are what they were on that head. */
export const Dismissal = z.object({
  finding: Finding,
  head: z.string(),
  by: Actor,
  reason: z.string(),
  at: z.number(),
  /** Asked for through the API, where nobody's permission is asked for again. */
  isByApi: z.boolean().optional(),
});
export type Dismissal = z.infer<typeof Dismissal>;
