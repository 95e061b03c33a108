// The worker is killed without a word in every state of a run, and between what it wrote to GitHub and saying so. Runs
// in several states share one kill, since that is how machines die.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { holdWrite } from '../support/hold-write.ts';
import { attempts, done, filesWith, hang, oneTask, planOf, task, usualFiles, write } from '../support/plan.ts';
import { endSleep, findProcesses, untilGone, untilStarted } from '../support/process.ts';
import type { TestRepository } from '../support/repository.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ agent: 'pi' });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

async function start(name: string, files: Record<string, string>, scenario: Scenario) {
  // Its base branch moves, so it is nobody's to protect.
  const repository = await bot.createRepository({ name, files, scenario, isProtected: false });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  return { repository, issue };
}

/** A check that sleeps where this condition of the shell holds. */
function sleepWhere(condition: string, marker: string): Record<string, string> {
  return filesWith({ check: `if ${condition}; then sleep ${marker} || true; fi\necho ok\n` });
}

function untilCalled(repository: TestRepository, role: string): Promise<true> {
  return until(async () => repository.calls(role).length > 0 || undefined);
}

/** What the gate pilot says about task `one`. */
const tryAgain = {
  failureAnalysis: [{ task: 'one', cause: 'spec_ambiguity', why: 'Its file has a name that the check refuses.' }],
  strategies: [
    { task: 'one', action: 'retry_different', guidance: 'Call it one.txt.', reason: 'Only the name is wrong.' },
  ],
  routedContext: [],
  skip: [],
  learnings: [],
  batches: [['one']],
  verdict: 'continue',
  verdictReason: 'One name has to change.',
};

it('34 restart-matrix: killed while runs plan, attempt, integrate, consult and verify, all of them end ready', async () => {
  const agent = '6234.1';
  const together = '6234.2';
  const moved = '6234.3';
  const planning = await start('planning', usualFiles, {
    ...oneTask(),
    planner: attempts([hang, planOf(task('one'))]),
  });
  const attempting = await start('attempting', usualFiles, {
    ...oneTask(),
    'task-one': attempts([hang, write('one.txt', 'one\n'), done]),
  });
  const integrating = await start('integrating', sleepWhere('[ -e one.txt ] && [ -e two.txt ]', together), {
    planner: attempts([planOf(task('one'), task('two'))]),
    'task-one': attempts([write('one.txt', 'one\n'), done]),
    'task-two': attempts([write('two.txt', 'two\n'), done]),
  });
  const consulting = await start('consulting', usualFiles, {
    planner: attempts([planOf(task('one', { ownedPaths: ['one.txt', 'broken.txt'] }))]),
    pilot: attempts([hang, { kind: 'json', value: tryAgain }]),
    'task-one': attempts(
      [write('broken.txt', 'x\n'), done],
      [write('broken.txt', 'x\n'), done],
      [write('one.txt', 'one\n'), done],
    ),
  });
  const verifying = await start('verifying', sleepWhere('[ -e one.txt ] && [ -e moved.txt ]', moved), {
    ...oneTask(),
    'task-one': attempts([{ kind: 'bash', command: `sleep ${agent} || true` }, write('one.txt', 'one\n'), done]),
  });
  // The base moves while its agent works, so that the merged tree is one that nobody has verified.
  await untilStarted(`sleep ${agent}`);
  await verifying.repository.push('main', { 'moved.txt': 'moved\n' });
  await endSleep(agent);
  await untilStarted(`sleep ${moved}`);
  await untilStarted(`sleep ${together}`);
  await consulting.issue.reachesWhere(({ state }) => state.kind === 'executing' && state.phase === 'boundary');
  // A state is there before its model is asked, and whoever is asked only after the kill hangs all the same.
  await untilCalled(planning.repository, 'planner');
  await untilCalled(attempting.repository, 'task-one');
  await untilCalled(consulting.repository, 'pilot');
  const states = await Promise.all(
    [planning, attempting, integrating, consulting, verifying].map(
      async ({ issue }) => (await issue.record())?.run?.state,
    ),
  );
  expect(states).toMatchObject([
    { kind: 'planning' },
    { kind: 'executing', phase: 'attempting' },
    { kind: 'executing', phase: 'integrating' },
    { kind: 'executing', phase: 'boundary' },
    { kind: 'reviewing', phase: 'verifying' },
  ]);

  await bot.stack.worker.kill('SIGKILL');
  await Promise.all([untilGone(`sleep ${moved}`), untilGone(`sleep ${together}`)]);
  await bot.stack.restartWorker();
  await Promise.all([endSleep(moved), endSleep(together)]);
  const runs = [planning, attempting, integrating, consulting, verifying];
  for (const { repository, issue } of runs) {
    const run = await issue.reaches('ready');
    await issue.isShown();
    const { pulls, checks } = await repository.read();
    expect([pulls.length, checks.length, (await issue.replies()).length]).toEqual([1, 1, 1]);
    expect(run.tasks.every(({ state }) => state.kind === 'merged')).toBe(true);
  }
  const counts = await Promise.all(
    runs.map(async ({ issue }) => (await issue.record())?.run?.tasks.map(({ attempts: made }) => made.length)),
  );
  expect(counts).toEqual([[1], [1], [1, 1], [3], [1]]);
  // Agents whose work had ended are not asked again.
  for (const role of ['task-one', 'task-two']) {
    const steps = integrating.repository.calls(role).map(({ step }) => step);
    expect(new Set(steps).size).toBe(steps.length);
  }
  expect(findProcesses(together)).toEqual([]);
});

it('34 restart-matrix: killed while the base is checked and while a batch is reviewed, both end ready and nobody works twice', async () => {
  const base = '6234.4';
  const evidence = { kind: 'command', command: 'test -f one.txt' };
  const entries = [{ task: 'one', item: 'done', status: 'met', evidence, why: 'It is there.' }];
  const check = `if [ ! -e one.txt ]; then sleep ${base} || true; fi\n`;
  const checking = await start('checking', filesWith({ check, baseline: true }), oneTask());
  const reviewing = await start('reviewing', usualFiles, {
    ...oneTask(),
    reviewer: attempts([hang, { kind: 'json', value: { entries } }]),
  });
  await untilStarted(`sleep ${base}`);
  await untilCalled(reviewing.repository, 'reviewer');
  expect((await reviewing.issue.record())?.run?.state).toMatchObject({ kind: 'executing', phase: 'accepting' });

  await bot.stack.worker.kill('SIGKILL');
  await untilGone(`sleep ${base}`);
  await bot.stack.restartWorker();
  await endSleep(base);
  for (const { repository, issue } of [checking, reviewing]) {
    const run = await issue.reaches('ready');
    await issue.isShown();
    const { pulls, checks } = await repository.read();
    expect([pulls.length, checks.length, (await issue.replies()).length]).toEqual([1, 1, 1]);
    expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
  }
});

it('34 restart-matrix: killed after its push, after its pull request and after its merge, it finds each of them', async () => {
  const { repository, issue } = await start('writing', usualFiles, oneTask());
  const writes = [
    { isIt: ({ path }: { path: string }) => path.includes('git-receive-pack'), goOn: async () => undefined },
    {
      isIt: ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/pulls'),
      goOn: async () => {
        const run = await issue.reaches('ready');
        await repository.thread(run.pullRequest?.number ?? 0).comment('/pilot merge');
      },
    },
    {
      isIt: ({ method, path }: { method: string; path: string }) => method === 'PUT' && path.endsWith('/merge'),
      goOn: async () => undefined,
    },
  ];
  for (const { isIt, goOn } of writes) {
    const drop = await holdWrite(bot.stack.control, isIt);
    await bot.stack.worker.kill('SIGKILL');
    await drop();
    await bot.stack.restartWorker();
    await goOn();
  }
  const run = await issue.reaches('merged');
  await issue.isShown();
  expect(run.state).toMatchObject({ isProven: true, by: 'gatepilot' });
  const { pulls } = await repository.read();
  expect(pulls).toHaveLength(1);
  expect(run.tasks.map(({ attempts: made }) => made.length)).toEqual([1]);
  expect(await issue.replies()).toHaveLength(1);
  expect((await repository.mergeRequests()).filter(({ status }) => status === 200)).toHaveLength(0);
});
