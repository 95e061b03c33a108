import { z } from 'zod';

export const FindingStatus = z.enum(['confirmed', 'unverified', 'refuted']);
export type FindingStatus = z.infer<typeof FindingStatus>;

export const FindingSeverity = z.enum(['critical', 'major', 'minor']);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

/** Something that a review says is wrong, and what became of it when it was checked. */
export const Finding = z.object({
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
});
export type Finding = z.infer<typeof Finding>;
