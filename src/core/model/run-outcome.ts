import { z } from 'zod';

/**
 * What people made of a run. `merged_changed`: somebody pushed to it before it was merged. `rejected`: its pull request was
 * closed. `taken_over`: somebody's push replaced what it had built. `given_up`: it ended without anything that could be
 * merged, or before that. `reported`: it was asked to read only.
 */
export const RunEnd = z.enum(['merged_unchanged', 'merged_changed', 'rejected', 'taken_over', 'given_up', 'reported']);
export type RunEnd = z.infer<typeof RunEnd>;

/** What became of the findings of one reviewer: what somebody rejected counts as refuted, and what was mended as confirmed. */
export const FindingCount = z.object({
  confirmed: z.number().int(),
  refuted: z.number().int(),
  unverified: z.number().int(),
});
export type FindingCount = z.infer<typeof FindingCount>;

/** One claim of a reviewer, and what it came to. */
export const JudgedFinding = z.object({
  /** Whose it is, its place and its words, cut. */
  claim: z.string(),
  by: z.string(),
  came: z.enum(['confirmed', 'refuted', 'unverified']),
});
export type JudgedFinding = z.infer<typeof JudgedFinding>;

export const RunOutcome = z.object({
  end: RunEnd,
  startedAt: z.number(),
  endedAt: z.number(),
  microUsd: z.number().int(),
  /** Whether it cost more than that, of which nobody knows how much. */
  isCostUnknown: z.literal(true).optional(),
  /** By reviewer, over all reviews of the run. */
  findings: z.record(z.string(), FindingCount),
});
export type RunOutcome = z.infer<typeof RunOutcome>;
