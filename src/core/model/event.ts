import { z } from 'zod';
import { AcceptanceOutcome } from './acceptance.ts';
import { Actor } from './actor.ts';
import { Checkpoint, Takeover } from './checkpoint.ts';
import { CommentPlace, toCommentKey } from './comment-place.ts';
import { GroupOutcome, GroupShownOutcome, GroupVerificationOutcome } from './group.ts';
import { isMessage, Message, toMessageId } from './message.ts';
import { PlanOutcome } from './plan-outcome.ts';
import { ResolutionOutcome } from './resolution.ts';
import {
  ArchiveOutcome,
  AttemptOutcome,
  BaselineOutcome,
  BranchOutcome,
  IntegrationOutcome,
  LaneOutcome,
  MergeOutcome,
  NotesOutcome,
  PilotOutcome,
  PresentOutcome,
  PullsOutcome,
  SettingsOutcome,
  TellOutcome,
  VerificationOutcome,
} from './result.ts';
import { ReviewOutcome } from './review.ts';
import { StepReport } from './step-report.ts';
import { Repository } from './subject.ts';

const result = { actionId: z.string(), token: z.string() };

/**
 * Something that happened, reduced to the fields that decisions use. Ids are deterministic (see `toEventId`), so that
 * the same happening is one event however often it is delivered.
 */
export const Event = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('labelled'),
    deliveryId: z.string(),
    label: z.string(),
    /** It was taken off. */
    isTakenOff: z.boolean().optional(),
    /** Of a pull request: its head when the label was put on. */
    head: z.string().optional(),
    actor: Actor,
    thread: z.number().int(),
    isPullRequest: z.boolean(),
    title: z.string(),
  }),
  z.object({
    kind: z.literal('commented'),
    /** Absent where it was listed, and of what was kept before it was told. */
    deliveryId: z.string().optional(),
    /** Epoch ms by GitHub's clock; absent of what was kept before it was told. */
    writtenAt: z.number().optional(),
    commentId: z.number().int(),
    /** Absent: in the conversation. */
    place: CommentPlace.optional(),
    body: z.string(),
    actor: Actor,
    /** The payload's author association: only ever used to accept a stop while GitHub cannot be asked. */
    association: z.string(),
    thread: z.number().int(),
    isPullRequest: z.boolean(),
    title: z.string(),
  }),
  z.object({
    kind: z.literal('pull_request_changed'),
    deliveryId: z.string(),
    change: z.enum(['opened', 'reopened', 'synchronize', 'closed', 'edited', 'other']),
    number: z.number().int(),
    headSha: z.string(),
    headBranch: z.string(),
    baseBranch: z.string(),
    baseSha: z.string(),
    isSameRepository: z.boolean(),
    merged: z.boolean(),
    mergeSha: z.string().optional(),
    isDraft: z.boolean().optional(),
    /** Somebody made it a draft, so that it was none before. Absent of everything else that happens to it. */
    wasReady: z.boolean().optional(),
    actor: Actor,
    title: z.string(),
  }),
  z.object({
    kind: z.literal('issue_closed'),
    deliveryId: z.string(),
    actor: Actor,
  }),
  /** Its title or text is another one: what it says now is read, never taken from here. */
  z.object({
    kind: z.literal('issue_edited'),
    deliveryId: z.string(),
    title: z.string(),
    actor: Actor,
  }),
  /** The base branch of a run is at another commit now, whoever pushed or merged it there. */
  z.object({
    kind: z.literal('base_pushed'),
    deliveryId: z.string(),
    branch: z.string(),
    head: z.string(),
    /** Not told of every push. */
    actor: Actor.optional(),
  }),
  /** The merge queue made a commit, and asks for its required checks. */
  z.object({
    kind: z.literal('group_formed'),
    deliveryId: z.string(),
    head: z.string(),
    ref: z.string(),
    branch: z.string(),
    base: z.string(),
    number: z.number().int().positive(),
  }),
  /** The queue is done with it: it was merged, or taken out, or is made anew. */
  z.object({ kind: z.literal('group_destroyed'), deliveryId: z.string(), reason: z.string() }),
  z.object({
    kind: z.literal('check_requested'),
    deliveryId: z.string(),
    request: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('rerequested') }),
      z.object({ kind: z.literal('button'), identifier: z.string() }),
    ]),
    checkName: z.string(),
    headSha: z.string(),
    actor: Actor,
  }),
  /** What others run for a commit waits for somebody to let it, or ended in another way. */
  z.object({
    kind: z.literal('suite_completed'),
    deliveryId: z.string(),
    headSha: z.string(),
    isHeld: z.boolean(),
    /** They are workflows of the repository itself. */
    isWorkflow: z.boolean().optional(),
    actor: Actor,
  }),
  /** A request of the API: a command, authorised by whoever operates the bot. */
  z.object({
    kind: z.literal('requested'),
    key: z.string(),
    /** As it would be written after the slash word, such as `stop` or `retry failed`. */
    command: z.string(),
    actor: Actor,
  }),
  /** A moment of an entry of `schedule` has come; what the entry asks for is read from the settings. */
  z.object({
    kind: z.literal('scheduled'),
    deliveryId: z.string(),
    schedule: z.string(),
    /** When it was due (epoch ms). */
    at: z.number(),
    /** Ourselves. */
    actor: Actor,
    thread: z.number().int(),
    title: z.string(),
  }),
  /** The repository is another installation's now, and may have other names: it was transferred, or the App installed anew. */
  z.object({
    kind: z.literal('repository_moved'),
    removalId: z.string(),
    /** The installation that has it no more. */
    from: z.number().int(),
    repository: Repository,
  }),
  /** The App was given the repository, by an installation that is small enough to be greeted. */
  z.object({ kind: z.literal('installed'), deliveryId: z.string() }),
  /** The App covers the repository, and nobody looks after its pull requests yet. */
  z.object({ kind: z.literal('covered'), deliveryId: z.string() }),
  /** It is open, and no run made it: nobody may have told of it, or of what the settings say of it by now. */
  z.object({
    kind: z.literal('pull_listed'),
    deliveryId: z.string(),
    number: z.number().int().positive(),
    headSha: z.string(),
    headBranch: z.string(),
    baseBranch: z.string(),
    isSameRepository: z.boolean(),
    isDraft: z.boolean(),
    title: z.string(),
    /** The settings may say something else of it than when it was shown. */
    isMoved: z.boolean(),
  }),
  /** Processes of ours were started again: what is shown of the run may be out of date. */
  z.object({ kind: z.literal('restarted'), at: z.number() }),
  /** An agent at work has read what people told it; its holder says so before its result. */
  z.object({
    kind: z.literal('instructed'),
    /** The action that makes the attempt, and by which token it is held. */
    attempt: z.string(),
    token: z.string(),
    instructions: z.array(z.string()),
    /** It was told while it worked, and not by its prompt. */
    isLive: z.boolean(),
  }),
  /** Whoever works on an attempt keeps from where somebody else can go on with it. */
  z.object({
    kind: z.literal('checkpointed'),
    attempt: z.string(),
    token: z.string(),
    checkpoint: Checkpoint,
  }),
  /** Whoever begins an attempt that another one had begun says how. */
  z.object({ kind: z.literal('taken_over'), attempt: z.string(), token: z.string(), takeover: Takeover }),
  /** One reader of a review is done; the others may still be at it. */
  z.object({
    kind: z.literal('reader_answered'),
    runId: z.string(),
    /** The action that it read for, and whoever carried that out. */
    action: z.string(),
    token: z.string(),
    /** Hash of what it read. */
    change: z.string(),
    report: StepReport,
  }),
  z.object({ kind: z.literal('planned'), ...result, outcome: PlanOutcome }),
  z.object({ kind: z.literal('attempt_ended'), ...result, outcome: AttemptOutcome }),
  z.object({ kind: z.literal('baseline_checked'), ...result, outcome: BaselineOutcome }),
  z.object({ kind: z.literal('integrated'), ...result, outcome: IntegrationOutcome }),
  z.object({ kind: z.literal('acceptance_judged'), ...result, outcome: AcceptanceOutcome }),
  z.object({ kind: z.literal('piloted'), ...result, outcome: PilotOutcome }),
  z.object({ kind: z.literal('verified'), ...result, outcome: VerificationOutcome }),
  z.object({ kind: z.literal('conflict_resolved'), ...result, outcome: ResolutionOutcome }),
  z.object({ kind: z.literal('reviewed'), ...result, outcome: ReviewOutcome }),
  z.object({ kind: z.literal('branch_published'), ...result, outcome: BranchOutcome }),
  z.object({ kind: z.literal('merge_ended'), ...result, outcome: MergeOutcome }),
  z.object({ kind: z.literal('archived'), ...result, outcome: ArchiveOutcome }),
  z.object({ kind: z.literal('presented'), ...result, outcome: PresentOutcome }),
  z.object({ kind: z.literal('told'), ...result, outcome: TellOutcome }),
  z.object({ kind: z.literal('group_read'), ...result, outcome: GroupOutcome }),
  z.object({ kind: z.literal('group_verified'), ...result, outcome: GroupVerificationOutcome }),
  z.object({ kind: z.literal('group_shown'), ...result, outcome: GroupShownOutcome }),
  z.object({ kind: z.literal('lane_settled'), ...result, outcome: LaneOutcome }),
  z.object({ kind: z.literal('settings_proposed'), ...result, outcome: SettingsOutcome }),
  z.object({ kind: z.literal('notes_proposed'), ...result, outcome: NotesOutcome }),
  z.object({ kind: z.literal('pulls_seen'), ...result, outcome: PullsOutcome }),
  Message,
]);
export type Event = z.infer<typeof Event>;

const kinds = new Set(
  [...Event.options, ...Message.options].flatMap((one) => ('shape' in one ? [one.shape.kind.value as string] : [])),
);

/** Whether it is an event of a kind that this version does not know: a newer one wrote it. */
export function isOfNewerKind(value: unknown): boolean {
  const { kind } = Object(value) as { kind?: unknown };
  return typeof kind === 'string' && !kinds.has(kind);
}

/** The events that report how an action of ours ended; each carries the token of the dispatch that produced it. */
export type ResultEvent = Extract<Event, { actionId: string }>;

/** A comment is one command whatever delivered it; everything else from GitHub is identified by its delivery. */
export function toEventId(event: Event): string {
  if (isMessage(event)) return toMessageId(event);
  if ('actionId' in event) return `result/${event.actionId}/${event.token}`;
  if (event.kind === 'repository_moved') return `moved/${event.removalId}`;
  if (event.kind === 'instructed') return `instructed/${event.attempt}/${event.token}/${event.instructions.join(',')}`;
  if (event.kind === 'checkpointed') return `checkpointed/${event.attempt}/${event.token}/${event.checkpoint.at}`;
  if (event.kind === 'taken_over') return `taken-over/${event.attempt}/${event.token}/${event.takeover.kind}`;
  if (event.kind === 'reader_answered') return `answer/${event.action}/${event.token}/${event.report.id}`;
  if (event.kind === 'restarted') return `restarted/${event.at}`;
  if (event.kind === 'requested') return `request/${event.key}`;
  if (event.kind === 'commented') return toCommentKey(event);
  return `delivery/${event.deliveryId}/0`;
}
