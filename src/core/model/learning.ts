import { z } from 'zod';

/** A fact about the repository that a command's output supports, with where that stands. */
export const Learning = z.object({
  text: z.string(),
  /** The words of the output, as they stand there. */
  quote: z.string(),
  task: z.string(),
  attempt: z.number().int().positive(),
  command: z.string(),
  /** The artifact that holds the whole output. */
  log: z.string().optional(),
});
export type Learning = z.infer<typeof Learning>;
