import { z } from 'zod';
import { Evidence } from '../acceptance/acceptance-verdict.ts';

/** `fixed`: it was confirmed of an earlier head, and what was looked at shows that it is gone. */
export const FindingStatus = z.enum(['confirmed', 'unverified', 'refuted', 'fixed']);
export type FindingStatus = z.infer<typeof FindingStatus>;

export const FindingSeverity = z.enum(['critical', 'major', 'minor']);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

/** Something that a review says is wrong, and what became of it when it was checked. */
export const Finding = z.object({
  /** How people name it, such as `F-3`: the same for as long as the run lasts. Absent of what only a report holds. */
  id: z.string().optional(),
  severity: FindingSeverity,
  path: z.string(),
  line: z.number().int().positive().optional(),
  what: z.string(),
  /** How to see it. */
  how: z.string().optional(),
  status: FindingStatus,
  /** Why it has that status, where somebody said so. */
  why: z.string().optional(),
  /** The step that reported it first. */
  by: z.string(),
  /** Whoever reported it wants a person to decide: it is no mistake that could be confirmed. */
  isForPerson: z.boolean().optional(),
  /** Its line stands on the new side of the change, so that it can be remarked on there. */
  isInChange: z.boolean().optional(),
  /** The head that it was first confirmed on, and what showed it there. */
  head: z.string().optional(),
  evidence: Evidence.optional(),
});
export type Finding = z.infer<typeof Finding>;

/** What a task that only read has to say. */
export const reportShape = {
  /** Artifact with every answer that led to it. */
  report: z.string(),
  findings: z.array(Finding),
  /** Findings beyond those that are kept here. */
  omitted: z.number().int(),
  /** False where only the words of the report say what was found. */
  isListed: z.boolean(),
  /** Entries of lists that could not be read. */
  unread: z.number().int().default(0),
  /** Steps that were to list what they found and gave no list, or were ended before they were done. */
  unheard: z.array(z.string()).default([]),
  /** Claims that nobody checked. Absent of reports of older versions. */
  unjudged: z.number().int().optional(),
  /** What was confirmed, or is for a person to decide, of a place that could not be found or read. Absent as well. */
  unplaced: z.number().int().optional(),
  /** What was called confirmed, and what shows it could not be looked at. Absent where nobody looked: all of it counts then. */
  unseen: z.number().int().optional(),
  /** Readers were shown a part of the change. */
  isPartial: z.boolean().optional(),
  /** How much was looked at, and why. Absent where no risk decided that. */
  depth: z.object({ depth: z.enum(['full', 'targeted', 'selective']), why: z.string() }).optional(),
};
