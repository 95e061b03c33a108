import { z } from 'zod';
import type { OutboxEntry } from './action.ts';
import type { InboxEntry } from './snapshot.ts';
import { LaneId, Repository, SubjectId } from './subject.ts';

/** The version of this schema, as for subjects. */
export const laneVersion = 1;

/** How long one merge call may take. GitHub itself ends requests after ten seconds. */
export const mergeRequestMs = 15_000;

/** Past this after a grant has ended, no merge call that was made under it can be under way any more. */
export const settleAfterMs = 2 * mergeRequestMs;

/** How long a holder has that says nothing: enough to merge what is verified, short for one that does not live. */
export const grantMs = 3 * 60_000;

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

/** The immutable picture that a decision of a lane reads. */
export interface LaneSnapshot {
  readonly lane: LaneId;
  readonly now: number;
  readonly record: LaneRecord;
  readonly inbox: readonly InboxEntry[];
  readonly outbox: readonly OutboxEntry[];
}

/** What a run keeps of its place in a lane. */
export const LaneWish = z.object({
  ask: z.string(),
  lane: LaneId,
  runId: z.string(),
  grant: z.object({ epoch: z.number().int(), until: z.number(), base: z.string().optional() }).optional(),
  /** It is of no use any more, because the lane took it back or the merge is tried anew: only leaving is left. */
  isOver: z.boolean(),
  /** A merge call whose end nobody saw may still be under way. */
  mayLand: z.boolean(),
});
export type LaneWish = z.infer<typeof LaneWish>;

export function openLane(repository: Repository, branch: string): LaneRecord {
  return { schema: laneVersion, repository, branch, epoch: 0, state: { kind: 'idle' }, waiting: [] };
}
