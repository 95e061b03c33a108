import { z } from 'zod';

/** What is told first comes first: of many only some are shown. */
export const weakenings = [
  'fewer_pass',
  'pipeline_changed',
  'command_changed',
  'test_removed',
  'threshold_lowered',
  'selection_changed',
  'test_skipped',
  'tests_fewer',
  'unread',
  'assertions_fewer',
] as const;

/** Something that a change takes from what checks it. A sign, and no proof: tests may have to go with what they test. */
export const Weakening = z.object({
  kind: z.enum(weakenings),
  /** Of `fewer_pass` there is none. */
  path: z.string(),
  /** The line that says so, or how many. */
  detail: z.string().optional(),
});
export type Weakening = z.infer<typeof Weakening>;

/** What becomes of it: it is shown, waits for a maintainer, or shuts the gate until it is changed. */
export const checkPolicies = ['show', 'ask', 'block'] as const;
export const CheckPolicy = z.enum(checkPolicies);
export type CheckPolicy = z.infer<typeof CheckPolicy>;

/** The same of the base's tests, which need not be run at all. */
export const BaseTestsPolicy = z.enum(['off', ...checkPolicies]);
export type BaseTestsPolicy = z.infer<typeof BaseTestsPolicy>;
