import { z } from 'zod';
import { Dismissal } from './dismissal.ts';
import { InputReport } from './input-report.ts';
import { ReviewRecord } from './review.ts';

export const FixMatter = z.enum(['comments', 'ci']);
export type FixMatter = z.infer<typeof FixMatter>;

/** One round in which an agent works on what stands against a pull request of a run. */
export const FixRound = z.object({
  number: z.number().int().positive(),
  at: z.number(),
  /** Who asked for it; `gatepilot` where the settings did. */
  by: z.string(),
  receiptId: z.string().optional(),
  /** The task that is made for it. */
  task: z.string(),
  /** Names of the findings that are worked on; none where it is what the verify commands, or others, said. */
  targets: z.array(z.string()),
  /** What others say that is worked on: unresolved review comments of people, or failed checks of other programs. */
  of: FixMatter.optional(),
  /** What of that reached the agent, and what did not. */
  input: InputReport.optional(),
  /** The head that people saw then. */
  head: z.string(),
  /** How much stood against it then, and afterwards. */
  before: z.number().int(),
  after: z.number().int().optional(),
  /** The review of what people see, and what they dismissed there, for as long as nobody knows whether they will see something else. */
  review: ReviewRecord.optional(),
  dismissals: z.array(Dismissal).optional(),
  /** What it came to. `dropped`: nothing of it was pushed, and the branch is as it was. */
  end: z
    .object({
      kind: z.enum(['pushed', 'dropped']),
      why: z.string(),
      head: z.string().optional(),
      /** What an agent had built and is not pushed, as an artifact. */
      patch: z.string().optional(),
    })
    .optional(),
});
export type FixRound = z.infer<typeof FixRound>;
