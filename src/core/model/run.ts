import { z } from 'zod';
import { AcceptanceRecord, AcceptanceResult, ReviewedParts } from './acceptance.ts';
import { Actor } from './actor.ts';
import { Cause } from './cause.ts';
import { ChainUse } from './chain-use.ts';
import { Checkpoint, Takeover } from './checkpoint.ts';
import { Conflicts } from './conflict.ts';
import { Denial } from './denial.ts';
import { Dismissal } from './dismissal.ts';
import { reportShape } from './finding.ts';
import { FixRound } from './fix-round.ts';
import { gatePolicyShape, sandboxShape } from './gate-policy.ts';
import { InputReport } from './input-report.ts';
import { Instruction } from './instruction.ts';
import { Learning } from './learning.ts';
import { PlannedTask, PlanRoute, TaskRelation } from './plan-outcome.ts';
import { Question } from './question.ts';
import { Readiness } from './readiness.ts';
import { Remark } from './remark.ts';
import { Resolution } from './resolution.ts';
import { BaseTests, DiffFacts, Loss, MarkPlace, MergeOutcome, Stat, VerifyReport } from './result.ts';
import { ReviewRecord } from './review.ts';
import { JudgedFinding } from './run-outcome.ts';
import { SessionPhase } from './session-phase.ts';
import { SetupNote } from './setup-note.ts';
import { Sharer } from './sharer.ts';
import { Spend } from './spend.ts';
import { StepReport } from './step-report.ts';
import { Weakening } from './weakening.ts';

export const Attempt = z.object({
  number: z.number().int().positive(),
  /** How many batches were over when it started. Absent of what an older version started. */
  batch: z.number().int().optional(),
  /** The action that makes it: an earlier one that was taken back may still report. */
  action: z.string().optional(),
  base: z.string(),
  startedAt: z.number(),
  endedAt: z.number().optional(),
  cause: Cause.optional(),
  /** The attempt before it in its batch, which came to exactly the same. */
  sameAs: z.number().int().optional(),
  summary: z.string().optional(),
  stat: Stat.optional(),
  patch: z.string().optional(),
  transcript: z.string().optional(),
  /** What a reviewer found of each acceptance item, where its result came that far. */
  acceptance: z.array(AcceptanceResult).optional(),
  spend: Spend.optional(),
  /** It did not build anew: it settled the conflict of what was built in these files, and changed or took away these besides. */
  repair: z
    .object({ paths: z.array(z.string()), secondary: z.array(z.string()), removed: z.array(z.string()) })
    .optional(),
  phases: z.array(SessionPhase).optional(),
  /** The agent was ended before it was done, and what it had built passed all the same. */
  cutShort: Cause.optional(),
  /** What it was bound to, as an artifact. */
  packet: z.string().optional(),
  workflow: z.string().optional(),
  steps: z.array(StepReport).optional(),
  /** While it is under way: from where somebody else can go on with it. */
  checkpoint: Checkpoint.optional(),
  /** How others began it after the first. */
  takeovers: z.array(Takeover).optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** What an attempt left that may be merged: one commit of ours, and the bundle that carries it to any host. */
export const Contribution = z.object({
  commit: z.string(),
  tree: z.string(),
  bundle: z.string(),
  paths: z.array(z.string()),
  stat: Stat,
  verify: VerifyReport,
});
export type Contribution = z.infer<typeof Contribution>;

export const TaskState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pending') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('anchored'), contribution: Contribution }),
  z.object({ kind: z.literal('merged'), contribution: Contribution, commit: z.string() }),
  /** It only read. */
  z.object({ kind: z.literal('reported'), ...reportShape }),
  z.object({ kind: z.literal('failed'), cause: Cause }),
  z.object({ kind: z.literal('rolled_back'), cause: Cause }),
  z.object({ kind: z.literal('skipped'), by: z.string(), reason: z.string(), on: z.string().optional() }),
  z.object({ kind: z.literal('blocked'), on: z.string(), cause: Cause }),
  z.object({ kind: z.literal('conflicted'), with: z.string(), why: z.string() }),
  /** Built but for a change in a contract of another task, which the task `on` makes. */
  z.object({
    kind: z.literal('awaiting_amendment'),
    on: z.string(),
    contract: z.string(),
    contribution: Contribution,
  }),
  /** The change that it waited for did not come. */
  z.object({ kind: z.literal('merge_blocked'), cause: Cause }),
  /** It was not finished when its plan was given up: what is done instead, a newer plan says. */
  z.object({ kind: z.literal('replaced'), plan: z.string() }),
]);
export type TaskState = z.infer<typeof TaskState>;

/** What a task built and could not be merged yet. It is merged without building it again; with a conflict, after a repair. */
export const Kept = z.object({
  contribution: Contribution,
  conflict: z.object({ paths: z.array(z.string()) }).optional(),
});
export type Kept = z.infer<typeof Kept>;

export const Task = PlannedTask.extend({
  state: TaskState,
  attempts: z.array(Attempt),
  /** What the newest boundary decided for this task's next attempt. */
  guidance: z.string().optional(),
  facts: z.array(z.string()),
  /** Attempts beyond the policy's total, each granted by a person's retry. */
  granted: z.number().int().optional(),
  kept: Kept.optional(),
  /** Contracts that it asked to have amended, once for each time. */
  amendments: z.array(z.string()).optional(),
  /** It is no part of the plan: it mends what a review or a verdict found, as the round of this number. */
  fixes: z.number().int().optional(),
});
export type Task = z.infer<typeof Task>;

/** What a boundary saw, decided and did: the record behind the gate-pilot section that people read. */
export const BoundaryRecord = z.object({
  batch: z.number().int(),
  at: z.number(),
  failed: z.array(z.string()),
  rolledBack: z.array(z.string()),
  /** What was wrong with each of them, in the words of its typed cause, and what the pilot thinks of it. */
  failures: z
    .array(
      z.object({
        key: z.string(),
        cause: z.string(),
        analysis: z.object({ cause: z.string(), why: z.string() }).optional(),
      }),
    )
    .optional(),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('pilot'), verdict: z.string(), reason: z.string() }),
    z.object({ kind: z.literal('fell_back'), why: z.string() }),
    z.object({ kind: z.literal('not_called'), why: z.string() }),
  ]),
  lines: z.array(z.string()),
  exchange: z.string().optional(),
  model: ChainUse.optional(),
  seconds: z.number(),
  spend: Spend,
});
export type BoundaryRecord = z.infer<typeof BoundaryRecord>;

/** The exact thing that was judged. Any part that moves voids the verdict. */
export const VerdictKey = z.object({
  head: z.string(),
  base: z.string(),
  tree: z.string(),
  policy: z.string(),
  reviewers: z.array(z.string()),
});
export type VerdictKey = z.infer<typeof VerdictKey>;

export const Verification = z.object({
  key: VerdictKey,
  report: VerifyReport,
  at: z.number(),
  /** Hash of what a merge would change. Absent of what an older version verified. */
  change: z.string().optional(),
  /** Absent of what an older version verified. */
  diff: DiffFacts.optional(),
  /** Paths that a merge would change and that the settings want reviewed in full. */
  grave: z.array(z.string()).optional(),
  /** Protected paths that a merge would change. Absent of what an older version verified. */
  touched: z.array(z.string()).optional(),
  /** What a merge would change, as an artifact; kept where that touches protected paths. */
  patch: z.string().optional(),
  /** Where marks of a conflict stand that the base does not have. */
  marks: z.array(MarkPlace).optional(),
  /** Files that are too large to be looked through for marks. */
  unscanned: z.array(z.string()).optional(),
  /** What a merge would take from what checks it. */
  weakened: z.array(Weakening).optional(),
  /** Absent where the change has the base's tests, or nobody asked for them. */
  baseTests: BaseTests.optional(),
  /** Nothing ran for this key: its tree was verified before, as that of another key, where that is known. */
  carried: z.object({ from: z.object({ head: z.string(), base: z.string() }).optional() }).optional(),
  /** Why the settings of the base branch could not be followed: it was made by those before, and opens nothing. */
  unclear: z.array(z.string()).optional(),
});
export type Verification = z.infer<typeof Verification>;

/** One part of the gate that a maintainer let through, for exactly one key. */
export const Override = z.object({
  gate: z.string(),
  key: VerdictKey,
  by: Actor,
  reason: z.string(),
  at: z.number(),
});
export type Override = z.infer<typeof Override>;

export const PullRequest = z.object({
  number: z.number().int(),
  branch: z.string(),
  /** What it would be merged into; people may change it. */
  baseBranch: z.string(),
  /** The newest head that GitHub told us of, whoever pushed it. */
  head: z.string(),
  state: z.enum(['open', 'closed', 'merged']),
  /** Heads before this one, oldest first: a check of ours may stand on each. */
  replaced: z.array(z.string()).optional(),
  isDraft: z.boolean().optional(),
  /** Of one that a run opened as a draft. */
  ready: Readiness.optional(),
  /** It comes from another repository, or from one that is gone. */
  isFork: z.boolean().optional(),
  /**
   * Other open pull requests with this head. Of one that a run made only those into other branches: what they would merge was
   * not verified.
   */
  sharers: z.array(Sharer).optional(),
  /** Apps whose checks of this head wait for somebody to let them run. */
  heldCi: z.array(z.string()).optional(),
  /** Workflow runs among these: how many, of which head, since when that is known, and when it was last looked at by itself (epoch ms). */
  heldRuns: z
    .object({ head: z.string(), count: z.number().int().positive(), since: z.number(), lookedAt: z.number() })
    .optional(),
  /** Of one that no run made: the subjects whose check may stand on its head. They are told where it goes. */
  sharedWith: z.array(z.number().int()).optional(),
});
export type PullRequest = z.infer<typeof PullRequest>;

/** What happens to a batch, in this order. */
export const ExecutingPhase = z.enum(['attempting', 'integrating', 'accepting', 'boundary']);
export type ExecutingPhase = z.infer<typeof ExecutingPhase>;

/** What happens to a head before it is ready. */
export const ReviewingPhase = z.enum(['resolving', 'verifying', 'judging', 'publishing']);

const since = { since: z.number() };

/** Where a hold goes back to. */
export const HeldState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planning') }),
  z.object({ kind: z.literal('awaiting_approval') }),
  z.object({ kind: z.literal('executing'), phase: ExecutingPhase }),
  z.object({
    kind: z.literal('reviewing'),
    phase: ReviewingPhase,
    isFresh: z.boolean().optional(),
    /** The base branch is merged into the head first. */
    bringsIn: z.boolean().optional(),
    /** Nobody asked for it: the base branch moved under a verdict. */
    follows: z.boolean().optional(),
  }),
]);
export type HeldState = z.infer<typeof HeldState>;

/**
 * Who holds a run and why. With a `cause` it is the bot itself, because the world outside failed for long; it then looks
 * again at `lookAt`, unless it has looked often enough. Without one, `lookAt` is when the run goes on unless people say otherwise.
 */
const Hold = {
  by: z.string(),
  reason: z.string().optional(),
  cause: Cause.optional(),
  lookAt: z.number().optional(),
  /** It goes on with an override of protected paths, and with nothing else. */
  wants: z.literal('override').optional(),
  /** It ends when the label is taken off. */
  isByLabel: z.boolean().optional(),
};

/**
 * Working states have a deadline and hold the subject. Held ones (`paused`, `awaiting_approval`, `needs_input`) hold it without a
 * deadline until somebody says how it goes on. Resting states (`ready`, `stopped`, `failed`) free it and may be gone on with by a command. Final states
 * (`merged`, `reported`, `superseded`, `closed`) may not.
 */
export const RunState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('planning'), ...since }),
  /** The plan is posted, and nothing of it starts before somebody approved exactly that one. */
  z.object({ kind: z.literal('awaiting_approval'), ...since }),
  z.object({ kind: z.literal('executing'), ...since, phase: ExecutingPhase }),
  z.object({
    kind: z.literal('reviewing'),
    ...since,
    phase: ReviewingPhase,
    isFresh: z.boolean().optional(),
    /** The base branch is merged into the head first. */
    bringsIn: z.boolean().optional(),
    /** Nobody asked for it: the base branch moved under a verdict. */
    follows: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('ready'), ...since }),
  z.object({
    kind: z.literal('merging'),
    ...since,
    by: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('command'),
        actor: Actor,
        receiptId: z.string(),
        /** Waiting for the lane; verifying again on the base that it was granted on; merging. */
        phase: z.enum(['waiting', 'verifying', 'merging']).default('merging'),
        /** How often the lane was entered and the key verified again for this command: both are bounded. */
        turns: z.number().int().default(0),
        verifications: z.number().int().default(0),
        /** How many are before this one in the lane. */
        ahead: z.number().int().optional(),
        /** How many of the turns were given back because GitHub could not be asked, and from when on the next one is wanted. */
        postponed: z.number().int().optional(),
        notBefore: z.number().optional(),
        /** Why the newest turn ended without a merge, as far as anybody knows. */
        trouble: z.string().optional(),
        /** The settings want it, and nobody asked. */
        isBySettings: z.boolean().optional(),
        /** The presentation that first shows the gate as open, where that was shut before: GitHub has to know it. */
        shownFrom: z.number().int().optional(),
        /** Where the base branch was when the command was given: a move after that is no news to whoever asked. */
        baseWhenAsked: z.string().optional(),
      }),
      z.object({ kind: z.literal('person') }),
    ]),
  }),
  z.object({ kind: z.literal('stopping'), ...since, by: z.string(), receiptId: z.string().optional() }),
  z.object({ kind: z.literal('paused'), ...since, ...Hold, back: HeldState }),
  /** Nothing is left to do before people have answered what agents asked, or nobody has. */
  z.object({ kind: z.literal('needs_input'), ...since, back: HeldState }),
  z.object({ kind: z.literal('stopped'), ...since, by: z.string(), reason: z.string().optional() }),
  z.object({ kind: z.literal('failed'), ...since, cause: Cause }),
  z.object({
    kind: z.literal('merged'),
    ...since,
    sha: z.string(),
    tree: z.string(),
    isProven: z.boolean(),
    by: z.enum(['gatepilot', 'person']),
  }),
  /** It only read, and has told what it found. */
  z.object({ kind: z.literal('reported'), ...since }),
  z.object({ kind: z.literal('superseded'), ...since, head: z.string() }),
  z.object({ kind: z.literal('closed'), ...since, by: z.string() }),
]);
export type RunState = z.infer<typeof RunState>;

export type RunPhase = 'working' | 'held' | 'resting' | 'final';

const phases: Record<RunState['kind'], RunPhase> = {
  planning: 'working',
  executing: 'working',
  reviewing: 'working',
  merging: 'working',
  stopping: 'working',
  awaiting_approval: 'held',
  paused: 'held',
  needs_input: 'held',
  ready: 'resting',
  stopped: 'resting',
  failed: 'resting',
  merged: 'final',
  reported: 'final',
  superseded: 'final',
  closed: 'final',
};

export function toPhase(state: RunState): RunPhase {
  return phases[state.kind];
}

/** Whether the run has the subject: no other may start. */
export function isLive(run: Run): boolean {
  const phase = toPhase(run.state);
  return phase === 'working' || phase === 'held';
}

/** What an action may spend: reserved in the record before it starts, and enforced where it is spent. */
export const Limits = z.object({
  microUsd: z.number().int().positive(),
  tokens: z.number().int().positive().optional(),
  /** The money is less than the run's own cap would give, because of what all runs together may cost. */
  isOfDay: z.boolean().optional(),
});
export type Limits = z.infer<typeof Limits>;

/** What is reserved for an action, and by which id it was taken from which pots of the day. */
export const Reserved = Limits.extend({
  paidFrom: z.object({ id: z.string(), pots: z.array(z.string()) }).optional(),
});
export type Reserved = z.infer<typeof Reserved>;

const ModelChain = z.array(z.string());

/**
 * What runs use of the policy. What the gate goes by follows the settings of the base branch, as each verification finds them; the
 * rest stays as it was when the run started.
 */
export const RunPolicy = z.object({
  ...gatePolicyShape,
  planApproval: z.enum(['never', 'required']).default('never'),
  /** Whether the verify commands have to pass before any agent starts. */
  checksBaseline: z.boolean().default(false),
  maxAttempts: z.number().int(),
  maxTasks: z.number().int(),
  maxSkipRatio: z.number(),
  isAcceptanceEnabled: z.boolean().default(false),
  acceptanceMs: z.number().default(300_000),
  isPilotEnabled: z.boolean(),
  pilotMs: z.number(),
  /** Coding agents in the order in which they are tried; empty: whatever is usual where the work is done. */
  agents: z.array(z.string()).default([]),
  /** Models in the order in which they are tried, by role; empty: whatever is usual where the work is done. */
  models: z
    .object({ agent: ModelChain, planner: ModelChain, pilot: ModelChain, reviewer: ModelChain })
    .default({ agent: [], planner: [], pilot: [], reviewer: [] }),
  attemptMs: z.number(),
  idleMs: z.number(),
  runMs: z.number(),
  runMicroUsd: z.number().int(),
  runTokens: z.number().int().optional(),
  runAttempts: z.number().int().optional(),
  /** What all runs of the repository may cost in one day (UTC). */
  dayMicroUsd: z.number().int().optional(),
  /** And in one calendar month. */
  monthMicroUsd: z.number().int().optional(),
  sandbox: z.object({
    ...sandboxShape,
    /** Hosts that agents may reach besides their model. */
    network: z.array(z.string()).default([]),
  }),
  notesFile: z.string().optional(),
  slash: z.string(),
  /** How our App is called; absent where nobody knew that when the run started. */
  mention: z.string().optional(),
  /** What stands before the colon of labels, where that is not the usual one. */
  labelPrefix: z.string().optional(),
  /** Its pull request opens as a draft. */
  opensDrafts: z.literal(true).optional(),
  /** Whether its state is shown as a label. */
  showsState: z.boolean().default(true),
  /** Logins of bots that may give commands. */
  bots: z.array(z.string()).default([]),
  maxRuns: z.number().int().optional(),
  maxTurns: z.number().int().optional(),
  graceTurns: z.number().int().default(2),
  /** How long people may take to answer a question, and how many agents may ask in a run. */
  questionMs: z.number().default(86_400_000),
  maxQuestions: z.number().int().default(6),
});
export type RunPolicy = z.infer<typeof RunPolicy>;

/** A plan that does not count any more: the issue was edited after it was made, or the pilot, or a person, found it wrong. */
export const Replan = z.object({
  at: z.number(),
  plan: z.string(),
  why: z.enum(['edited', 'pilot', 'denied']),
  reason: z.string().optional(),
});
export type Replan = z.infer<typeof Replan>;

export const Run = z.object({
  id: z.string(),
  startedAt: z.number(),
  startedBy: Actor,
  /** The receipt of the label or comment that started it. */
  receiptId: z.string(),
  request: z.string(),
  /** The workflow that whoever started it named. */
  workflow: z.string().optional(),
  base: z.object({ branch: z.string(), sha: z.string() }),
  /**
   * It only reads this commit, and makes nothing that could be merged. Of a pull request: what the head changes on exactly
   * that commit of its base branch.
   */
  reads: z
    .object({
      head: z.string(),
      pull: z.object({ number: z.number().int(), branch: z.string(), base: z.string() }).optional(),
      /** It comes from a fork that nobody vouched for: agents work at the base, and see what the head changes as text. */
      isTextOnly: z.boolean().optional(),
      /** Somebody wants everybody to look who could. */
      isFull: z.boolean().optional(),
    })
    .optional(),
  policy: RunPolicy,
  /** What was wrong with the policy file when the run started; the rest of it applied. */
  policyMistakes: z.array(z.string()),
  /** Its plan waits for an approval whatever the policy says, because whoever started it asked for that. */
  needsApproval: z.boolean().optional(),
  state: RunState,
  plan: z
    .object({
      hash: z.string(),
      /** What the issue itself said when the plan was made, as a hash. */
      fingerprint: z.string().optional(),
      /** How many tasks and batches the run had before it, of plans that were given up. */
      after: z.object({ tasks: z.number().int(), batches: z.number().int() }).optional(),
      /** The presentation that first shows it. */
      revision: z.number().int().optional(),
      /** When it was shown, or a little before (epoch ms). Absent until then, and of plans of earlier versions. */
      shownAt: z.number().optional(),
      notes: z.string(),
      fallback: z.string().optional(),
      /** How its tasks are carried out where the plan does not say otherwise, and why. */
      route: PlanRoute.optional(),
      apart: z.array(z.tuple([z.string(), z.string()])),
      relations: z.array(TaskRelation).optional(),
      adjustments: z.array(z.string()),
      input: InputReport,
      exchange: z.string(),
      model: ChainUse.optional(),
    })
    .optional(),
  /** Who approved which plan. */
  approval: z.object({ plan: z.string(), by: z.string(), at: z.number() }).optional(),
  /** Plans that were given up for a new one, oldest first, each with the reason. */
  replans: z.array(Replan).optional(),
  /** What people did not let through, oldest first. */
  denials: z.array(Denial).optional(),
  tasks: z.array(Task),
  /** Batches that were finished, in order; the current one is the first of `ahead`. */
  behind: z.array(z.array(z.string())),
  ahead: z.array(z.array(z.string())),
  /** Head of the run's own branch: everything that was merged so far. */
  integration: z.object({ commit: z.string(), tree: z.string().optional(), bundle: z.string().optional() }).optional(),
  /** What agents and commands found prepared, as of the newest that told. */
  setup: SetupNote.optional(),
  /** The commit that was found green before an agent started from it. */
  baseline: z.string().optional(),
  /** What a batch was merged into and verified as, while its acceptance is not known yet. */
  candidate: z
    .object({ commit: z.string(), tree: z.string(), bundle: z.string().optional(), tasks: z.array(z.string()) })
    .optional(),
  acceptances: z.array(AcceptanceRecord).default([]),
  reviewed: ReviewedParts.optional(),
  /** What tasks added and others overwrote, as of the newest merge. */
  losses: z.array(Loss).optional(),
  boundaries: z.array(BoundaryRecord),
  /** What agents asked people, oldest first. */
  questions: z.array(Question).optional(),
  /** What people told the agents, oldest first. */
  instructions: z.array(Instruction).optional(),
  /** What commands of this run showed about the repository. */
  learnings: z.array(Learning).optional(),
  /** What the pilot inferred. Kept for people; never shown to a model as if it had been observed. */
  inferences: z.array(z.string()),
  skippedByPilot: z.number().int(),
  /** To where the base branch has moved, as far as the newest verdict does not know it. */
  baseMoved: z
    .object({
      to: z.string(),
      /** GitHub was asked; otherwise a webhook said so, and those come in any order. */
      isRead: z.boolean(),
      /** A verification that reads the branch later than this was asked for. */
      isAsked: z.boolean().optional(),
      /** How often git still had the base of the verdict before. */
      lags: z.number().int().optional(),
    })
    .optional(),
  /** The newest time that the settings of the base branch were others than those that the run had, and the commit that has them. */
  policyChanged: z.object({ at: z.number(), base: z.string() }).optional(),
  /** They are others, or may be, than the newest verdict was made by; a verification that reads them after that was asked for. */
  settingsMoved: z.object({ isAsked: z.boolean().optional() }).optional(),
  /** The base branch holds the head since this commit: somebody merged it, and GitHub did not tell yet. */
  landedOn: z.string().optional(),
  /** Newest verification; the gate opens for exactly its key. */
  verification: Verification.optional(),
  /** Newest review of what a merge would change. */
  review: ReviewRecord.optional(),
  /** What readers have answered of a change whose review is not over. */
  answers: z.object({ change: z.string(), reports: z.array(StepReport) }).optional(),
  overrides: z.array(Override).optional(),
  /** What reviews of this run claimed, oldest first, and what it came to. Absent of runs that are older than that. */
  judged: z.array(JudgedFinding).optional(),
  /** Findings that somebody rejected, as far as that still holds. */
  dismissals: z.array(Dismissal).optional(),
  /** What stands beside lines of its pull request. */
  remarks: z.array(Remark).optional(),
  /** How many findings have a name by now. */
  findingsNamed: z.number().int().optional(),
  /** Rounds in which agents worked on what was found, oldest first; the last one is open while it has no end. */
  fixes: z.array(FixRound).optional(),
  verifiedTrees: z.array(VerifyReport),
  /** Trees that the merge queue had verified with this pull request in them, the newest last. */
  queuedTrees: z.array(z.string()).optional(),
  pullRequest: PullRequest.optional(),
  /** Heads that we pushed ourselves: a `synchronize` to one of them is no push. */
  pushed: z.array(z.string()),
  /** The newest merge attempt that was refused, for the sticky comment and the check. */
  mergeRefusal: MergeOutcome.optional(),
  /** The label that holds things is on. */
  isHeld: z.boolean().optional(),
  /** Whoever wants nothing to start here, for as long as that holds. */
  leftAloneBy: z.string().optional(),
  /** Somebody took a merge back: it does not merge by itself. */
  staysOpen: z.boolean().optional(),
  /** The change at which somebody wants every reviewer to look. */
  fullReviewOf: z.string().optional(),
  /** Somebody said what it may cost. */
  isBudgetSet: z.boolean().optional(),
  /** The verdict with which the run tried to merge by itself. */
  triedToMerge: z.string().optional(),
  /** A merge that is wanted as soon as the gate opens for this head. */
  armed: z.object({ actor: Actor, receiptId: z.string(), head: z.string() }).optional(),
  /** How often each kind of action was asked for: part of action ids, so that a later one is a new one. */
  asked: z.record(z.string(), z.number().int()),
  /** Failures in a row of the world outside, by kind of action: bounds our own retries. */
  troubles: z.record(z.string(), z.number().int()),
  /** Not before this moment is an action of this kind tried again. */
  waits: z.record(z.string(), z.number()).optional(),
  /** How often in a row it looked by itself whether an outage is over. */
  looks: z.number().int().optional(),
  /** The same by what it was spent on: a task, or a kind of work for all of them. Together it is just that. */
  spentOn: z.record(z.string(), Spend).optional(),
  spend: Spend,
  /** What actions that are outstanding may still spend, by their id. */
  reserved: z.record(z.string(), Reserved).optional(),
  /** By how much people raised the policy's limits for this run. */
  raised: z
    .object({
      microUsd: z.number().int(),
      tokens: z.number().int(),
      ms: z.number(),
      attempts: z.number().int().default(0),
    })
    .optional(),
  /** When its pull request was last looked at because nobody spoke of it. */
  lookedAt: z.number().optional(),
  /** Time in which the run was held or rested: it does not count as working time. */
  heldMs: z.number().optional(),
  /** A hold that was asked for and waits for what is under way. */
  pausing: z.object(Hold).optional(),
  /** The pilot wants the run to end although something could still run, and people were asked. Gone with their answer. */
  proposal: z.object({ reason: z.string() }).optional(),
  /** People were asked that once; a boundary without a failure that is left keeps no record of it. */
  hasAskedToEnd: z.boolean().optional(),
  /** Nothing new starts, and what was built is delivered. */
  finishing: z.object({ by: z.string() }).optional(),
  /** Tasks that are in the branch as people see it. Absent while all that was merged is. */
  delivered: z.array(z.string()).optional(),
  /** What conflicts in the branch, as far as the newest look found, and what people said about it. */
  conflicts: Conflicts.optional(),
  /** The last number that was given to a conflict. */
  conflictsNumbered: z.number().int().optional(),
  /** How conflicts of the branch were resolved or were not, oldest first. */
  resolutions: z.array(Resolution).optional(),
  /** A commit on the branch that brings the base in or resolves a conflict: the head of the run once it is verified and pushed. */
  broughtIn: z.object({ commit: z.string(), tree: z.string(), bundle: z.string(), base: z.string() }).optional(),
  /** The head of the branch on GitHub that `integration` builds on: what a push expects to find there. */
  branchHead: z.string().optional(),
});
export type Run = z.infer<typeof Run>;

/** Tasks that have to be merged before all is done. What was given up is done otherwise, as soon as there is a plan for that. */
export function listNeeded({ tasks, plan }: Run): Task[] {
  const planned = tasks.filter(({ fixes }) => fixes === undefined);
  return plan ? planned.filter(({ state }) => state.kind !== 'replaced') : planned;
}

/** Tasks that are merged into our branch and not pushed yet. */
export function listUndelivered(run: Run): string[] {
  const merged = run.tasks.filter(({ state }) => state.kind === 'merged').map(({ key }) => key);
  if (!run.pullRequest) return merged;
  const delivered = new Set(run.delivered ?? merged);
  return merged.filter((key) => !delivered.has(key));
}
