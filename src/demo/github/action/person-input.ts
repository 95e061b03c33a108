// Inputs of the verbs a person has. `as` is a login, `repository` a full name, `number` an issue's or pull request's.
import { z } from 'zod';
import { checkConclusions } from '../state/check.ts';
import { reactionContents } from '../state/issue.ts';
import { Files } from './setup-input.ts';

export const OnIssue = z.strictObject({ as: z.string(), repository: z.string(), number: z.number().int() });
export type OnIssue = z.infer<typeof OnIssue>;

export const OnComment = z.strictObject({ as: z.string(), repository: z.string(), commentId: z.number().int() });
export type OnComment = z.infer<typeof OnComment>;

export const OpenIssue = z.strictObject({
  as: z.string(),
  repository: z.string(),
  title: z.string(),
  body: z.string().optional(),
  labels: z.array(z.string()).optional(),
});
export type OpenIssue = z.infer<typeof OpenIssue>;

export const EditIssue = z.strictObject({
  ...OnIssue.shape,
  title: z.string().optional(),
  body: z.string().optional(),
});
export type EditIssue = z.infer<typeof EditIssue>;

/** On a comment when `commentId` is given, else on the issue. */
export const React = z.strictObject({
  ...OnIssue.shape,
  commentId: z.number().int().optional(),
  content: z.enum(reactionContents),
});
export type React = z.infer<typeof React>;

export const PushCommit = z.strictObject({
  as: z.string(),
  repository: z.string(),
  branch: z.string(),
  message: z.string(),
  files: Files,
  /** Branch or commit to start from. Default: the branch's tip, for a new branch the default branch's. */
  from: z.string().optional(),
  /** Allows a `from` that does not contain the branch's tip. */
  force: z.boolean().optional(),
  /** ISO date. */
  date: z.string().optional(),
});
export type PushCommit = z.infer<typeof PushCommit>;

export const OpenPull = z.strictObject({
  as: z.string(),
  repository: z.string(),
  title: z.string(),
  body: z.string().optional(),
  /** `branch`, or `owner:branch` for a fork. */
  head: z.string(),
  /** Default: the default branch. */
  base: z.string().optional(),
  draft: z.boolean().optional(),
});
export type OpenPull = z.infer<typeof OpenPull>;

export const SubmitReview = z.strictObject({
  ...OnIssue.shape,
  event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
  body: z.string().optional(),
  comments: z
    .array(
      z.strictObject({
        path: z.string(),
        line: z.number().int(),
        side: z.enum(['LEFT', 'RIGHT']).optional(),
        body: z.string(),
      }),
    )
    .optional(),
});
export type SubmitReview = z.infer<typeof SubmitReview>;

export const ResolveThread = z.strictObject({
  ...OnIssue.shape,
  commentId: z.number().int(),
  isResolved: z.boolean(),
});
export type ResolveThread = z.infer<typeof ResolveThread>;

/** In the thread that a comment beside a line is part of. */
export const ReplyInThread = z.strictObject({ ...OnIssue.shape, commentId: z.number().int(), body: z.string() });
export type ReplyInThread = z.infer<typeof ReplyInThread>;

export const MergePull = z.strictObject({ ...OnIssue.shape, method: z.enum(['merge', 'squash']).optional() });
export type MergePull = z.infer<typeof MergePull>;

export const ReportCheck = z.strictObject({
  repository: z.string(),
  sha: z.string(),
  name: z.string(),
  /** Whose check it is. */
  app: z.enum(['ci', 'GitHub Actions']).default('ci'),
  /** Absent: still in progress. */
  conclusion: z.enum(checkConclusions).optional(),
  title: z.string().optional(),
  summary: z.string().optional(),
  text: z.string().optional(),
  detailsUrl: z.string().optional(),
  /** What it has beside lines. */
  annotations: z
    .array(z.strictObject({ path: z.string(), line: z.number(), message: z.string() }))
    .max(50)
    .optional(),
});
export type ReportCheck = z.input<typeof ReportCheck>;
