// The part of a policy that verdicts are made by. It follows the settings of the base branch for as long as a run may be merged;
// what its agents may do and spend stays as it was when the run started.
import { z } from 'zod';
import { ReviewPolicy } from './review.ts';
import { BaseTestsPolicy, CheckPolicy } from './weakening.ts';

export const sandboxShape = {
  /** Absent: the operator's usual one, of runs that are older than the choice. */
  provider: z.string().optional(),
  memoryMb: z.number(),
  diskMb: z.number(),
  processes: z.number(),
  cpuMinutes: z.number(),
};

export const gatePolicyShape = {
  /** Of all the rest of it, but for how many rounds agents mend something by themselves. */
  hash: z.string(),
  verify: z.array(z.string()),
  verifyTimeoutMs: z.number(),
  verifySource: z.enum(['policy', 'detected', 'none']),
  mergeMethod: z.enum(['merge', 'squash', 'rebase']).default('merge'),
  /** What a verdict is worth when the base branch moves, and whether a review is as well. */
  baseMoved: z.enum(['verify', 'update', 'keep']).default('verify'),
  isStrict: z.boolean().default(false),
  mergesByItself: z.boolean().default(false),
  /** What becomes of what a change takes from its checks, and of base tests that are red. Absent of older runs. */
  weakened: CheckPolicy.optional(),
  baseTests: BaseTestsPolicy.optional(),
  /** Absent: what agents built is not reviewed before it is offered. */
  review: ReviewPolicy.optional(),
  protectedPaths: z.array(z.string()),
  /** How dependencies are prepared; absent of runs that are older than that. Without commands, lock files say it. */
  setup: z.object({ commands: z.array(z.string()), timeoutMs: z.number(), network: z.array(z.string()) }).optional(),
};

export const GatePolicy = z.object({ ...gatePolicyShape, sandbox: z.object(sandboxShape) });
export type GatePolicy = z.infer<typeof GatePolicy>;
