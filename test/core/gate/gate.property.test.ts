// The gate is open for one thing only. What that is is written anew here, from the run's record alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { BaseTests } from '../../../src/core/model/result.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { Sharer } from '../../../src/core/model/sharer.ts';
import { renderGateCheck } from '../../../src/core/reply/render-check.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anyHistory, openPast, play } from '../run/history.ts';
import { found, report, sha } from '../run/outcome.ts';
import { openRun } from './gate-record.ts';

const patience = { numRuns: 150 };
const ready = openRun();

/** Everything that has to hold, one reason for each thing that does not. */
function whyNot(run: Run): string[] {
  const { state, tasks, verification, pullRequest, base, policy, review } = run;
  const commands = verification?.report.commands ?? [];
  // What somebody pushed is looked at by whoever verifies it.
  const built = tasks.flatMap((task) => (task.state.kind === 'merged' ? task.state.contribution.paths : []));
  const paths = verification?.touched ?? built;
  // A round of fixes is no part of the plan, and a newer plan takes the place of what was given up with an older one.
  const planned = tasks.filter(
    ({ fixes, state: { kind } }) => fixes === undefined && !(run.plan && kind === 'replaced'),
  );
  const findings = review?.result.kind === 'judged' ? review.result.findings : undefined;
  const faults: Record<string, boolean> = {
    'the run has not ended well': !['ready', 'merging', 'merged'].includes(state.kind),
    'a task is not merged': planned.length === 0 || planned.some((task) => task.state.kind !== 'merged'),
    'nothing ran': commands.length === 0,
    'something is red': commands.some(({ exit }) => exit.kind !== 'exited' || exit.code !== 0),
    'the head is another': pullRequest !== undefined && pullRequest.head !== verification?.key.head,
    'the base is another': pullRequest !== undefined && pullRequest.baseBranch !== base.branch,
    'the base has moved': run.baseMoved !== undefined && policy.baseMoved !== 'keep' && state.kind !== 'merged',
    'the settings are others': run.settingsMoved !== undefined && state.kind !== 'merged',
    'nobody can follow the settings': (verification?.unclear ?? []).length > 0,
    'the base holds it already': run.landedOn !== undefined && state.kind !== 'merged',
    'somebody holds it': run.isHeld === true && state.kind !== 'merged',
    'it is a draft': pullRequest?.isDraft === true,
    'CI of its head waits for somebody':
      pullRequest?.state === 'open' && pullRequest.heldRuns?.head === pullRequest.head,
    'others have its head': (pullRequest?.sharers ?? []).length > 0,
    'what would be merged was not reviewed':
      policy.review !== undefined && (!findings || review?.change !== verification?.change),
    'something is confirmed that blocks':
      policy.review !== undefined &&
      (findings ?? []).some(
        ({ status, severity, isForPerson }) => status === 'confirmed' && severity !== 'minor' && !isForPerson,
      ),
    'a person is asked':
      policy.review !== undefined &&
      (findings ?? []).some(({ status, isForPerson }) => isForPerson === true && status !== 'refuted'),
    'something is taken from checks': (verification?.weakened ?? []).length > 0 && policy.weakened !== 'show',
    "the base's tests say no":
      verification?.baseTests !== undefined && policy.baseTests === 'block' && !isWell(verification.baseTests),
    'a protected path is touched':
      policy.protectedPaths.length > 0 &&
      paths.some((path) => path.startsWith('.github/') || path.startsWith('.gatepilot/')),
  };
  return Object.keys(faults).filter((fault) => faults[fault]);
}

/** They ran, each command exited with 0, and as many as before. */
function isWell(seen: BaseTests): boolean {
  if (seen.kind === 'not_run') return false;
  const { commands } = seen.report;
  const isGreen = commands.length > 0 && commands.every(({ exit }) => exit.kind === 'exited' && exit.code === 0);
  return isGreen && (seen.alone?.passed ?? 0) <= commands.reduce((sum, { tests }) => sum + (tests?.passed ?? 0), 0);
}

function lookAtEveryStep(look: (run: Run) => void): void {
  fc.assert(
    fc.property(anyHistory, (steps) => {
      const world = new WorldOfDecisions();
      const past = openPast(world);
      for (const step of steps) {
        play(world, past, step);
        if (world.record.run) look(world.record.run);
      }
    }),
    patience,
  );
}

describe('the gate', () => {
  it('is open in exactly the runs in which nothing is missing, in every history', () => {
    let opened = 0;
    lookAtEveryStep((run) => {
      const isOpen = evaluateGate(run).state.kind === 'open';
      if (isOpen !== (whyNot(run).length === 0)) throw new Error(`it is ${isOpen}: ${whyNot(run)}`);
      if (isOpen) opened += 1;
    });
    expect(opened).toBeGreaterThan(50);
  });

  it('is open in exactly the runs in which nothing is missing, whatever is mixed', () => {
    const anyRun = fc
      .record({
        state: fc.constantFrom<Run['state']['kind']>('ready', 'ready', 'ready', 'executing', 'failed', 'stopped'),
        task: fc.constantFrom<Run['tasks'][number]['state']['kind']>('merged', 'merged', 'pending', 'running'),
        code: fc.constantFrom(0, 0, 0, 1),
        commands: fc.constantFrom(1, 1, 2, 0),
        head: fc.constantFrom('1', '1', '1', '2'),
        baseBranch: fc.constantFrom('main', 'main', 'main', 'release'),
        isDraft: fc.constantFrom(false, false, false, true),
        sharers: fc.constantFrom<readonly Sharer[]>([], [], [], [{ number: 30, base: 'release' }]),
        heldAt: fc.constantFrom(undefined, undefined, undefined, '1', '2'),
        review: fc.constantFrom<Mixed['review']>('off', 'off', 'clean', 'clean', 'other', 'missing', 'bad', 'flag'),
        weakened: fc.constantFrom<Mixed['weakened']>('none', 'none', 'show', 'ask', 'block'),
        base: fc.constantFrom<Mixed['base']>(undefined, ...Object.values(baseTests)),
        asked: fc.constantFrom<Mixed['asked']>('off', 'show', 'block', 'block'),
        paths: fc.constantFrom(['src/a.ts'], ['src/a.ts'], ['.github/workflows/ci.yml'], ['.gatepilot/x', 'b']),
      })
      .map(toRun);
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(evaluateGate(run).state.kind === 'open').toBe(whyNot(run).length === 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('shuts no head for what was found of another one, in any history', () => {
    let pushed = 0;
    lookAtEveryStep((run) => {
      const head = run.pullRequest?.head;
      if (!run.verification || head === undefined || head === run.verification.key.head) return;
      pushed += 1;
      const shut = evaluateGate(run).parts.filter(
        ({ gate, state }) => ofVerdict.includes(gate) && state.kind !== 'waiting',
      );
      if (shut.length > 0) throw new Error(`it is judged already: ${JSON.stringify(shut)}`);
    });
    expect(pushed).toBeGreaterThan(20);
  });

  it('is shown as success exactly where it is open, and never as neutral', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = new WorldOfDecisions();
        const past = openPast(world);
        for (const step of steps) play(world, past, step);
        const { record } = world;
        if (!record.run?.pullRequest) return;
        const { state } = renderGateCheck(record, record.run, { head: record.run.pullRequest.head });
        const isSuccess = state.kind === 'completed' && state.conclusion === 'success';
        expect(isSuccess).toBe(evaluateGate(record.run).state.kind === 'open');
      }),
      patience,
    );
  });
});

const ofVerdict = ['protected paths', 'verification', 'conflict marks', 'weakened checks', 'base tests', 'review'];

interface Mixed {
  readonly state: Run['state']['kind'];
  readonly task: Run['tasks'][number]['state']['kind'];
  readonly code: number;
  readonly commands: number;
  readonly head: string;
  readonly baseBranch: string;
  readonly isDraft: boolean;
  readonly sharers: readonly Sharer[];
  /** Of which head workflow runs wait. */
  readonly heldAt: string | undefined;
  readonly paths: readonly string[];
  /** What becomes of a test that is gone, where one is. */
  readonly weakened: 'none' | 'show' | 'ask' | 'block';
  readonly base: BaseTests | undefined;
  readonly asked: 'off' | 'show' | 'block';
  /** What became of the review, where the settings want one. */
  readonly review: 'off' | 'clean' | 'other' | 'missing' | 'bad' | 'flag';
}

const bent = ['test/a.test.ts'];
const count = (passed: number) => ({ passed, failed: 0, skipped: 0 });
const told = (passed: number) => report('t').commands.map((command) => ({ ...command, tests: count(passed) }));
const [ran] = report('t').commands;
const baseTests: Readonly<Record<string, BaseTests>> = {
  green: { kind: 'ran', report: report('t'), paths: bent },
  asMany: { kind: 'ran', report: { tree: 't', commands: told(3) }, paths: bent, alone: count(3) },
  fewer: { kind: 'ran', report: { tree: 't', commands: told(2) }, paths: bent, alone: count(3) },
  silent: { kind: 'ran', report: report('t'), paths: bent, alone: count(3) },
  red: { kind: 'ran', report: report('t', 1), paths: bent },
  crashed: {
    kind: 'ran',
    report: { tree: 't', commands: ran ? [{ ...ran, exit: { kind: 'signalled', signal: 'SIGSEGV' } }] : [] },
    paths: bent,
  },
  endless: {
    kind: 'ran',
    report: { tree: 't', commands: ran ? [ran, { ...ran, exit: { kind: 'killed', reason: 'wall' } }] : [] },
    paths: bent,
  },
  nothing: { kind: 'ran', report: { tree: 't', commands: [] }, paths: bent },
  notRun: { kind: 'not_run', why: 'red', paths: bent },
  tooMany: { kind: 'not_run', why: 'paths', paths: bent },
};

function toRun({
  state,
  task,
  code,
  commands,
  head,
  baseBranch,
  isDraft,
  sharers,
  heldAt,
  paths,
  review,
  ...checks
}: Mixed): Run {
  const [first] = ready.tasks;
  const { pullRequest, verification } = ready;
  if (!first || !pullRequest || !verification || first.state.kind !== 'merged') throw new Error('not a ready run');
  const contribution = { ...first.state.contribution, paths: [...paths] };
  const reported = report('tree', code).commands.concat(report('tree').commands).slice(0, commands);
  const weakened = checks.weakened === 'none' ? [] : [{ kind: 'test_removed' as const, path: 'test/a.test.ts' }];
  const reviewed = toReview(ready, review);
  const policy = {
    ...(reviewed.policy ?? ready.policy),
    weakened: checks.weakened === 'none' ? ('block' as const) : checks.weakened,
    baseTests: checks.asked,
  };
  const heldRuns = heldAt === undefined ? {} : { heldRuns: { head: sha(heldAt), count: 1, since: 0, lookedAt: 0 } };
  return {
    ...ready,
    state: toState(state),
    tasks: [
      { ...first, state: { ...first.state, contribution } },
      { ...first, key: 'b', state: task === 'merged' ? { ...first.state, contribution } : toTaskState(task) },
    ],
    pullRequest: { ...pullRequest, head: sha(head), baseBranch, isDraft, sharers: [...sharers], ...heldRuns },
    verification: {
      ...verification,
      change: 'change',
      report: { tree: 'tree', commands: reported },
      weakened,
      ...(checks.base ? { baseTests: checks.base } : {}),
    },
    ...reviewed,
    policy,
  };
}

function toReview({ policy }: Run, kind: Mixed['review']): Partial<Run> {
  if (kind === 'off') return {};
  const bad = found({ isForPerson: kind === 'flag', status: kind === 'flag' ? 'unverified' : 'confirmed' });
  const result = kind === 'missing' ? { kind, why: 'no' } : { kind: 'judged' as const, findings: [bad], omitted: 0 };
  const findings = kind === 'clean' || kind === 'other' ? { ...result, findings: [] } : result;
  return {
    policy: {
      ...policy,
      review: { reviewers: ['correctness'], blocking: ['major'], fullPaths: [], maxInline: 6, push: 'after_review' },
    },
    review: {
      change: kind === 'other' ? 'another' : 'change',
      head: sha('1'),
      base: sha('b'),
      at: 0,
      plan: { depth: 'selective', why: '', reviewers: ['correctness'], paths: [] },
      result: findings as NonNullable<Run['review']>['result'],
      steps: [],
      seconds: 0,
      spend: { inputTokens: 0, outputTokens: 0, microUsd: 0 },
    },
  };
}

function toState(kind: Run['state']['kind']): Run['state'] {
  if (kind === 'executing') return { kind, since: 0, phase: 'boundary' };
  if (kind === 'failed') return { kind, since: 0, cause: { kind: 'repository_empty' } };
  return kind === 'stopped' ? { kind, since: 0, by: 'mona' } : { kind: 'ready', since: 0 };
}

function toTaskState(kind: string): Run['tasks'][number]['state'] {
  return kind === 'running' ? { kind: 'running' } : { kind: 'pending' };
}
