import { z } from 'zod';
import { Finding } from './finding.ts';

export const RemarkState = z.enum(['open', 'fixed', 'dismissed']);
export type RemarkState = z.infer<typeof RemarkState>;

/** What stands beside a line of a pull request of ours, and what has become of it since. */
export const Remark = z.object({
  finding: Finding,
  state: RemarkState,
  /** What it says on GitHub. Its thread was resolved with that, and stays open where people opened it again. */
  shown: RemarkState,
  /** Since which head, by whom and why it is not open. */
  head: z.string().optional(),
  by: z.string().optional(),
  why: z.string().optional(),
});
export type Remark = z.infer<typeof Remark>;
