import { z } from 'zod';
import { Spend } from './spend.ts';

/** What stays in the record of a run that was archived. Everything else of it is in one file, and is only read. */
export const ArchivedRun = z.object({
  id: z.string(),
  startedAt: z.number(),
  startedBy: z.string(),
  endedAt: z.number(),
  archivedAt: z.number(),
  /** The state that it ended in. */
  state: z.string(),
  headline: z.string(),
  pullRequest: z.number().int().optional(),
  tasks: z.array(z.object({ key: z.string(), title: z.string(), state: z.string() })),
  spend: Spend,
  /** The artifact that holds the whole run. */
  artifact: z.string(),
});
export type ArchivedRun = z.infer<typeof ArchivedRun>;
