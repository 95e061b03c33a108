import { z } from 'zod';

/** Longer than GitHub's lists lag behind, and than a request whose answer was lost can still take effect. */
export const listsLagMs = 30_000;

/** A comment or check of ours that was made a short while ago, and that lists may not show yet. */
export const Made = z.object({
  /** `comment <thread> <marker>`, `review <number> <marker>`, `remark <marker> <state>` or `check <commit> <name>`. */
  key: z.string(),
  /** GitHub's; none where the answer was lost, so that it may never have been made. */
  id: z.number().int().optional(),
  /** Epoch ms. */
  at: z.number(),
});
export type Made = z.infer<typeof Made>;
