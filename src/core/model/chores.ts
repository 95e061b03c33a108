import { z } from 'zod';
import type { OutboxEntry } from './action.ts';
import { Learning } from './learning.ts';
import type { InboxEntry } from './snapshot.ts';
import { type ChoresId, Repository } from './subject.ts';

/** The version of this schema, as for subjects. */
export const choresVersion = 2;

/** What a run observed, with where it was observed. */
export const SharedLearning = Learning.extend({
  /** The thread of the run. */
  number: z.number().int().positive(),
  runId: z.string(),
});
export type SharedLearning = z.infer<typeof SharedLearning>;

/** When it may be tried (again), and how often in a row that came to nothing. */
const trying = { notBefore: z.number(), failures: z.number().int() };

/** Why a file with settings is proposed: the App was installed here, or a run met a repository that has none. */
export const SettingsReason = z.enum(['installed', 'used']);
export type SettingsReason = z.infer<typeof SettingsReason>;

/**
 * How the open pull requests that no run made are looked after: those that nobody told of are made known, and all of them are shown
 * anew where the settings say something else of them.
 */
export const PullWatch = z.object({
  /** The default branch: pushes to it are heard. */
  branch: z.string().optional(),
  /** Hash of what the settings said when all of them were told last; absent where there was none, and nobody asked. */
  rule: z.string().optional(),
  /** Where a push has put that branch, and how often GitHub did not show it there. */
  pushed: z.object({ head: z.string(), misses: z.number().int() }).optional(),
  /** When it is looked next (epoch ms); absent while somebody looks. */
  due: z.number().optional(),
  /** When all of them are told again, also where nothing is known to have changed (epoch ms). */
  wholeAt: z.number(),
  /** Some are told, and the others are next: those with lower numbers than this. */
  rest: z.object({ before: z.number().int(), rule: z.string(), isMoved: z.boolean() }).optional(),
  failures: z.number().int(),
});
export type PullWatch = z.infer<typeof PullWatch>;

/**
 * What is done for one repository besides its runs. It serialises the pull requests that the bot opens by itself: a first file with
 * settings, and what runs learned for the notes file. What is on GitHub is not in it: that is looked up before anything is written.
 */
export const ChoresRecord = z.object({
  schema: z.literal(choresVersion),
  repository: Repository,
  settings: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('unasked') }),
    z.object({ kind: z.literal('wanted'), reason: SettingsReason, ...trying }),
    /** `pull`: the one that proposed them, whatever became of it. */
    z.object({ kind: z.literal('settled'), pull: z.number().int().optional() }),
  ]),
  notes: z.object({
    /** Not proposed yet, oldest first. */
    pending: z.array(SharedLearning),
    /** How many notes pull requests are over: each has a branch of its own. */
    rounds: z.number().int(),
    /** Hashes of the newest learnings whose pull request is over: those that do not stand in the notes were declined. */
    answered: z.array(z.string()),
    ...trying,
  }),
  /** Absent until the repository is known to be covered by the App. */
  pulls: PullWatch.optional(),
  /** Counts what was asked for, so that each action has an id of its own. */
  asked: z.number().int(),
});
export type ChoresRecord = z.infer<typeof ChoresRecord>;

/** The immutable picture that a decision about chores reads. */
export interface ChoresSnapshot {
  readonly chores: ChoresId;
  readonly now: number;
  readonly record: ChoresRecord;
  readonly inbox: readonly InboxEntry[];
  readonly outbox: readonly OutboxEntry[];
}

export function openChores(repository: Repository): ChoresRecord {
  return {
    schema: choresVersion,
    repository,
    settings: { kind: 'unasked' },
    notes: { pending: [], rounds: 0, answered: [], notBefore: 0, failures: 0 },
    asked: 0,
  };
}
