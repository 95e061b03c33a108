import { z } from 'zod';

/** What somebody with write permission told the agents of a run with `tell`. */
export const Instruction = z.object({
  id: z.string(),
  /** The receipt of the command: it ends when an agent heard this, or when none can any more. */
  receiptId: z.string(),
  at: z.number(),
  by: z.string(),
  /** Without what nobody sees and without secrets. */
  text: z.string(),
  /** Only the agents of this task are told. */
  task: z.string().optional(),
  /** Attempts of which an agent read it: in its prompt, or while it worked. */
  heard: z.array(z.object({ task: z.string(), attempt: z.number().int(), isLive: z.boolean() })),
  /** Nobody had heard it when nobody could any more; no later agent is told. */
  unheard: z.object({ at: z.number() }).optional(),
});
export type Instruction = z.infer<typeof Instruction>;
