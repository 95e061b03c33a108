import { z } from 'zod';

/** What an agent wants to know of people before it goes on with its task. */
export const Question = z.object({
  id: z.string(),
  task: z.string(),
  text: z.string(),
  /** What it goes on with when nobody answers; without one its task is given up then. */
  otherwise: z.string().optional(),
  askedAt: z.number(),
  /** It is open until then (epoch ms), unless it ends before. */
  until: z.number(),
  /** When everybody could see it (epoch ms): its time runs from then at the earliest. */
  shownAt: z.number().optional(),
  /** Its plan was given up: what came of it is about a task that is no more. */
  isOutdated: z.literal(true).optional(),
  /** Of the attempt that ended with it. */
  transcript: z.string().optional(),
  /** The presentation that first shows it as it is now. */
  revision: z.number().int(),
  end: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('answered'), at: z.number(), by: z.string(), text: z.string() }),
      z.object({ kind: z.literal('unanswered'), at: z.number() }),
      /** Its task does not wait for an answer any more. */
      z.object({ kind: z.literal('withdrawn'), at: z.number() }),
    ])
    .optional(),
});
export type Question = z.infer<typeof Question>;
