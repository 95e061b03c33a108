import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { all, closed, open, waiting } from '../../../src/core/gate/verdict.ts';
import type { Cause } from '../../../src/core/model/cause.ts';
import type { Run, RunState, Task } from '../../../src/core/model/run.ts';
import { renderGateCheck } from '../../../src/core/reply/render-check.ts';
import { mona, pull, red, report, sha } from '../run/outcome.ts';
import { blocked, ready } from '../run/place.ts';
import { openRun, tell, withState, withTask } from './gate-record.ts';

const since = { since: 0 };
const budget: Cause = { kind: 'budget', limit: 'budget.run_usd', value: 1, spent: 1 };

describe('the gate', () => {
  it('is open for the verified key of a ready run', () => {
    expect(tell(openRun())).toBe('open: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.');
  });

  it('answers for every state of a run', () => {
    const states: RunState[] = [
      { kind: 'planning', ...since },
      { kind: 'executing', ...since, phase: 'attempting' },
      { kind: 'executing', ...since, phase: 'integrating' },
      { kind: 'executing', ...since, phase: 'accepting' },
      { kind: 'executing', ...since, phase: 'boundary' },
      { kind: 'reviewing', ...since, phase: 'verifying' },
      { kind: 'reviewing', ...since, phase: 'publishing' },
      { kind: 'ready', ...since },
      {
        kind: 'merging',
        ...since,
        by: { kind: 'command', phase: 'merging', turns: 1, verifications: 0, actor: mona, receiptId: 'comment/1' },
      },
      { kind: 'merging', ...since, by: { kind: 'person' } },
      { kind: 'stopping', ...since, by: 'mona' },
      { kind: 'stopped', ...since, by: 'mona' },
      { kind: 'failed', ...since, cause: red },
      { kind: 'failed', ...since, cause: { kind: 'deadline', limit: 'run', valueMs: 1, elapsedMs: 2 } },
      { kind: 'failed', ...since, cause: { kind: 'infrastructure', system: 'git', detail: '502' } },
      { kind: 'failed', ...since, cause: budget },
      { kind: 'merged', ...since, sha: sha('e'), tree: 'tree', isProven: true, by: 'gatepilot' },
      { kind: 'superseded', ...since, head: sha('2') },
      { kind: 'closed', ...since, by: 'mona' },
    ];
    const told = states.map((state) => `${state.kind} → ${tell(withState(state))}`);
    expect(told).toMatchInlineSnapshot(`
      [
        "planning → waiting: The run is still working.",
        "executing → waiting: The run is still working.",
        "executing → waiting: The run is still working.",
        "executing → waiting: The run is still working.",
        "executing → waiting: The run is still working.",
        "reviewing → waiting: The newest head is being verified.",
        "reviewing → waiting: The newest head is being verified.",
        "ready → open: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.",
        "merging → open: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.",
        "merging → open: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.",
        "stopping → cancelled: The run was stopped by @​mona.",
        "stopped → cancelled: The run was stopped by @​mona.",
        "failed → failure: The run failed.",
        "failed → timed_out: The run did not come to an end: its verdict did not happen.",
        "failed → timed_out: The run did not come to an end: its verdict did not happen.",
        "failed → action_required: The run ended by the limit "budget.run_usd".",
        "merged → open: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.",
        "superseded → cancelled: The run was superseded by 2222222222. Nothing of it is verified any more: whoever wants it opens a pull request from another branch, with a commit of its own, or starts a new run.",
        "closed → cancelled: The pull request was closed by @​mona. Nothing of it is verified any more: whoever wants it opens a pull request from another branch, with a commit of its own, or starts a new run.",
      ]
    `);
  });

  it('answers for every state of a task beside a merged one', () => {
    const [merged] = openRun().tasks;
    if (merged?.state.kind !== 'merged') throw new Error('a ready run has a merged task');
    const { contribution } = merged.state;
    const states: Task['state'][] = [
      { kind: 'pending' },
      { kind: 'running' },
      { kind: 'anchored', contribution },
      { kind: 'merged', contribution, commit: sha('1') },
      { kind: 'failed', cause: red },
      { kind: 'failed', cause: budget },
      { kind: 'blocked', on: 'a', cause: budget },
      { kind: 'rolled_back', cause: { kind: 'taken_out', with: 'a' } },
      { kind: 'skipped', by: 'the gate pilot', reason: 'It is pointless now.' },
      { kind: 'blocked', on: 'a', cause: { kind: 'dependency_failed', task: 'a' } },
      { kind: 'conflicted', with: 'a', why: 'Both rename the page.' },
    ];
    const told = states.map((state) => `${state.kind} → ${tell(withTask(state))}`);
    expect(told).toMatchInlineSnapshot(`
      [
        "pending → waiting: \`b\` is not finished.",
        "running → waiting: \`b\` is not finished.",
        "anchored → waiting: \`b\` is not finished.",
        "merged → open: Verified: head 1111111111 on base bbbbbbbbbb gives tree tree-11111.",
        "failed → failure: 1 of 2 tasks are merged; \`b\` failed.",
        "failed → action_required: 1 of 2 tasks are merged; \`b\` was not done: the limit "budget.run_usd" was reached.",
        "blocked → failure: 1 of 2 tasks are merged; \`b\` is blocked by \`a\`.",
        "rolled_back → failure: 1 of 2 tasks are merged; \`b\` failed.",
        "skipped → failure: 1 of 2 tasks are merged; \`b\` was skipped: It is pointless now.",
        "blocked → failure: 1 of 2 tasks are merged; \`b\` is blocked by \`a\`.",
        "conflicted → action_required: 1 of 2 tasks are merged; \`b\` contradicts \`a\`: Both rename the page.",
      ]
    `);
  });

  it('is closed for everything that is not the verified key', () => {
    const run = openRun();
    const { verification, pullRequest } = run;
    if (!verification || !pullRequest) throw new Error('a ready run is verified and has a pull request');
    const { verification: _, ...unverified } = run;
    const changed: Record<string, Run> = {
      'nothing verified': unverified,
      'another head': { ...run, pullRequest: { ...pullRequest, head: sha('2') } },
      'another base branch': { ...run, pullRequest: { ...pullRequest, baseBranch: 'release' } },
      'a red command': { ...run, verification: { ...verification, report: report('tree', 1) } },
      'a command that was killed': withExit({ kind: 'killed', reason: 'wall' }),
      'a command that was ended by a signal': withExit({ kind: 'signalled', signal: 'SIGKILL' }),
      'a green command before a red one': {
        ...run,
        verification: {
          ...verification,
          report: { tree: 'tree', commands: [...report('tree').commands, ...report('tree', 1).commands] },
        },
      },
      'no command': { ...run, verification: { ...verification, report: { tree: 'tree', commands: [] } } },
      'no task': { ...run, tasks: [] },
      'a workflow': withPaths('src/error.ts', '.github/workflows/ci.yml'),
      'our own settings': withPaths('.github/gatepilot.yml', '.github/workflows/ci.yml'),
    };
    const told = Object.entries(changed).map(([name, each]) => `${name} → ${tell(each)}`);
    expect(told).toMatchInlineSnapshot(`
      [
        "nothing verified → waiting: Nothing was verified yet.",
        "another head → waiting: The verdict is for head 1111111111111111111111111111111111111111; the head is now 2222222222222222222222222222222222222222.",
        "another base branch → action_required: The verdict is for the base \`main\`; the pull request now goes into \`release\`.",
        "a red command → failure: \`npm test\` failed on the merged tree.",
        "a command that was killed → failure: \`npm test\` failed on the merged tree.",
        "a command that was ended by a signal → failure: \`npm test\` failed on the merged tree.",
        "a green command before a red one → failure: \`npm test\` failed on the merged tree.",
        "no command → action_required: No verify command ran, so nothing is known.",
        "no task → waiting: There is no plan yet.",
        "a workflow → action_required: \`.github/workflows/ci.yml\` needs a maintainer's approval.",
        "our own settings → action_required: \`.github/gatepilot.yml\` and 1 more needs a maintainer's approval.",
      ]
    `);
  });

  it('names every part with its own reason', () => {
    const verdict = evaluateGate(openRun());
    expect(verdict.parts.map(({ gate, state }) => `${gate} ${state.kind}`)).toEqual([
      'run open',
      'tasks open',
      'protected paths open',
      'verification open',
      'draft open',
      'shared head open',
    ]);
    expect(verdict.parts.every(({ because }) => because.endsWith('.'))).toBe(true);
  });
});

describe('a head that somebody pushed', () => {
  it('is waited for, whatever was found of the one before it', () => {
    const world = blocked();
    expect(tell(world.run)).toContain('failure: A reviewer found what was confirmed');
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    expect(tell(world.run)).toContain('waiting: The newest head is being verified.');
    const { record, run } = world;
    expect(renderGateCheck(record, run, { head: sha('2') }).state).toEqual({ kind: 'in_progress' });
    const touched = { ...openRun(), state: { kind: 'executing', ...since, phase: 'attempting' } } as Run;
    if (touched.verification && touched.pullRequest) {
      touched.verification.touched = ['.github/workflows/ci.yml'];
      touched.verification.marks = [{ path: 'a', line: 1 }];
      touched.verification.weakened = [{ kind: 'test_removed', path: 'test/a.test.ts' }];
      expect(tell(touched)).toContain('failure:');
      touched.pullRequest.head = sha('2');
    }
    expect(tell(touched)).toBe('waiting: The run is still working.');
  });
});

it('the check of a draft is queued with the reason as soon as nothing else is waited for', () => {
  const world = pull(ready(), 'synchronize', { isDraft: true }).settle();
  const { state, title } = renderGateCheck(world.record, world.run, { head: sha('1') });
  expect([state, title]).toEqual([{ kind: 'queued' }, expect.stringContaining('#9 is a draft')]);
});

describe('parts together', () => {
  it('are as bad as the worst of them, and say its reason', () => {
    const [yes, later, no] = [open('a', 'yes'), waiting('b', 'later'), closed('c', 'action_required', 'no')];
    expect(all('x', [yes, yes], 'all')).toMatchObject({ state: { kind: 'open' }, because: 'all' });
    expect(all('x', [yes, later], 'all')).toMatchObject({ state: { kind: 'waiting' }, because: 'later' });
    expect(all('x', [later, no, yes], 'all')).toMatchObject({ state: { kind: 'closed' }, because: 'no' });
    const stopped = closed('d', 'cancelled', 'stopped');
    expect(all('x', [no, stopped], 'all')).toMatchObject({ because: 'stopped' });
  });

  it('are open when there is none', () => {
    expect(all('x', [], 'nothing is wrong')).toMatchObject({ state: { kind: 'open' }, because: 'nothing is wrong' });
  });
});

function withExit(exit: ReturnType<typeof report>['commands'][number]['exit']): Run {
  const run = openRun();
  const commands = report('tree').commands.map((command) => ({ ...command, exit }));
  return run.verification ? { ...run, verification: { ...run.verification, report: { tree: 'tree', commands } } } : run;
}

function withPaths(...paths: string[]): Run {
  const run = openRun();
  return {
    ...run,
    tasks: run.tasks.map((task) =>
      task.state.kind === 'merged'
        ? { ...task, state: { ...task.state, contribution: { ...task.state.contribution, paths } } }
        : task,
    ),
  };
}
