// How each action of ours can end: the outcomes that result events carry.
import { z } from 'zod';
import { Cause, CommandReport, TestCount } from './cause.ts';
import { ChainUse } from './chain-use.ts';
import { ConflictList } from './conflict.ts';
import { reportShape } from './finding.ts';
import { GatePolicy } from './gate-policy.ts';
import { HeldCi } from './held-ci.ts';
import { InputReport } from './input-report.ts';
import { SessionPhase } from './session-phase.ts';
import { SetupNote } from './setup-note.ts';
import { Sharer } from './sharer.ts';
import { Spend } from './spend.ts';
import { StepReport } from './step-report.ts';
import { Weakening } from './weakening.ts';

export const Stat = z.object({ files: z.number().int(), additions: z.number().int(), deletions: z.number().int() });
export type Stat = z.infer<typeof Stat>;

/** What a merge would change, and how much of it those who review it are shown. */
export const DiffFacts = z.object({
  /** The newest commit that head and base have in common; absent where they have none. */
  mergeBase: z.string().optional(),
  stat: Stat,
  /** Of the whole change; only of its first part where it `isCut`. */
  hunks: z.number().int(),
  shown: z.number().int(),
  isCut: z.boolean().optional(),
});
export type DiffFacts = z.infer<typeof DiffFacts>;

/** A line (from 1) of a file. */
export const MarkPlace = z.object({ path: z.string(), line: z.number().int() });
export type MarkPlace = z.infer<typeof MarkPlace>;

/** What verify commands said about one tree. `commands` is empty when the repository defines none: that is no pass. */
export const VerifyReport = z.object({
  tree: z.string(),
  commands: z.array(CommandReport),
  setup: SetupNote.optional(),
});
export type VerifyReport = z.infer<typeof VerifyReport>;

export function isGreen(report: VerifyReport): boolean {
  return report.commands.length > 0 && report.commands.every(isPassed);
}

export function isPassed(report: CommandReport): boolean {
  return report.exit.kind === 'exited' && report.exit.code === 0;
}

/** What the base's tests said of a change; `paths` are the files that were as the base has them, or some of them. */
export const BaseTests = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ran'),
    report: VerifyReport,
    paths: z.array(z.string()),
    /** How many the same commands told on the base alone, where they ran there as well. */
    alone: TestCount.optional(),
  }),
  z.object({
    kind: z.literal('not_run'),
    /** The verify commands are red on the change itself; or its paths are too many, or no text. */
    why: z.enum(['red', 'paths']),
    paths: z.array(z.string()),
  }),
]);
export type BaseTests = z.infer<typeof BaseTests>;

/** What an attempt was bound to, and its steps in order. */
const told = {
  packet: z.string().optional(),
  workflow: z.string().optional(),
  steps: z.array(StepReport).optional(),
  /** Of what others said that it was to work on. */
  input: InputReport.optional(),
  /** What it found prepared. */
  setup: SetupNote.optional(),
};

export const AttemptOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('anchored'),
    commit: z.string(),
    tree: z.string(),
    paths: z.array(z.string()),
    stat: Stat,
    patch: z.string(),
    bundle: z.string(),
    transcript: z.string(),
    summary: z.string(),
    verify: VerifyReport,
    phases: z.array(SessionPhase).optional(),
    cutShort: Cause.optional(),
    spend: Spend,
    /** Of a repair: what it changed besides the files in conflict, and what was taken away of what it added. */
    repair: z.object({ secondary: z.array(z.string()), removed: z.array(z.string()) }).optional(),
    ...told,
  }),
  /** It needs a change in one contract of another task. The rest of what it built is kept, and was not verified. */
  z.object({
    kind: z.literal('contract_blocked'),
    contract: z.string(),
    owner: z.string(),
    /** The change that it made to the contract, as a patch. */
    wish: z.string(),
    commit: z.string(),
    tree: z.string(),
    paths: z.array(z.string()),
    stat: Stat,
    patch: z.string(),
    bundle: z.string(),
    transcript: z.string(),
    summary: z.string(),
    phases: z.array(SessionPhase).optional(),
    spend: Spend,
    ...told,
  }),
  /** It only read. */
  z.object({
    kind: z.literal('reported'),
    ...reportShape,
    transcript: z.string(),
    summary: z.string(),
    phases: z.array(SessionPhase).optional(),
    spend: Spend,
    ...told,
  }),
  z.object({
    kind: z.literal('failed'),
    cause: Cause,
    patch: z.string().optional(),
    transcript: z.string().optional(),
    stat: Stat.optional(),
    summary: z.string(),
    phases: z.array(SessionPhase).optional(),
    spend: Spend,
    ...told,
  }),
  /** It has to know something of people first. What it may have changed is dropped. */
  z.object({
    kind: z.literal('asked'),
    question: z.string(),
    otherwise: z.string().optional(),
    transcript: z.string(),
    spend: Spend,
  }),
  /** Ended from outside: `handover` when its process was about to end, else by a stop. */
  z.object({ kind: z.literal('stopped'), reason: z.literal('handover').optional(), spend: Spend }),
]);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

/** What the verify commands say of a commit before any agent starts from it. */
export const BaselineOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checked'), commit: z.string(), report: VerifyReport }),
  z.object({ kind: z.literal('failed'), cause: Cause }),
  z.object({ kind: z.literal('stopped') }),
]);
export type BaselineOutcome = z.infer<typeof BaselineOutcome>;

/** Lines that a task added to a file, that were merged, and that are not there any more. */
export const Loss = z.object({
  task: z.string(),
  path: z.string(),
  lines: z.number().int(),
  of: z.number().int(),
  /** Other tasks that changed that file. */
  by: z.array(z.string()),
});
export type Loss = z.infer<typeof Loss>;

export const IntegrationOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('integrated'),
    commit: z.string(),
    tree: z.string(),
    landed: z.array(z.string()),
    failed: z.array(z.object({ key: z.string(), cause: Cause })),
    rolledBack: z.array(z.object({ key: z.string(), cause: Cause })),
    verify: VerifyReport.optional(),
    bundle: z.string().optional(),
    /** Of everything that is merged by now. */
    losses: z.array(Loss).optional(),
    /** Red in what a task merged before made for others: these wait until it is amended. */
    amend: z
      .object({
        contract: z.string(),
        /** Where it is more than one file, the others. */
        besides: z.array(z.string()).optional(),
        owner: z.string(),
        keys: z.array(z.string()),
        wish: z.string(),
      })
      .optional(),
  }),
  z.object({ kind: z.literal('failed'), cause: Cause }),
  z.object({ kind: z.literal('stopped') }),
]);
export type IntegrationOutcome = z.infer<typeof IntegrationOutcome>;

/** A boundary's consultation. The decision was parsed and validated; `fellBack` says why the pilot's is not used. */
export const PilotOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('decided'),
    /** The pilot's decision as it replied; validated again when it is applied. */
    decision: z.unknown(),
    exchange: z.string(),
    model: ChainUse.optional(),
    seconds: z.number(),
    spend: Spend,
  }),
  z.object({
    kind: z.literal('fell_back'),
    why: z.string(),
    exchange: z.string().optional(),
    model: ChainUse.optional(),
    seconds: z.number(),
    spend: Spend,
  }),
  z.object({ kind: z.literal('stopped'), spend: Spend.optional() }),
]);
export type PilotOutcome = z.infer<typeof PilotOutcome>;

/** Verification of one exact key: this head merged with this base. */
export const VerificationOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('verified'),
    head: z.string(),
    base: z.string(),
    report: VerifyReport,
    /** The report is one of this tree that the run has already. */
    isCarried: z.boolean().optional(),
    /** The head is a commit of ours that brings the base into this one. */
    broughtIn: z.object({ from: z.string(), bundle: z.string() }).optional(),
    /** Hash of what differs between the base and the merged tree. */
    change: z.string().optional(),
    diff: DiffFacts.optional(),
    /** Paths that differ and that the settings want reviewed in full. */
    grave: z.array(z.string()).optional(),
    /** Protected paths that differ between the base and the merged tree, and that difference as an artifact. */
    touched: z.array(z.string()).optional(),
    patch: z.string().optional(),
    /** Where marks of a conflict stand that the base does not have. */
    marks: z.array(MarkPlace).optional(),
    /** The whole conflicts among them. */
    list: ConflictList.optional(),
    /** Files that differ and are too large to be looked through for marks. */
    unscanned: z.array(z.string()).optional(),
    /** What the merge would take from what checks it, and what the base's tests said of it. */
    weakened: z.array(Weakening).optional(),
    baseTests: BaseTests.optional(),
    /** Names of findings that somebody rejected and whose lines are others by now. */
    voided: z.array(z.string()).optional(),
    /** What it was made by, where the settings of the base branch are others than those of the run. */
    policy: GatePolicy.optional(),
    /** Why those could not be followed: it was made by those of the run. */
    unclear: z.array(z.string()).optional(),
  }),
  z.object({
    kind: z.literal('conflict'),
    head: z.string(),
    base: z.string(),
    paths: z.array(z.string()),
    list: ConflictList.optional(),
  }),
  /** The base branch holds the head already: nothing is left that could be merged. */
  z.object({ kind: z.literal('landed'), head: z.string(), base: z.string() }),
  /** The head is not a continuation of what we built (a force push): nothing of it was executed. */
  z.object({ kind: z.literal('diverged'), head: z.string() }),
  z.object({ kind: z.literal('failed'), cause: Cause }),
  z.object({ kind: z.literal('stopped') }),
]);
export type VerificationOutcome = z.infer<typeof VerificationOutcome>;

/** The head is in the branch, without a pull request that is known. */
const pushed = { isPushed: z.boolean().optional() };

export const BranchOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('published'),
    number: z.number().int(),
    head: z.string(),
    state: z.enum(['open', 'closed', 'merged']),
    isDraft: z.boolean().optional(),
    /** A draft was asked for, and GitHub takes none in this repository. */
    hasNoDrafts: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('failed'), cause: Cause, ...pushed }),
  z.object({ kind: z.literal('stopped'), ...pushed }),
]);
export type BranchOutcome = z.infer<typeof BranchOutcome>;

export const MergeOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('merged'),
    sha: z.string(),
    tree: z.string(),
    by: z.enum(['gatepilot', 'person']),
  }),
  z.object({ kind: z.literal('head_moved'), expected: z.string(), actual: z.string() }),
  z.object({ kind: z.literal('base_moved'), expected: z.string(), actual: z.string() }),
  /** The settings of the base branch are others than those that the verdict was made by. */
  z.object({ kind: z.literal('settings_moved'), base: z.string() }),
  z.object({ kind: z.literal('refused'), why: z.string() }),
  /** Workflow runs of the head wait for somebody to let them run. */
  z.object({ kind: z.literal('ci_held'), runs: z.number().int().positive() }),
  /** The answer was lost, and the pull request was not merged right after: it may still be. */
  z.object({ kind: z.literal('unanswered'), why: z.string(), until: z.number().optional() }),
  /**
   * No call of ours is under way: GitHub could not be read, or our budget for writing is spent. To be tried again, and
   * not before `until` (epoch ms) where that was named.
   */
  z.object({ kind: z.literal('postponed'), why: z.string(), until: z.number().optional() }),
  z.object({ kind: z.literal('stopped') }),
]);
export type MergeOutcome = z.infer<typeof MergeOutcome>;

export const ArchiveOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('archived'),
    artifact: z.string(),
    /** The last log entry that is in it. */
    through: z.number().int(),
    /** Of the run as it was read. */
    runHash: z.string(),
  }),
  z.object({ kind: z.literal('failed'), why: z.string() }),
]);
export type ArchiveOutcome = z.infer<typeof ArchiveOutcome>;
const written = {
  /** Something was written that was not there, and lists may not show it yet. */
  hasMade: z.boolean().optional(),
  /** Comments and checks among it, by the key of `Made`; without an id where the answer was lost. */
  made: z.array(z.object({ key: z.string(), id: z.number().int().optional() })).optional(),
  /** When the publisher began to look (epoch ms). */
  lookedAt: z.number().optional(),
  /** Which other pull requests have the head of one of ours, as far as these were asked about. */
  heads: z
    .array(
      z.object({
        number: z.number().int(),
        head: z.string(),
        sharers: z.array(Sharer),
        asked: z.array(z.number().int()),
      }),
    )
    .optional(),
  /** Whose checks of a head of ours wait for somebody to let them run, as far as that could be read. */
  ci: z.array(HeldCi.extend({ number: z.number().int(), head: z.string() })).optional(),
  /** The run's pull request, which was to be marked ready for review, is; or GitHub will not have it, and why. */
  ready: z.object({ number: z.number().int(), refused: z.string().optional() }).optional(),
  /** Subjects whose check stands on the head of this pull request, which no run made. */
  sharedWith: z.object({ head: z.string(), owners: z.array(z.number().int()) }).optional(),
};

/** What the publisher made GitHub show: up to which wanted revision. */
export const PresentOutcome = z.discriminatedUnion('kind', [
  /** `refused`: what GitHub will not take, in words; the rest is shown. */
  z.object({
    kind: z.literal('presented'),
    revision: z.number().int(),
    refused: z.string().optional(),
    ...written,
  }),
  /**
   * `isPlanned`: nothing is wrong; somebody else is at work, or our own budget is spent for now. `isProgress`: only what
   * matters least is not shown yet.
   */
  z.object({
    kind: z.literal('delayed'),
    until: z.number(),
    why: z.string(),
    isPlanned: z.boolean(),
    isProgress: z.boolean().optional(),
    /** What it was to show. Absent of older versions, which counted all as that. */
    revision: z.number().int().optional(),
    ...written,
  }),
]);
export type PresentOutcome = z.infer<typeof PresentOutcome>;

/** What GitHub says of the holder of a lane that did not come to an end by itself. */
export const LaneOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('settled'), landed: z.boolean(), base: z.string().optional() }),
  /** `until`: GitHub asked to be left alone until then (epoch ms). */
  z.object({ kind: z.literal('failed'), why: z.string(), isForGood: z.boolean(), until: z.number().optional() }),
]);
export type LaneOutcome = z.infer<typeof LaneOutcome>;

/** The message is in the inbox that it was for. */
export const TellOutcome = z.object({ kind: z.literal('told') });
export type TellOutcome = z.infer<typeof TellOutcome>;

const untried = z.object({
  kind: z.literal('failed'),
  why: z.string(),
  /** GitHub, or our own budget, says when it makes sense to try again (epoch ms). */
  until: z.number().optional(),
});
/** Trying again changes nothing. */
const refused = z.object({ kind: z.literal('refused'), why: z.string() });

/** What there is of pull requests that no run made, and how many of them were told to their subjects. */
export const PullsOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('seen'),
    /** The default branch. */
    branch: z.string(),
    /** A hundred open pull requests each. */
    pages: z.number().int(),
    told: z.number().int(),
    /** Where that is, and what the settings say there of them; absent where there is none to ask for. */
    commit: z.string().optional(),
    rule: z.string().optional(),
    /** Where to go on. */
    rest: z.object({ before: z.number().int(), isMoved: z.boolean() }).optional(),
  }),
  refused,
  untried,
]);
export type PullsOutcome = z.infer<typeof PullsOutcome>;

export const SettingsOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('proposed'), pull: z.number().int() }),
  /** There is nothing to propose. `pull`: people have answered that one. */
  z.object({ kind: z.literal('unneeded'), why: z.string(), pull: z.number().int().optional() }),
  /** Not now: whoever uses the repository later is a reason to look again. */
  z.object({ kind: z.literal('premature'), why: z.string() }),
  refused,
  untried,
]);
export type SettingsOutcome = z.infer<typeof SettingsOutcome>;

/** How many notes pull requests are over, and hashes of what they proposed, the newest. */
const rounds = { rounds: z.number().int(), answered: z.array(z.string()) };

export const NotesOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('proposed'), pull: z.number().int(), ...rounds }),
  z.object({ kind: z.literal('unneeded'), why: z.string(), ...rounds }),
  refused,
  untried,
]);
export type NotesOutcome = z.infer<typeof NotesOutcome>;
