// One record in which every text that a person, an agent or a model may write is written by the given function, with a
// task in every state: whatever is rendered from it shows all of them somewhere.
import type { AcceptanceResult } from '../../../src/core/model/acceptance.ts';
import type { Cause } from '../../../src/core/model/cause.ts';
import type { ChainUse } from '../../../src/core/model/chain-use.ts';
import type { Finding } from '../../../src/core/model/finding.ts';
import type { NetworkReport } from '../../../src/core/model/network-report.ts';
import type { Question } from '../../../src/core/model/question.ts';
import type { SubjectRecord } from '../../../src/core/model/record.ts';
import type { Attempt, BoundaryRecord, Run, Task } from '../../../src/core/model/run.ts';
import { isPlainPath } from '../../../src/core/plan/protected-path.ts';
import { renderCause } from '../../../src/core/reply/render-cause.ts';
import { renderPatchLines } from '../../../src/core/reply/render-patch-lines.ts';
import { renderPlanAdjustment } from '../../../src/core/reply/render-plan-adjustment.ts';
import { nothing, sha } from '../run/outcome.ts';
import { ready } from '../run/place.ts';

type Write = () => string;

const base = ready();

export function hostileRecord(write: Write, more: Partial<Run> = {}): SubjectRecord {
  const tasks = listTaskStates(write).map((state, index) => toTask(write, state, index));
  const keys = tasks.map(({ key }) => key);
  const run: Run = {
    ...structuredClone(base.run),
    request: write(),
    policyMistakes: [write()],
    tasks,
    behind: [keys],
    plan: {
      hash: 'hash',
      notes: write(),
      fallback: write(),
      apart: [],
      relations: [{ a: 't0', b: 't1', kind: 'additive' }],
      adjustments: [renderPlanAdjustment({ kind: 'bootstrap_moved', path: toPath(write()), from: keys, to: 't0' })],
      input: { admitted: 1, withheld: 0, stripped: 0 },
      exchange: 'exchange',
      model: toUse(write),
    },
    boundaries: listBoundaries(write),
    replans: [{ at: 0, plan: 'abc', why: 'pilot', reason: write() }],
    inferences: [write()],
    instructions: [
      { id: 'r1-i1', receiptId: 'r', at: 0, by: write(), text: write(), task: write(), heard: [] },
      {
        id: 'r1-i2',
        receiptId: 'r',
        at: 0,
        by: write(),
        text: write(),
        heard: [{ task: 't0', attempt: 1, isLive: true }],
      },
    ],
    learnings: [{ text: write(), quote: write(), task: 't0', attempt: 1, command: write() }],
    mergeRefusal: { kind: 'refused', why: write() },
    ...more,
  };
  return { ...structuredClone(base.record), title: write(), run: withReport(run, write) };
}

function toUse(write: Write): ChainUse {
  return { requested: write(), used: write(), why: write() };
}

/** Only such a path ever gets this far; it may hold anything but line breaks. */
function toPath(text: string): string {
  const path = `${text.replaceAll('/', '-')}/tsconfig.json`;
  return isPlainPath(path) ? path : 'tsconfig.json';
}

function withReport(run: Run, write: Write): Run {
  if (!run.verification || !run.pullRequest) throw new Error('a ready run is verified and has a pull request');
  const exit = { kind: 'exited', code: 1 } as const;
  const command = { command: write(), exit, durationMs: 1, output: write(), omittedBytes: 0 };
  return {
    ...run,
    pullRequest: { ...run.pullRequest, branch: write(), baseBranch: write() },
    verification: { ...run.verification, report: { tree: 'tree', commands: [command] } },
  };
}

function listTaskStates(write: Write): Task['state'][] {
  const stat = { files: 1, additions: 1, deletions: 1 };
  const verify = { tree: 'tree', commands: [] };
  const contribution = {
    commit: sha('1'),
    tree: 'tree',
    bundle: 'bundle',
    paths: [write(), '.github/x'],
    stat,
    verify,
  };
  return [
    { kind: 'merged', contribution, commit: sha('1') },
    { kind: 'failed', cause: { kind: 'content_refused', path: write(), why: write() } },
    { kind: 'rolled_back', cause: { kind: 'taken_out', with: write() } },
    { kind: 'skipped', by: write(), reason: write(), on: write() },
    { kind: 'blocked', on: 't0', cause: { kind: 'dependency_failed', task: write() } },
    { kind: 'conflicted', with: write(), why: write() },
    { kind: 'replaced', plan: 'abc' },
    { kind: 'pending' },
    { kind: 'running' },
    { kind: 'anchored', contribution },
  ];
}

/** Everything that can become of what agents ask. */
export function hostileQuestions(write: Write): Partial<Run> {
  const ends: Question['end'][] = [
    undefined,
    { kind: 'answered', at: 0, by: 'mona', text: write() },
    { kind: 'unanswered', at: 0 },
    { kind: 'withdrawn', at: 0 },
  ];
  const questions = ends.flatMap((end, index) =>
    [true, false].map((hasOtherwise) => ({
      id: `r1-q${index}${hasOtherwise ? 1 : 2}`,
      task: write(),
      text: write(),
      ...(hasOtherwise ? { otherwise: write() } : {}),
      askedAt: 0,
      until: 0,
      revision: 1_000_000,
      ...(end ? { end } : {}),
    })),
  );
  return { questions };
}

/** The same of a run that only reads; without a list, its words are all there is. */
export function hostileReport(write: Write, isListed: boolean): Partial<Run> {
  const told = () => ({ path: write(), what: write(), how: write(), why: write(), by: write() });
  const findings: Finding[] = [
    { ...told(), severity: 'critical', status: 'confirmed', line: 7 },
    { ...told(), severity: 'major', status: 'unverified' },
    { ...told(), severity: 'minor', status: 'refuted' },
  ];
  const gaps = { unread: 1, unheard: [write()] };
  return {
    reads: { head: sha('7'), pull: { number: 1, branch: write(), base: sha('8') } },
    state: { kind: 'reported', since: 0 },
    tasks: [toTask(write, { kind: 'reported', report: 'report', findings, omitted: 2, isListed, ...gaps }, 0)],
    boundaries: [],
  };
}

/** A review of what is offered, what became of its findings, and what the change takes from its checks. */
export function hostileRounds(write: Write): Partial<Run> {
  const { policy, verification } = base.run;
  if (!verification) throw new Error('a ready run is verified');
  const finding = (id: string, status: Finding['status']): Finding => ({
    ...{ id, status, severity: 'major', line: 7, isInChange: true },
    ...{ path: write(), what: write(), how: write(), why: write(), by: write() },
  });
  const by = { id: 9, login: write(), kind: 'person' } as const;
  const rejected = finding('F-9', 'confirmed');
  const review = {
    reviewers: [],
    blocking: ['major' as const],
    fullPaths: [],
    maxInline: 6,
    push: 'after_review' as const,
  };
  const told = { steps: [], seconds: 1, spend: nothing };
  const { head, base: on } = verification.key;
  const findings = [finding('F-1', 'confirmed'), finding('F-2', 'fixed'), finding('F-3', 'refuted'), rejected];
  const round = { at: 0, task: 'fix-1', targets: [write()], head: sha('1'), before: 1 };
  return {
    policy: { ...policy, review, weakened: 'show', baseTests: 'show' },
    verification: {
      ...verification,
      weakened: [
        { kind: 'test_skipped', path: write(), detail: write() },
        { kind: 'tests_fewer', path: write(), detail: '2' },
      ],
      baseTests: { kind: 'ran', report: verification.report, paths: [write()] },
    },
    review: {
      ...{ change: verification.change ?? '', head, base: on, at: 0, ...told },
      plan: { depth: 'full', why: write(), reviewers: [], paths: [] },
      result: { kind: 'judged', findings, omitted: 1 },
    },
    dismissals: [{ finding: rejected, head: sha('1'), by, reason: write(), at: 0 }],
    remarks: [
      { finding: finding('F-2', 'confirmed'), state: 'fixed', shown: 'open', head: sha('2'), why: write() },
      { finding: rejected, state: 'dismissed', shown: 'open', head: sha('2'), by: write(), why: write() },
    ],
    fixes: [
      { ...round, number: 1, by: `@${write()}`, end: { kind: 'dropped', why: write(), patch: 'patch' } },
      { ...round, number: 2, by: 'gatepilot', after: 0, end: { kind: 'pushed', why: write(), head: sha('2') } },
      { ...round, number: 3, by: `@${write()}` },
    ],
  };
}

/** The plan's schema lets only plain keys through; what is shown does not rely on it. */
function toTask(write: Write, state: Task['state'], index: number): Task {
  const cause = state.kind === 'failed' ? { cause: state.cause } : {};
  const step = { id: write(), role: write(), access: 'read', state: 'failed', seconds: 1 } as const;
  const attempt: Attempt = {
    number: 1,
    base: sha('b'),
    startedAt: 0,
    summary: write(),
    acceptance: listResults(write),
    workflow: write(),
    steps: [
      {
        ...step,
        driver: toUse(write),
        model: toUse(write),
        skills: { rendered: [write()], missing: [write()] },
        network: listNetwork(write),
      },
    ],
    ...cause,
  };
  return {
    key: `t${index}`,
    title: write(),
    prompt: write(),
    role: 'feature',
    dependsOn: index === 0 ? [] : ['t0'],
    ownedPaths: [write(), write()],
    contracts: [write()],
    acceptance: [{ id: write(), text: write(), level: 'must' }],
    state,
    attempts: [attempt],
    guidance: write(),
    facts: [write()],
  };
}

function listNetwork(write: Write): NetworkReport {
  const reached = [{ host: write(), connections: 1, sentBytes: 1, receivedBytes: 1 }];
  const denied = [{ host: write(), why: 'not_listed', count: 2 } as const];
  return { reached, otherReached: 1, denied, otherDenied: 1, withheld: [write()] };
}

function listResults(write: Write): AcceptanceResult[] {
  const item = () => ({ id: write(), text: write(), evidence: write() });
  return [
    { ...item(), level: 'must', status: 'met' },
    { ...item(), level: 'must', status: 'failed' },
    { ...item(), level: 'should', status: 'missing' },
  ];
}

/** Every cause that has words of somebody in it. */
export function listCauses(write: Write): Cause[] {
  const failures = [
    { command: write(), exit: { kind: 'exited', code: 1 }, durationMs: 1, output: write(), omittedBytes: 0 } as const,
  ];
  return [
    { kind: 'plan_unusable', complaints: [write(), write()] },
    { kind: 'scope_violation', paths: [write(), write()] },
    { kind: 'content_refused', path: write(), why: write() },
    { kind: 'conflict_marks', paths: [write(), write()] },
    { kind: 'verify_red', failures },
    { kind: 'baseline_red', commit: 'b'.repeat(40), failures },
    { kind: 'no_change', said: write() },
    { kind: 'agent_gave_up', why: write() },
    { kind: 'agent_crashed', detail: write() },
    { kind: 'resource_missing', name: write(), why: write() },
    { kind: 'hook_refused', hook: write(), why: write() },
    { kind: 'setup', failures, denied: [write()] },
    { kind: 'sandbox_denied', capability: write(), why: write() },
    { kind: 'model_unavailable', detail: write() },
    { kind: 'model_refused', detail: write() },
    { kind: 'merge_conflict', paths: [write()] },
    { kind: 'integration_red', paths: [write()], failures },
    { kind: 'taken_out', with: write() },
    { kind: 'integration_unrouteable', failures },
    { kind: 'acceptance_failed', items: [{ id: write(), text: write(), why: write() }] },
    { kind: 'acceptance_unusable', why: write() },
    { kind: 'dependency_failed', task: write() },
    { kind: 'contradiction', with: write() },
    { kind: 'pilot_aborted', reason: write() },
    { kind: 'push_rejected', why: write() },
    { kind: 'tasks_failed', failed: [write()] },
    { kind: 'infrastructure', system: write(), detail: write() },
  ];
}

function listBoundaries(write: Write): BoundaryRecord[] {
  const told = {
    batch: 0,
    at: 0,
    failed: [write()],
    rolledBack: [write()],
    model: toUse(write),
    seconds: 1,
    spend: nothing,
  };
  const analysis = { cause: write(), why: write() };
  const failures = [{ key: write(), cause: renderCause({ kind: 'agent_gave_up', why: write() }), analysis }];
  const lines = renderPatchLines({
    attempts: [{ key: write(), kind: 'retry_different', guidance: write(), reason: write() }],
    skips: [{ key: write(), reason: write(), cause: { kind: 'pilot' } }],
    blocked: [{ key: write(), on: write(), cause: { kind: 'dependency_failed', task: write() } }],
    spent: [{ key: write(), cause: { kind: 'budget', limit: 'max_attempts', value: 3, spent: 3 } }],
    failed: [{ key: write(), reason: write() }],
    batches: [[write(), write()], [write()]],
    facts: [{ key: write(), facts: [{ fact: write() }] }],
    learnings: [write()],
    observations: [],
    givenUp: [],
    abort: 'none',
    replan: 'none',
  });
  return [
    { ...told, failures, exchange: write(), lines, source: { kind: 'pilot', verdict: write(), reason: write() } },
    { ...told, lines: [], source: { kind: 'fell_back', why: write() } },
    { ...told, lines: [], source: { kind: 'not_called', why: write() } },
  ];
}
