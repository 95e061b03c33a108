import { z } from 'zod';
import { Cause } from './cause.ts';
import { ConflictList } from './conflict.ts';
import { Spend } from './spend.ts';
import { StepReport } from './step-report.ts';

/** What an agent that repairs a conflict leaves, however it ended. */
const told = {
  summary: z.string().optional(),
  /** Artifacts. */
  transcript: z.string().optional(),
  steps: z.array(StepReport).optional(),
};

const edited = {
  /** Files that were in conflict, those that were changed besides, and those that were added and taken away again. */
  paths: z.array(z.string()),
  secondary: z.array(z.string()),
  removed: z.array(z.string()),
  /** What was put in place of git's marks, as a patch: the beginning of it, and the whole as an artifact. */
  edits: z.string(),
  patch: z.string(),
};

/** What became of one try to make a commit in which nothing conflicts. Nothing of it is verified yet. */
export const ResolutionOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('resolved'),
    head: z.string(),
    /** The base branch, where it is brought in. */
    base: z.string().optional(),
    commit: z.string(),
    tree: z.string(),
    bundle: z.string(),
    ...edited,
    ...told,
    spend: Spend,
  }),
  /** What was decided is not what conflicts by now. */
  z.object({ kind: z.literal('changed'), head: z.string(), base: z.string().optional(), list: ConflictList }),
  z.object({ kind: z.literal('failed'), cause: Cause, base: z.string().optional(), ...told, spend: Spend }),
  z.object({ kind: z.literal('stopped'), spend: Spend }),
]);
export type ResolutionOutcome = z.infer<typeof ResolutionOutcome>;

export const Resolution = z.object({
  at: z.number(),
  by: z.discriminatedUnion('kind', [
    /** `isAsked`: somebody asked for the base to be brought in. */
    z.object({ kind: z.literal('agent'), isAsked: z.boolean() }),
    z.object({
      kind: z.literal('people'),
      answers: z.array(
        z.object({
          number: z.number().int(),
          path: z.string(),
          is: z.enum(['ours', 'theirs', 'base', 'both', 'text']),
          by: z.string(),
        }),
      ),
    }),
  ]),
  head: z.string(),
  base: z.string().optional(),
  spend: Spend,
  ...told,
  end: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('resolved'), commit: z.string(), ...edited }),
    z.object({ kind: z.literal('failed'), cause: Cause }),
  ]),
});
export type Resolution = z.infer<typeof Resolution>;
