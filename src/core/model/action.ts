import { z } from 'zod';
import { Actor } from './actor.ts';
import { SettingsReason, SharedLearning } from './chores.ts';
import { ConflictAnswer, FoundConflict } from './conflict.ts';
import { Message } from './message.ts';
import { ReviewPlan } from './review.ts';
import { Limits } from './run.ts';
import { RecordId } from './subject.ts';

/** An effect as data. Ids are made by the decision that wants the effect and name its intent, so that deciding twice gives one effect. */
export const Action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan'), id: z.string(), runId: z.string(), limits: Limits.optional() }),
  z.object({
    kind: z.literal('attempt'),
    id: z.string(),
    runId: z.string(),
    task: z.string(),
    number: z.number().int(),
    base: z.string(),
    limits: Limits.optional(),
    /** Nothing is built anew: this commit, which was built on `base`, conflicts in these files with what it is merged into. */
    repair: z
      .object({ base: z.string(), commit: z.string(), bundle: z.string(), paths: z.array(z.string()) })
      .optional(),
  }),
  /** Runs the verify commands on the commit that the agents of a batch would start from. */
  z.object({ kind: z.literal('baseline'), id: z.string(), runId: z.string(), commit: z.string() }),
  z.object({
    kind: z.literal('integrate'),
    id: z.string(),
    runId: z.string(),
    batch: z.number().int(),
    onto: z.string(),
    contributions: z.array(z.object({ task: z.string(), commit: z.string(), tree: z.string(), bundle: z.string() })),
  }),
  /** Asks a reviewer whether the tasks of a batch, merged as `commit`, meet their acceptance items. */
  z.object({
    kind: z.literal('acceptance'),
    id: z.string(),
    runId: z.string(),
    batch: z.number().int(),
    commit: z.string(),
    onto: z.string(),
    limits: Limits.optional(),
  }),
  z.object({
    kind: z.literal('pilot'),
    id: z.string(),
    runId: z.string(),
    batch: z.number().int(),
    limits: Limits.optional(),
  }),
  z.object({
    kind: z.literal('verify'),
    id: z.string(),
    runId: z.string(),
    head: z.string(),
    origin: z.enum(['ours', 'pushed']),
    /** Run the commands even where the verdict of the same tree is known. */
    isFresh: z.boolean(),
    /** The base branch is merged into the head first, and the result is what is verified. */
    bringsIn: z.boolean().optional(),
  }),
  /** Lets an agent settle what conflicts when the base branch is merged into the head. */
  z.object({
    kind: z.literal('repair'),
    id: z.string(),
    runId: z.string(),
    number: z.number().int(),
    head: z.string(),
    limits: Limits.optional(),
  }),
  /** Puts what people said in place of what conflicts in the head, or between it and the base branch. */
  z.object({
    kind: z.literal('resolve'),
    id: z.string(),
    runId: z.string(),
    head: z.string(),
    /** The base branch is merged into the head, and what conflicts there is what was decided about. */
    bringsIn: z.boolean(),
    answers: z.array(FoundConflict.extend({ is: ConflictAnswer })),
  }),
  /** Has what a merge of `head` into `base` changes looked at, by reviewers whose findings are checked by others. */
  z.object({
    kind: z.literal('review'),
    id: z.string(),
    runId: z.string(),
    number: z.number().int(),
    head: z.string(),
    base: z.string(),
    plan: ReviewPlan,
    limits: Limits.optional(),
  }),
  z.object({
    kind: z.literal('publish_branch'),
    id: z.string(),
    runId: z.string(),
    head: z.string(),
    base: z.string(),
    expected: z.string().optional(),
  }),
  z.object({
    kind: z.literal('merge'),
    id: z.string(),
    runId: z.string(),
    number: z.number().int(),
    head: z.string(),
    base: z.string(),
    requestedBy: Actor,
    /** It is the settings that want it, of a run that no person started: nobody's permission is asked for. */
    isBySettings: z.boolean().optional(),
    /** The wish and the grant of the lane under which it merges, and no other. */
    ask: z.string().default(''),
    epoch: z.number().int().default(0),
  }),
  /** Reads what a merge made by a person put on the base branch. */
  z.object({ kind: z.literal('prove_merge'), id: z.string(), runId: z.string(), number: z.number().int() }),
  /** Puts the whole of a run that rests into one file. */
  z.object({ kind: z.literal('archive'), id: z.string(), runId: z.string() }),
  z.object({ kind: z.literal('present'), id: z.string() }),
  /** Puts a message into the inbox of another record. */
  z.object({ kind: z.literal('tell'), id: z.string(), to: RecordId, event: Message }),
  /** Reads what a group of the merge queue holds, and what each pull request in it says for itself. */
  z.object({ kind: z.literal('read_group'), id: z.string() }),
  /** Runs the verify commands on the commit of a group. */
  z.object({ kind: z.literal('verify_group'), id: z.string() }),
  /** Shows the verdict on the commit of a group. */
  z.object({ kind: z.literal('show_group'), id: z.string() }),
  /** Reads what became of a lane's holder, and where the base branch is. */
  z.object({ kind: z.literal('settle_lane'), id: z.string(), epoch: z.number().int(), number: z.number().int() }),
  /** Opens the pull request that adds a first file with settings, unless there was one ever. */
  z.object({ kind: z.literal('propose_settings'), id: z.string(), reason: SettingsReason }),
  /** Opens the pull request that adds these to the notes file, or adds them to the one that is open. */
  z.object({ kind: z.literal('propose_notes'), id: z.string(), learnings: z.array(SharedLearning) }),
  /** Lists the open pull requests that no run made, and tells some of them to their subjects: all, or none where the settings are the same. */
  z.object({
    kind: z.literal('look_at_pulls'),
    id: z.string(),
    at: z.number(),
    /** What the settings said of them when they were told last. */
    rule: z.string().optional(),
    isWhole: z.boolean(),
    /** Those with lower numbers than this are left, and whether the settings have moved under them. */
    rest: z.object({ before: z.number().int(), isMoved: z.boolean() }).optional(),
  }),
]);
export type Action = z.infer<typeof Action>;

/**
 * Where an action stands: `pending` (may still be cancelled) → `begun` by the holder of `token` under a lease →
 * gone, in the save that takes its result. `dispatch` counts how often it was handed out.
 */
export const OutboxEntry = z.object({
  action: Action,
  dispatch: z.number().int().positive(),
  /**
   * The action was cancelled and its holder died: whoever takes it only reads what it did, and does nothing more.
   */
  isSettling: z.boolean(),
  /** Not to be handed out before this moment (epoch ms). */
  notBefore: z.number().optional(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('pending') }),
    z.object({
      kind: z.literal('begun'),
      token: z.string(),
      leaseUntil: z.number(),
      /** When it was begun; unknown of what an older version began. */
      since: z.number().optional(),
      cancelled: z.boolean(),
    }),
  ]),
});
export type OutboxEntry = z.infer<typeof OutboxEntry>;
