import { z } from 'zod';

/** Something that a change takes from what checks it. A sign, and no proof: tests may have to go with what they test. */
export const Weakening = z.object({
  kind: z.enum([
    'test_removed',
    'tests_fewer',
    'test_skipped',
    'assertions_fewer',
    'threshold_lowered',
    'pipeline_changed',
    'command_changed',
  ]),
  path: z.string(),
  /** The line that says so, or how many. */
  detail: z.string().optional(),
});
export type Weakening = z.infer<typeof Weakening>;

/** What becomes of it: it is shown, waits for a maintainer, or shuts the gate until it is changed. */
export const checkPolicies = ['show', 'ask', 'block'] as const;
export const CheckPolicy = z.enum(checkPolicies);
export type CheckPolicy = z.infer<typeof CheckPolicy>;
