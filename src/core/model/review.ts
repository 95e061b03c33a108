import { z } from 'zod';
import { Cause } from './cause.ts';
import { Finding, FindingSeverity } from './finding.ts';
import { Spend } from './spend.ts';
import { StepReport } from './step-report.ts';

/** What a reviewer looks at. */
export const reviewFocuses = ['correctness', 'concurrency', 'tests', 'security', 'simplification'] as const;
export const ReviewFocus = z.enum(reviewFocuses);
export type ReviewFocus = z.infer<typeof ReviewFocus>;

/** What the settings say of reviews, as a run was started under them. */
export const ReviewPolicy = z.object({
  reviewers: z.array(ReviewFocus),
  /** Severities of confirmed findings that close the gate. */
  blocking: z.array(FindingSeverity),
  fullPaths: z.array(z.string()),
  /** Findings that are told beside their lines. */
  maxInline: z.number().int(),
  /** Whether a branch is pushed before it was reviewed. */
  push: z.enum(['after_review', 'after_verify']),
  /** Rounds of fixes that a run begins by itself. Absent of runs that are older than that. */
  fixRounds: z.number().int().optional(),
});
export type ReviewPolicy = z.infer<typeof ReviewPolicy>;

/** How much is looked at, and why: more where more can go wrong. */
export const ReviewPlan = z.object({
  depth: z.enum(['full', 'targeted', 'selective']),
  why: z.string(),
  reviewers: z.array(ReviewFocus),
  /** Where to look first. */
  paths: z.array(z.string()),
});
export type ReviewPlan = z.infer<typeof ReviewPlan>;

const told = {
  /** Artifact with every answer that led to it. */
  report: z.string(),
  steps: z.array(StepReport),
  seconds: z.number(),
  spend: Spend,
};

/** How a review of what a merge would change ended. */
export const ReviewOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('judged'),
    findings: z.array(Finding),
    /** Findings beyond those that are kept here. */
    omitted: z.number().int(),
    /** Readers were shown a part of the change. */
    isPartial: z.boolean().optional(),
    ...told,
  }),
  /** A reviewer gave no list that can be read, or was ended before it was done: nobody can say that nothing was found. */
  z.object({ kind: z.literal('unusable'), why: z.string(), ...told }),
  z.object({ kind: z.literal('failed'), cause: Cause, spend: Spend }),
  z.object({ kind: z.literal('stopped'), spend: Spend.optional() }),
]);
export type ReviewOutcome = z.infer<typeof ReviewOutcome>;

/** The newest review of what a merge would change. It holds for exactly that change, wherever the base has moved. */
export const ReviewRecord = z.object({
  /** Hash of the change. */
  change: z.string(),
  head: z.string(),
  base: z.string(),
  at: z.number(),
  plan: ReviewPlan,
  result: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('judged'), findings: z.array(Finding), omitted: z.number().int() }),
    /** It did not happen, which is not the same as that nothing was found. */
    z.object({
      kind: z.literal('missing'),
      why: z.string(),
      /** What of the run's own limits kept it from being made. */
      limit: z.string().optional(),
    }),
  ]),
  /** What earlier reviews of this run left open: it is claimed again, until somebody refutes it. */
  earlier: z.array(Finding).optional(),
  /** A newer verdict asks for it again. */
  isOver: z.boolean().optional(),
  /** Readers were shown a part of the change, and could look at the rest. */
  isPartial: z.boolean().optional(),
  report: z.string().optional(),
  /** What is told beside the lines is there, or GitHub does not take it. */
  isRemarked: z.boolean().optional(),
  steps: z.array(StepReport).default([]),
  seconds: z.number(),
  spend: Spend,
});
export type ReviewRecord = z.infer<typeof ReviewRecord>;
