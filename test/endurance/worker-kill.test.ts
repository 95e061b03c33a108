// The worker is killed without a word. What it held is found, and everything ends as if it had only taken longer.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, bash, done, hang, oneTask, planOf, task, usualFiles, write } from '../support/plan.ts';
import { findProcesses, untilGone, untilStarted } from '../support/process.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('34 restart-matrix: killed in the middle of an attempt, the run ends with one pull request and one comment', async () => {
  const marker = '6034.1';
  const repository = await bot.createRepository({
    name: 'killed',
    files: usualFiles,
    scenario: {
      planner: attempts([planOf(task('one'), task('two'))]),
      // The first time it never comes to an end; whoever takes its place finds the model awake.
      'task-one': attempts([bash(`sleep ${marker} > /dev/null 2>&1 &`), hang, write('one.txt', 'one\n'), done]),
      'task-two': attempts([write('two.txt', 'two\n'), done]),
    },
  });
  const issue = await repository.openIssue('Do it');
  const start = await issue.comment('/pilot run');
  await untilStarted(`sleep ${marker}`);
  await issue.reachesWhere(({ tasks }) => tasks.some(({ key, state }) => key === 'two' && state.kind === 'anchored'));
  await bot.stack.worker.kill('SIGKILL');
  // Nothing of the sandbox outlives the worker.
  expect(await untilGone(marker)).toBeLessThan(5_000);
  await bot.stack.restartWorker();

  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['one', 'merged', 1],
    ['two', 'merged', 1],
  ]);
  expect(await issue.reactionsOn(start)).toEqual(['+1']);
  expect(await issue.replies()).toHaveLength(1);
  const { pulls, branches, checks } = await repository.read();
  expect(pulls).toHaveLength(1);
  expect(pulls[0]?.commits.map(({ message }) => message.split('\n')[0])).toEqual(
    expect.arrayContaining(['Task one', 'Task two']),
  );
  expect(Object.keys(branches)).toHaveLength(2);
  expect(checks).toHaveLength(1);
  // What had ended before is not done again.
  expect(new Set(repository.calls('task-two').map(({ step }) => step)).size).toBe(repository.calls('task-two').length);
  expect(repository.calls('planner')).toHaveLength(1);
});

it('34 restart-matrix: stops that arrive while no worker lives end the run, and both are answered', async () => {
  const marker = '6034.2';
  const repository = await bot.createRepository({
    name: 'stopped-dead',
    files: usualFiles,
    scenario: oneTask('one', bash(`sleep ${marker}`), done),
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  await bot.stack.worker.kill('SIGKILL');
  await untilGone(marker);
  const stops = [await issue.comment('/pilot stop'), await issue.comment('/pilot stop now!')];
  await bot.stack.control.settleDeliveries({});
  await bot.stack.restartWorker();
  await issue.reaches('stopped');
  await issue.isShown();
  for (const stop of stops) expect(await issue.reactionsOn(stop)).toEqual(['+1']);
  expect(await issue.replies()).toHaveLength(1);
  expect(findProcesses(marker)).toEqual([]);
  repository.setScenario(oneTask('fresh'));
  await issue.comment('/pilot run');
  expect((await issue.reaches('ready')).id).toBe('r2');
});
