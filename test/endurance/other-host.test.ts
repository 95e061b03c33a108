// Finished work travels as bundles: any host can go on with any run.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, bash, done, hang, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { untilGone, untilStarted } from '../support/process.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ agent: 'pi' });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('34 restart-matrix: a host makes an attempt and is gone with its disk; another one merges it from the bundle', async () => {
  const marker = '6234.1';
  const repository = await bot.createRepository({
    name: 'other-host',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('one'), task('two'))]),
      'task-one': attempts([write('one.txt', 'one\n'), done]),
      // It never comes to its end on the first host.
      'task-two': attempts([bash(`sleep ${marker} > /dev/null 2>&1 &`), hang, write('two.txt', 'two\n'), done]),
    },
  });
  const issue = await repository.openIssue('Two things');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  const built = await issue.reachesWhere(({ tasks }) => tasks.some(({ state }) => state.kind === 'anchored'));
  await bot.stack.worker.kill('SIGKILL');
  await untilGone(marker);
  await bot.loseDisk();
  // What was built is on no disk but in the artifacts, and not on GitHub.
  expect(Object.keys((await repository.read()).branches)).toEqual(['main']);

  await bot.startHost();
  const run = await issue.reaches('ready');
  const [one] = built.tasks;
  expect(one?.state.kind).toBe('anchored');
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['one', 'merged', 1],
    ['two', 'merged', 1],
  ]);
  const commit = (state: typeof one) =>
    state?.state.kind === 'anchored' || state?.state.kind === 'merged' ? state.state.contribution.commit : '';
  expect(commit(run.tasks[0])).toBe(commit(one));
  // Nobody worked on it a second time.
  expect(new Set(repository.calls('task-one').map(({ step }) => step)).size).toBe(repository.calls('task-one').length);
});
