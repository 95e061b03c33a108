// Short ways to write how actions end and what people do. What a test does not mention is ordinary.

import type { AcceptanceOutcome, AcceptanceResult } from '../../../src/core/model/acceptance.ts';
import type { Actor } from '../../../src/core/model/actor.ts';
import type { Cause } from '../../../src/core/model/cause.ts';
import type { ConflictList, FoundConflict } from '../../../src/core/model/conflict.ts';
import type { Event } from '../../../src/core/model/event.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import type { AcceptanceItem, PlannedTask, PlanOutcome } from '../../../src/core/model/plan-outcome.ts';
import type { ResolutionOutcome } from '../../../src/core/model/resolution.ts';
import type {
  AttemptOutcome,
  BranchOutcome,
  IntegrationOutcome,
  MergeOutcome,
  PilotOutcome,
  VerificationOutcome,
  VerifyReport,
} from '../../../src/core/model/result.ts';
import type { ReviewOutcome } from '../../../src/core/model/review.ts';
import type { PilotDecision } from '../../../src/core/pilot/pilot-decision.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';

export const mona: Actor = { id: 1, login: 'mona', kind: 'person' };
export const mallory: Actor = { id: 66, login: 'mallory', kind: 'person' };

export const nothing = { inputTokens: 0, outputTokens: 0, microUsd: 0 };
export const some = { inputTokens: 1_000, outputTokens: 100, microUsd: 5_000 };

/** A full commit id made of one digit. */
export function sha(digit: string): string {
  return digit.repeat(40);
}

export const base = sha('b');
export const outage: Cause = { kind: 'infrastructure', system: 'git', detail: '502 Bad Gateway' };
/** Of an attempt that somebody else can go on with. */
export const checkpoint = { id: 'kept', bytes: 3, at: 5, base: 'c'.repeat(40), workflow: 'plain', done: [] };

export const stopped = { kind: 'stopped' } as const;

export function plannedTask(key: string, dependsOn: string[] = []): PlannedTask {
  const ownedPaths = [`${key}/**`];
  return {
    key,
    title: `Task ${key}`,
    prompt: 'Do it.',
    role: 'feature',
    dependsOn,
    ownedPaths,
    contracts: [],
    acceptance: [],
  };
}

/** As the planner gives them: with something that has to be so, and something that would be nice. */
export function withItems(task: PlannedTask): PlannedTask {
  const acceptance: AcceptanceItem[] = [
    { id: 'must', text: 'Umlauts are kept.', level: 'must' },
    { id: 'should', text: 'It is short.', level: 'should' },
  ];
  return { ...task, acceptance };
}

export function met(item: AcceptanceItem): AcceptanceResult {
  return { ...item, status: 'met', evidence: '"npm test" passed: ok' };
}

/** A plan of these batches. */
export function planned(...batches: string[][]): Extract<PlanOutcome, { kind: 'planned' }> {
  return {
    kind: 'planned',
    tasks: batches.flat().map((key) => plannedTask(key)),
    batches,
    conflicted: [],
    blocked: [],
    apart: [],
    adjustments: [],
    notes: 'A plan.',
    hash: 'plan-hash',
    fingerprint: 'issue-1',
    input: { admitted: 1, withheld: 0, stripped: 0 },
    exchange: 'exchange',
    spend: some,
  };
}

/** The one task of a run that only reads. */
export function plannedReview(): Extract<PlanOutcome, { kind: 'planned' }> {
  const { tasks, ...plan } = planned(['review']);
  return { ...plan, reads: true, tasks: tasks.map((task) => ({ ...task, ownedPaths: [], workflow: 'review' })) };
}

export function reports(findings: readonly Finding[] = [finding]): AttemptOutcome {
  const told = { transcript: 'transcript', summary: 'I looked.', spend: some };
  return {
    kind: 'reported',
    report: 'report',
    findings: [...findings],
    omitted: 0,
    isListed: true,
    unread: 0,
    unheard: [],
    unjudged: 0,
    unplaced: 0,
    unseen: 0,
    ...told,
  };
}

export const finding: Finding = {
  severity: 'major',
  path: 'src/error.ts',
  line: 3,
  what: 'It throws.',
  status: 'confirmed',
  by: 'look',
};

export function report(tree: string, code = 0): VerifyReport {
  const command = { command: 'npm test', durationMs: 1_500, output: code === 0 ? 'ok' : 'FAIL', omittedBytes: 0 };
  return { tree, commands: [{ ...command, exit: { kind: 'exited', code } }] };
}

/** The tree of a commit that `sha` made. */
export function treeOf(commit: string): string {
  return `tree-${commit.slice(0, 8)}`;
}

export function anchored(commit = sha('1')): AttemptOutcome {
  return {
    kind: 'anchored',
    commit,
    tree: treeOf(commit),
    paths: ['src/error.ts'],
    stat: { files: 1, additions: 2, deletions: 1 },
    patch: 'patch',
    bundle: 'bundle',
    transcript: 'transcript',
    summary: 'It is done.',
    verify: report(treeOf(commit)),
    spend: some,
  };
}

/** It is built but for a change in a contract of the task `a`. */
export function contractBlocked(commit = sha('1')): AttemptOutcome {
  const { verify: _, ...rest } = anchored(commit) as Extract<AttemptOutcome, { kind: 'anchored' }>;
  return { ...rest, kind: 'contract_blocked', contract: 'a/api.ts', owner: 'a', wish: '+a line' };
}

export function failedAttempt(cause: Cause, spend = some): AttemptOutcome {
  return { kind: 'failed', cause, summary: 'It did not work.', spend };
}

/** Its agent has to know something of people first. */
export function asks(
  otherwise: string | null = 'ISO dates.',
  question = 'Which format do dates have?',
): AttemptOutcome {
  const told = otherwise === null ? {} : { otherwise };
  return { kind: 'asked', question, ...told, transcript: 'transcript', spend: some };
}

/** The pilot has task `a` tried again, in these batches; with guidance, otherwise than before. */
export function retriesOfA(batches: string[][], guidance?: string): PilotOutcome {
  const action = guidance === undefined ? { action: 'retry' } : { action: 'retry_different', guidance };
  const decision = {
    ...{ failureAnalysis: [], routedContext: [], skip: [], learnings: [], batches },
    strategies: [{ task: 'a', ...action, reason: 'It may pass now.' }],
    ...{ verdict: 'continue', verdictReason: 'It can go on.' },
  };
  return { kind: 'decided', decision, exchange: 'exchange', seconds: 1, spend: some };
}

export const red: Cause = { kind: 'verify_red', failures: report('tree', 1).commands };

type Integrated = Extract<IntegrationOutcome, { kind: 'integrated' }>;

export function integrated(landed: string[], more: Partial<Integrated> = {}): Integrated {
  const commit = sha('1');
  return {
    kind: 'integrated',
    commit,
    tree: treeOf(commit),
    landed,
    failed: [],
    rolledBack: [],
    bundle: 'bundle',
    ...more,
  };
}

/** What a reviewer found of each of these tasks; unsaid is met. */
export function judged(
  tasks: readonly PlannedTask[],
  found: Readonly<Record<string, readonly AcceptanceResult[]>> = {},
): Extract<AcceptanceOutcome, { kind: 'judged' }> {
  const results = tasks.map(({ key, acceptance }) => ({ task: key, items: [...(found[key] ?? acceptance.map(met))] }));
  return { kind: 'judged', results, exchange: 'exchange', seconds: 1, spend: some };
}

/** The pilot finds the plan itself wrong. */
export function givenUp(more: Partial<PilotDecision> = {}): PilotOutcome {
  const lists = { failureAnalysis: [], strategies: [], routedContext: [], skip: [], learnings: [], batches: [] };
  const decision = { ...lists, verdict: 'replan', verdictReason: 'The module does not exist.', ...more };
  return { kind: 'decided', decision, exchange: 'exchange', seconds: 1, spend: some };
}

/** The pilot finds nothing useful left. */
export function aborts(verdictReason = 'It is hopeless.'): PilotOutcome {
  return givenUp({ verdict: 'abort', verdictReason });
}

export function fellBack(why = 'it did not answer'): PilotOutcome {
  return { kind: 'fell_back', why, seconds: 1, spend: nothing };
}

export function verified(
  head = sha('1'),
  code = 0,
  more: {
    readonly touched?: string[];
    readonly patch?: string;
    readonly change?: string;
    readonly grave?: string[];
    readonly voided?: string[];
  } = {},
): VerificationOutcome {
  return { kind: 'verified', head, base, report: report(treeOf(head), code), change: `change-of-${head}`, ...more };
}

/** What reviewers found of what would be merged. */
export function reviewed(...findings: Finding[]): ReviewOutcome {
  return { kind: 'judged', findings, omitted: 0, report: 'report', steps: [], seconds: 1, spend: some };
}

export function found(more: Partial<Finding> = {}): Finding {
  const what = 'It divides by zero.';
  return { severity: 'major', path: 'src/error.ts', line: 3, what, status: 'confirmed', by: 'correctness', ...more };
}

/** The base is brought into the head, as this commit. */
export function broughtIn(from = sha('1'), { head = sha('6'), code = 0, to = sha('c') } = {}): VerificationOutcome {
  return {
    kind: 'verified',
    head,
    base: to,
    report: report(treeOf(head), code),
    change: `change-of-${head}`,
    broughtIn: { from, bundle: 'bundle' },
  };
}

/** The base conflicts with the head, in these places of files. */
export function conflicting(
  head = sha('1'),
  { to = sha('c'), found = [conflictIn('src/error.ts')], unnamed = [] }: Partial<ConflictList> & { to?: string } = {},
): Extract<VerificationOutcome, { kind: 'conflict' }> {
  const paths = [...new Set([...found, ...unnamed].map(({ path }) => path))];
  return { kind: 'conflict', head, base: to, paths, list: { found: [...found], unnamed: [...unnamed] } };
}

export function conflictIn(path: string, content = 'one', more: Partial<FoundConflict> = {}): FoundConflict {
  return { path, line: 3, hasBase: false, content, nth: 0, ...more };
}

/** An agent could not settle what conflicts. */
export const unresolved: Extract<ResolutionOutcome, { kind: 'failed' }> = {
  kind: 'failed',
  cause: { kind: 'conflict_unresolved', why: 'marker_left', paths: ['src/error.ts'] },
  spend: some,
};

/** What conflicts is resolved, by whomever, as a commit that nobody has verified. */
export function resolved(
  head = sha('1'),
  more: Partial<Extract<ResolutionOutcome, { kind: 'resolved' }>> = {},
): Extract<ResolutionOutcome, { kind: 'resolved' }> {
  const commit = more.commit ?? sha('6');
  const made = { commit, tree: treeOf(commit), bundle: 'bundle', edits: '+both', patch: 'patch' };
  const files = { paths: ['src/error.ts'], secondary: [], removed: [] };
  return { kind: 'resolved', head, base: sha('c'), ...made, ...files, spend: some, ...more };
}

export function published(head = sha('1'), state: 'open' | 'closed' | 'merged' = 'open'): BranchOutcome {
  return { kind: 'published', number: 9, head, state };
}

/** Somebody pushed to a branch, or merged into it. */
export function pushBase(world: WorldOfDecisions, head: string, branch = 'main'): WorldOfDecisions {
  return world.put({ kind: 'base_pushed', deliveryId: `push-${world.next()}`, branch, head, actor: mona });
}

export function merged(tree = treeOf(sha('1')), by: 'gatepilot' | 'person' = 'gatepilot'): MergeOutcome {
  return { kind: 'merged', sha: sha('e'), tree, by };
}

export function comment(
  world: WorldOfDecisions,
  body: string,
  more: Partial<Extract<Event, { kind: 'commented' }>> = {},
) {
  const commentId = 1_000 + world.next();
  const about = { thread: 1, isPullRequest: false, title: 'Fix the error page' };
  return world.put({ kind: 'commented', commentId, body, actor: mona, association: 'MEMBER', ...about, ...more });
}

type PullEvent = Extract<Event, { kind: 'pull_request_changed' }>;

/** What GitHub says of the run's pull request. */
export function pull(world: WorldOfDecisions, change: PullEvent['change'], more: Partial<PullEvent> = {}) {
  return world.put({
    kind: 'pull_request_changed',
    deliveryId: `delivery-${world.next()}`,
    change,
    number: 9,
    headSha: sha('1'),
    headBranch: 'gatepilot/1/r1',
    baseBranch: 'main',
    baseSha: base,
    isSameRepository: true,
    merged: false,
    actor: mona,
    title: 'Fix the error page',
    ...more,
  });
}

export function label(
  world: WorldOfDecisions,
  name = 'pilot:run',
  actor = mona,
  more: Partial<Pick<Extract<Event, { kind: 'labelled' }>, 'isTakenOff' | 'thread' | 'head'>> = {},
) {
  const deliveryId = `delivery-${world.next()}`;
  const about = { thread: 1, isPullRequest: false, title: 'Fix the error page', ...more };
  return world.put({ kind: 'labelled', deliveryId, label: name, actor, ...about });
}

/** Somebody edits the issue itself, and GitHub says so. */
export function edit(world: WorldOfDecisions, fingerprint: string | undefined) {
  world.fingerprint = fingerprint;
  const deliveryId = `delivery-${world.next()}`;
  return world.put({ kind: 'issue_edited', deliveryId, title: 'Fix both error pages', actor: mona });
}

/** Checks of another App end, or are held back. */
export function endSuite(
  world: WorldOfDecisions,
  isHeld: boolean,
  more: Partial<Pick<Extract<Event, { kind: 'suite_completed' }>, 'headSha' | 'isWorkflow'>> = {},
): WorldOfDecisions {
  const deliveryId = `suite-${world.next()}`;
  return world.put({ kind: 'suite_completed', deliveryId, headSha: sha('1'), isHeld, actor: mona, ...more });
}

export function press(world: WorldOfDecisions, identifier: string, actor = mona) {
  const deliveryId = `delivery-${world.next()}`;
  const about = { checkName: 'gatepilot/gate', headSha: sha('1'), actor };
  return world.put({ kind: 'check_requested', deliveryId, request: { kind: 'button', identifier }, ...about });
}
