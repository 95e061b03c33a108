import { z } from 'zod';
import { Repository, SubjectId } from './subject.ts';

/** The version of this schema, as for subjects. */
export const laneVersion = 1;

/** A run that wants to merge. `ask` names this wish and no other: a run that asks again has a new one. */
export const LaneWaiter = z.object({
  ask: z.string(),
  subject: SubjectId,
  runId: z.string(),
  /** The pull request that is to be merged. */
  number: z.number().int().positive(),
  at: z.number(),
  /** How long the run may need once the lane is its own. */
  holdMs: z.number(),
});
export type LaneWaiter = z.infer<typeof LaneWaiter>;

/**
 * Serialises our merges into one base branch. `granted` to one run at a time under a rising epoch; never granted anew by
 * time alone: `revoking` waits past the holder's request timeout and reads whether its merge landed.
 */
export const LaneRecord = z.object({
  schema: z.literal(laneVersion),
  repository: Repository,
  branch: z.string().min(1),
  epoch: z.number().int(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('idle') }),
    z.object({ kind: z.literal('granted'), holder: LaneWaiter, at: z.number(), until: z.number() }),
    z.object({ kind: z.literal('revoking'), holder: LaneWaiter, since: z.number(), readAt: z.number() }),
  ]),
  /** In the order of arrival. */
  waiting: z.array(LaneWaiter),
  /** Where the branch was when we last knew. */
  base: z.string().optional(),
});
export type LaneRecord = z.infer<typeof LaneRecord>;

export function openLane(repository: Repository, branch: string): LaneRecord {
  return { schema: laneVersion, repository, branch, epoch: 0, state: { kind: 'idle' }, waiting: [] };
}
