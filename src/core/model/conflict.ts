import { z } from 'zod';

/** By what a conflict is replaced. The lines of a text stand for themselves, without what ends them. */
export const ConflictAnswer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ours') }),
  z.object({ kind: z.literal('theirs') }),
  z.object({ kind: z.literal('base') }),
  z.object({ kind: z.literal('both') }),
  z.object({ kind: z.literal('text'), lines: z.array(z.string()) }),
]);
export type ConflictAnswer = z.infer<typeof ConflictAnswer>;

/** A conflict in a file, known by what it holds and not by where it stands. */
export const FoundConflict = z.object({
  path: z.string(),
  /** The line of its opener, from 1. */
  line: z.number().int(),
  /** What was there before is told as well. */
  hasBase: z.boolean(),
  /** Hash of what its sides hold. */
  content: z.string(),
  /** Which of those that hold just the same in this file, from 0. */
  nth: z.number().int(),
});
export type FoundConflict = z.infer<typeof FoundConflict>;

/** A file in which something conflicts that cannot be named. */
export const UnnamedConflict = z.object({
  path: z.string(),
  /**
   * It is over what is looked through; it holds no text, or is gone on one side; its marks can be read in several ways; more
   * conflict than are listed; nobody said.
   */
  why: z.enum(['too_large', 'not_text', 'unclear', 'too_many', 'unread']),
  line: z.number().int().optional(),
});
export type UnnamedConflict = z.infer<typeof UnnamedConflict>;

export const ConflictList = z.object({ found: z.array(FoundConflict), unnamed: z.array(UnnamedConflict) });
export type ConflictList = z.infer<typeof ConflictList>;

/** What conflicts in the branch of a run, each under a number that means the same for as long as it holds the same. */
export const Conflicts = z.object({
  head: z.string(),
  /** With which commit of the base branch; absent where the marks stand in the files of the head itself. */
  base: z.string().optional(),
  found: z.array(
    FoundConflict.extend({
      number: z.number().int(),
      /** What people said is to stand there. */
      answer: z.object({ by: z.string(), is: ConflictAnswer }).optional(),
    }),
  ),
  unnamed: z.array(UnnamedConflict),
});
export type Conflicts = z.infer<typeof Conflicts>;
