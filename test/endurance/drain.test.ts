// Workers are replaced while they work: the new one is up, the old one gets SIGTERM and goes by itself, in time.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, bash, done, filesWith, hang, oneTask, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { endSleep, findProcesses, untilStarted } from '../support/process.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

/** Gives the old worker's exit code. */
async function roll(): Promise<number | null> {
  const old = bot.stack.worker;
  await bot.stack.restartWorker();
  await old.kill('SIGTERM');
  return await old.exited;
}

it('34 restart-matrix: drained in the middle of an attempt, the run ends with one pull request, and the attempt counts once', async () => {
  const marker = '6134.1';
  const repository = await bot.createRepository({
    name: 'drained',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('one'), task('two'))]),
      'task-one': attempts([bash(`sleep ${marker} > /dev/null 2>&1 &`), hang, write('one.txt', 'one\n'), done]),
      'task-two': attempts([write('two.txt', 'two\n'), done]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  await issue.reachesWhere(({ tasks }) => tasks.some(({ key, state }) => key === 'two' && state.kind === 'anchored'));

  expect(await roll()).toBe(0);
  expect(findProcesses(marker)).toEqual([]);
  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['one', 'merged', 1],
    ['two', 'merged', 1],
  ]);
  const log = await issue.log();
  expect(log).toContain('attempt 1 of one is handed over: its worker is being replaced');
  // Handed over, not found dead.
  expect(log.filter((line) => line.includes('is gone'))).toEqual([]);
  const { pulls, checks } = await repository.read();
  expect([pulls.length, checks.length, (await issue.replies()).length]).toEqual([1, 1, 1]);
  // What had ended before is not done again.
  expect(new Set(repository.calls('task-two').map(({ step }) => step)).size).toBe(repository.calls('task-two').length);
  expect(repository.calls('planner')).toHaveLength(1);
});

it('34 restart-matrix: drained while it plans and while it verifies, the run ends as if nothing had been', async () => {
  const marker = '6134.2';
  const repository = await bot.createRepository({
    name: 'drained-twice',
    files: filesWith({ check: `if [ -e one.txt ]; then sleep ${marker} || true; fi\necho ok\n` }),
    scenario: {
      planner: attempts([hang, planOf(task('one'))]),
      'task-one': attempts([write('one.txt', 'one\n'), done]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await issue.reaches('planning');
  expect(await roll()).toBe(0);
  await untilStarted(`sleep ${marker}`);
  const before = findProcesses(`sleep ${marker}`);
  expect(await roll()).toBe(0);
  expect(findProcesses(`sleep ${marker}`).filter((pid) => before.includes(pid))).toEqual([]);
  await endSleep(marker);
  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
  expect((await issue.log()).filter((line) => line.includes('is gone'))).toEqual([]);
});

it('ends at once, with 0, when there is nothing to do', async () => {
  const repository = await bot.createRepository({ name: 'idle', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await issue.reaches('ready');
  await issue.isShown();
  expect(await roll()).toBe(0);
  expect(bot.logs.filter((line) => line.includes('the grace period is over'))).toEqual([]);
});
