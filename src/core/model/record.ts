import { z } from 'zod';
import { Actor } from './actor.ts';
import { ArchivedRun } from './archived-run.ts';
import { CommentPlace } from './comment-place.ts';
import { LaneWish } from './lane.ts';
import { Made } from './made.ts';
import { PullReview } from './pull-review.ts';
import { PullRequest, Run } from './run.ts';
import { RunOutcome } from './run-outcome.ts';
import { Sharer } from './sharer.ts';
import { Repository } from './subject.ts';
import { Vouch, VouchedHead } from './vouch.ts';

/** The version of this schema. A newer record is left alone by an older reader; migrations run on read. */
export const recordVersion = 14;

/**
 * What became of one trigger (a command comment, a label, a button, a request of the API or a moment of a schedule). Every accepted one ends in `done`, every
 * refused one carries its reason: the reaction and the reply that people see are rendered from here.
 */
export const Receipt = z.object({
  id: z.string(),
  at: z.number(),
  actor: Actor,
  source: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('comment'),
      commentId: z.number().int(),
      /** Absent: in the conversation. */
      place: CommentPlace.optional(),
      thread: z.number().int(),
    }),
    z.object({
      kind: z.literal('label'),
      label: z.string(),
      thread: z.number().int(),
      /** It says something for as long as it is on. */
      isLasting: z.boolean().optional(),
    }),
    z.object({ kind: z.literal('button'), identifier: z.string() }),
    z.object({ kind: z.literal('api'), key: z.string() }),
    z.object({ kind: z.literal('schedule'), name: z.string(), at: z.number(), thread: z.number().int() }),
  ]),
  command: z.string(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('kept') }),
    z.object({ kind: z.literal('started') }),
    z.object({ kind: z.literal('done') }),
    z.object({ kind: z.literal('failed') }),
    z.object({ kind: z.literal('refused') }),
  ]),
  /** The presentation that first shows it as it is now. */
  revision: z.number().int(),
  /** A reply of its own, where the sticky comment does not answer it. */
  reply: z.string().optional(),
  /** What is said besides, whatever becomes of it. */
  aside: z.string().optional(),
  /** It was refused for who asked or for how it was written, and not for how things stand. */
  isTurnedAway: z.boolean().optional(),
});
export type Receipt = z.infer<typeof Receipt>;

/** What was delivered here, and what became of it. */
export const Heard = z.object({
  /** Ids of its delivery and, of a comment, its own. */
  ids: z.array(z.string()),
  at: z.number(),
  what: z.string(),
  became: z.string(),
  /** The receipt that knows how it ended, as long as that is kept. */
  receipt: z.string().optional(),
});
export type Heard = z.infer<typeof Heard>;

/** Everything known about a subject, in one value. What can be derived from it or read from GitHub is not in it. */
export const SubjectRecord = z.object({
  schema: z.literal(recordVersion),
  repository: Repository,
  /** Installations that are known to have lost the repository: what they say of it is old. */
  left: z.array(z.number().int()).optional(),
  /** Number of the thread that the subject is named by. */
  number: z.number().int().positive(),
  isPullRequest: z.boolean(),
  title: z.string(),
  /** The newest run; one run at a time holds the subject. */
  run: Run.optional(),
  /** Runs that are over for good, oldest first. */
  archived: z.array(ArchivedRun).optional(),
  /** Runs before it whose end is not known to be shown yet, and the presentation that first shows it. */
  ended: z.array(z.object({ run: Run, revision: z.number().int() })).optional(),
  /** What people made of the runs that are not in the record any more, oldest first. */
  outcomes: z.array(RunOutcome).optional(),
  /** Our wish to merge, from the moment that we ask the lane until we have told it that we left. */
  lane: LaneWish.optional(),
  /** The label that holds things is on. */
  held: z
    .object({ by: z.string(), at: z.number(), threads: z.array(z.number().int()), label: z.string().optional() })
    .optional(),
  /** Nothing starts here, since somebody asked for that. */
  ignored: z
    .object({
      by: z.string(),
      at: z.number(),
      /** By a command; else only the label on these threads says so. */
      isAsked: z.boolean(),
      threads: z.array(z.number().int()),
      label: z.string().optional(),
    })
    .optional(),
  /** What people without write permission wrote here and agents may read. */
  vouch: Vouch.optional(),
  /** Of a pull request from a fork: the head that may be executed. */
  vouchedHead: VouchedHead.optional(),
  /** Under which name it is told of pushes to the base of its run. */
  watching: z.string().optional(),
  runsStarted: z.number().int(),
  /** The thread's own pull request, where people opened it; a run's pull request is the run's. */
  pull: PullRequest.optional(),
  /** What the newest review of it came to. A newer one that starts takes it away. */
  pullReview: PullReview.optional(),
  /** Open pull requests of runs that are over and gone: opened again, or pushed to since. Nobody judges them. */
  outlived: z.array(PullRequest).optional(),
  /** Open pull requests of others on heads of runs that are over for good, whose verdict was for another branch. */
  strays: z.array(Sharer.extend({ head: z.string() })).optional(),
  receipts: z.array(Receipt),
  /** The newest deliveries, oldest first. */
  heard: z.array(Heard).optional(),
  presentation: z.object({
    /** Counts decisions that people should see; the publisher reports up to which it got. */
    wanted: z.number().int(),
    done: z.number().int(),
    /** The newest of them that people wait for. */
    urgent: z.number().int().optional(),
    at: z.number(),
    /**
     * What was made is looked at once more: GitHub's lists lag behind its writes, so that a sign which was to go may not
     * have been seen. `looks` bounds how often in a row, should what is made never be seen.
     */
    confirm: z
      .object({
        at: z.number(),
        /** Receipts of later revisions than this are looked at again as well. */
        after: z.number().int(),
        looks: z.number().int(),
      })
      .optional(),
    /** What was made a short while ago, the newest last. */
    made: z.array(Made).optional(),
    /** Until then (epoch ms) there may be something that a publisher made before it died, and told nobody of. */
    doubtUntil: z.number().optional(),
    /** GitHub asked to be left alone until then (epoch ms). */
    notBefore: z.number(),
    /** Presentations in a row that left progress for later, because the budget for writing was spent. */
    postponed: z.number().int().optional(),
    /** Presentations in a row that could not be completed. */
    failures: z.number().int(),
    dispatched: z.number().int(),
  }),
});
export type SubjectRecord = z.infer<typeof SubjectRecord>;

/** The newest one first, then those before it whose end people may not have seen. */
export function listRuns({ run, ended = [] }: Pick<SubjectRecord, 'run' | 'ended'>): Run[] {
  return [...(run ? [run] : []), ...ended.map((one) => one.run)];
}

/** Up to which presentation everything is shown, lists that lag included. */
export function toSeen({ presentation }: SubjectRecord): number {
  return Math.min(presentation.done, presentation.confirm?.after ?? presentation.done);
}

export function openRecord(
  repository: Repository,
  number: number,
  about: { isPullRequest: boolean; title: string },
): SubjectRecord {
  return {
    schema: recordVersion,
    repository,
    number,
    isPullRequest: about.isPullRequest,
    title: about.title,
    runsStarted: 0,
    receipts: [],
    presentation: { wanted: 0, done: 0, at: 0, notBefore: 0, failures: 0, dispatched: 0 },
  };
}
