// What GitHub's merge queue would put on a branch next: a commit of its own, for which the required check is asked. It is
// no thread and no run, so it has a record of its own, named by that commit.
import { z } from 'zod';
import type { OutboxEntry } from './action.ts';
import { Made } from './made.ts';
import { BaseTests, VerifyReport } from './result.ts';
import { Sharer } from './sharer.ts';
import type { InboxEntry } from './snapshot.ts';
import { type GroupId, Repository, SubjectId } from './subject.ts';
import { BaseTestsPolicy } from './weakening.ts';

/** The version of this schema, as for subjects. */
export const groupVersion = 5;

/** What GitHub calls the branches of its queues; nobody else may push there. */
export const queuePrefix = 'gh-readonly-queue/';

/** How long a verdict may take. GitHub takes a pull request out of the queue after an hour, unless told otherwise. */
export const groupMs = 50 * 60_000;

/** What one pull request of the group says for itself. */
export const GroupPart = z.object({
  number: z.number().int().positive(),
  state: z.enum(['open', 'waiting', 'closed']),
  because: z.string(),
  /** The run that made it, which is told of the tree that was verified. */
  run: z.object({ subject: SubjectId, id: z.string() }).optional(),
});
export type GroupPart = z.infer<typeof GroupPart>;

/** How the settings of the base branch have a commit verified. */
export const GroupSettings = z.object({
  verify: z.array(z.string()),
  verifyTimeoutMs: z.number(),
  sandbox: z.object({
    provider: z.string().optional(),
    memoryMb: z.number(),
    diskMb: z.number(),
    processes: z.number(),
    cpuMinutes: z.number(),
  }),
  /** What is prepared for that, and the commit of the base branch that says so. */
  setup: z
    .object({ commands: z.array(z.string()), timeoutMs: z.number(), network: z.array(z.string()), base: z.string() })
    .optional(),
  /** What is wrong with them, where guessing would make the gate weaker. */
  mistakes: z.array(z.string()),
  /** What becomes of a change that the base's tests do not pass on. */
  baseTests: BaseTestsPolicy.optional(),
  /** How the bot is spoken to there. Absent of readings that are older than that. */
  slash: z.string().optional(),
});
export type GroupSettings = z.infer<typeof GroupSettings>;

/** What the group holds, as it was read at one moment. */
export const GroupReading = z.object({
  tree: z.string(),
  settings: GroupSettings,
  /** In the order in which they would be merged. */
  parts: z.array(GroupPart),
  /** Something in it was made by a run, so that the commit is verified. */
  needsVerification: z.boolean(),
  /** The base's tests passed on what comes last in it, and have to on what the queue puts that on. */
  needsBaseTests: z.boolean().optional(),
  /** Something in it must not be executed, and why. */
  mustNotRun: z.string().optional(),
  /** Open pull requests with this commit as their head, which go into another branch. */
  sharers: z.array(Sharer).optional(),
  /** A run was verified with exactly this tree and these commands: its verdict is this one's as well. */
  carried: z.object({ report: VerifyReport, overriddenBy: z.string().optional() }).optional(),
});
export type GroupReading = z.infer<typeof GroupReading>;

export const GroupOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read'), reading: GroupReading }),
  /** The queue has no such commit, as far as GitHub's answer goes. */
  z.object({ kind: z.literal('gone') }),
  /** Nobody can tell what is in it. */
  z.object({ kind: z.literal('unknown'), why: z.string() }),
  z.object({ kind: z.literal('failed'), why: z.string(), isForGood: z.boolean(), until: z.number().optional() }),
  z.object({ kind: z.literal('stopped') }),
]);
export type GroupOutcome = z.infer<typeof GroupOutcome>;

export const GroupVerificationOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verified'), report: VerifyReport, baseTests: BaseTests.optional() }),
  z.object({ kind: z.literal('failed'), why: z.string(), isForGood: z.boolean(), until: z.number().optional() }),
  z.object({ kind: z.literal('stopped') }),
]);
export type GroupVerificationOutcome = z.infer<typeof GroupVerificationOutcome>;

const made = { made: z.array(z.object({ key: z.string(), id: z.number().int().optional() })).optional() };

export const GroupShownOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shown'), revision: z.number().int(), ...made }),
  z.object({
    kind: z.literal('delayed'),
    until: z.number(),
    why: z.string(),
    /** The revision for which our own budget had no room: nothing is wrong, and what is newer may find some. */
    postponed: z.number().int().optional(),
    ...made,
  }),
]);
export type GroupShownOutcome = z.infer<typeof GroupShownOutcome>;

export const GroupRecord = z.object({
  schema: z.literal(groupVersion),
  repository: Repository,
  /** The commit that the check stands on. */
  head: z.string(),
  /** Of GitHub's queue, without `refs/heads/`. */
  ref: z.string(),
  /** What it would be put on: the branch, and the commit that it stands on, which may be another group's. */
  branch: z.string().min(1),
  base: z.string(),
  /** The pull request by whose name the queue holds it; others may be before it. */
  number: z.number().int().positive(),
  since: z.number(),
  state: z.discriminatedUnion('kind', [
    /** It is read, verified, and read again for as long as it is there, since what holds for it may change. */
    z.object({ kind: z.literal('judging') }),
    /** It failed. The queue takes out what failed, and makes another group. */
    z.object({ kind: z.literal('closed'), at: z.number(), because: z.string() }),
    /** The queue is done with it. */
    z.object({
      kind: z.literal('over'),
      at: z.number(),
      why: z.string(),
      wasOpen: z.boolean(),
      failed: z.string().optional(),
    }),
  ]),
  /** The newest reading, and its number. */
  reading: GroupReading.extend({ number: z.number().int() }).optional(),
  readings: z.number().int(),
  /** Not before this moment (epoch ms) is it read again. */
  readAt: z.number(),
  /** Readings in a row that found nothing, or failed. */
  misses: z.number().int(),
  /** Why the newest reading told nothing. */
  unread: z.string().optional(),
  verification: z
    .object({
      report: VerifyReport,
      baseTests: BaseTests.optional(),
      commands: z.array(z.string()),
      /** How many readings had been asked for when it ended: what they found is older than it. */
      after: z.number().int(),
    })
    .optional(),
  /** Runs that know of the tree that was verified, each with its subject. */
  told: z.array(z.string()).optional(),
  verifications: z.number().int(),
  /** Not before this moment (epoch ms) is it verified again. */
  verifyAt: z.number(),
  /** Verifications in a row that did not happen, and why the newest did not. */
  trouble: z.object({ count: z.number(), why: z.string() }).optional(),
  shown: z.object({
    /** What is to be shown, as text that is the same for the same. */
    of: z.string(),
    wanted: z.number().int(),
    done: z.number().int(),
    dispatched: z.number().int(),
    notBefore: z.number(),
    /** Until when our own budget has no room for the newest. */
    postponedUntil: z.number().optional(),
    made: z.array(Made),
    /** Until then (epoch ms) there may be something that a publisher made before it died, and told nobody of. */
    doubtUntil: z.number(),
  }),
});
export type GroupRecord = z.infer<typeof GroupRecord>;

/** The immutable picture that a decision of a group reads. */
export interface GroupSnapshot {
  readonly group: GroupId;
  readonly now: number;
  readonly record: GroupRecord;
  readonly inbox: readonly InboxEntry[];
  readonly outbox: readonly OutboxEntry[];
  readonly facts: {
    /** Logins of whoever asks for another look, and whether they may write. */
    readonly writers: readonly string[];
  };
}

export interface FormedGroup {
  readonly head: string;
  readonly ref: string;
  readonly branch: string;
  readonly base: string;
  readonly number: number;
}

export function openGroup(
  repository: Repository,
  { head, ref, branch, base, number }: FormedGroup,
  now: number,
): GroupRecord {
  return {
    schema: groupVersion,
    repository,
    head,
    ref,
    branch,
    base,
    number,
    since: now,
    state: { kind: 'judging' },
    readings: 0,
    readAt: 0,
    misses: 0,
    verifications: 0,
    verifyAt: 0,
    shown: { of: '', wanted: 0, done: 0, dispatched: 0, notBefore: 0, made: [], doubtUntil: 0 },
  };
}

/** The pull request that a branch of a queue is named after; undefined for any other branch. */
export function parseQueueRef(ref: string): { branch: string; number: number; base: string } | undefined {
  const [, branch, number, base] = /^gh-readonly-queue\/(.+)\/pr-([1-9]\d{0,9})-([0-9a-f]{40,64})$/.exec(ref) ?? [];
  return branch && number && base ? { branch, number: Number(number), base } : undefined;
}
