// A worker is killed without a word, or told to end, and another goes on with its agent's session and files; or it begins anew,
// and says why.
import { rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, bash, done, filesWith, oneTask, write } from '../support/plan.ts';
import { endSleep, untilGone, untilStarted } from '../support/process.ts';
import { count, interrupted, isKept, start, stepsOf, takeoversOf } from './interrupted.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ agent: 'pi', env: { GATEPILOT_CHECKPOINT_SECONDS: '1' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('50 checkpoints: killed between an agent and the checks of its work, nobody asks the agent again', async () => {
  const marker = '6334.2';
  const check = `if [ -e one.txt ]; then sleep ${marker} || true; fi\n`;
  const scenario = oneTask('one', bash('sleep 1.2'), write('one.txt', 'one\n'), done);
  const { repository, issue } = await start(bot, 'between', scenario, filesWith({ check }));
  await untilStarted(`sleep ${marker}`);
  await issue.reachesWhere(isKept);
  const before = repository.calls('task-one').length;
  await bot.stack.worker.kill('SIGKILL');
  await untilGone(`sleep ${marker}`);
  await bot.stack.restartWorker();
  await endSleep(marker);
  const run = await issue.reaches('ready');
  expect(takeoversOf(run)).toMatchObject([{ kind: 'resumed' }]);
  expect(repository.calls('task-one')).toHaveLength(before);
  expect(run.tasks[0]?.attempts[0]?.steps?.map(({ id, state }) => [id, state])[0]?.[1]).toBe('done');
});

it('50 checkpoints: a worker that is told to end leaves the session to the next one', async () => {
  const marker = '6334.3';
  const { repository, issue } = await start(bot, 'rolled', interrupted(marker));
  await untilStarted(`sleep ${marker}`);
  await issue.reachesWhere(isKept);
  const old = bot.stack.worker;
  await bot.stack.restartWorker();
  await old.kill('SIGTERM');
  expect(await old.exited).toBe(0);
  const run = await issue.reaches('ready');
  expect(takeoversOf(run)).toMatchObject([{ kind: 'resumed' }]);
  expect(count(stepsOf(repository), 0)).toBe(1);
});

it('50 checkpoints: one that is damaged or gone is not used; the attempt begins anew and says why', async () => {
  const marks = ['6334.4', '6334.5', '6334.6'];
  const [damaged, gone, none] = await Promise.all([
    start(bot, 'damaged', interrupted(marks[0] ?? '')),
    start(bot, 'gone', interrupted(marks[1] ?? '')),
    // Nothing of it is a second old.
    start(bot, 'none', {
      ...interrupted(''),
      'task-one': attempts([bash(`sleep ${marks[2]}`), write('one.txt', '1\n'), done]),
    }),
  ]);
  for (const mark of marks) await untilStarted(`sleep ${mark}`);
  const idOf = async ({ issue }: typeof damaged) =>
    (await issue.reachesWhere(isKept)).tasks[0]?.attempts[0]?.checkpoint?.id ?? 'none';
  const [first, second] = [await idOf(damaged), await idOf(gone)];
  await bot.stack.worker.kill('SIGKILL');
  for (const mark of marks) await untilGone(`sleep ${mark}`);
  for (const path of await bot.listCheckpoints()) {
    if (path.endsWith(first)) await writeFile(path, 'rubbish');
    if (path.endsWith(second)) await rm(path);
  }
  await bot.stack.restartWorker();
  await untilStarted(`sleep ${marks[2]}`);
  await endSleep(marks[2] ?? '');
  const why = [];
  for (const { issue } of [damaged, gone, none]) why.push(takeoversOf(await issue.reaches('ready')));
  expect(why).toMatchObject([
    [{ kind: 'anew', why: 'corrupt' }],
    [{ kind: 'anew', why: 'gone' }],
    [{ kind: 'anew', why: 'none' }],
  ]);
  expect(count(stepsOf(damaged.repository), 0)).toBe(2);
  expect((await damaged.issue.log()).join('\n')).toContain('begins it anew, since what was kept of it is damaged');
});

it('50 checkpoints: after a stop nothing is gone on with, also by whoever resumes the run', async () => {
  const marker = '6334.7';
  const { repository, issue } = await start(bot, 'stopped', interrupted(marker));
  await untilStarted(`sleep ${marker}`);
  await issue.reachesWhere(isKept);
  await bot.stack.worker.kill('SIGKILL');
  await untilGone(marker);
  await issue.comment('/pilot stop');
  await bot.stack.control.settleDeliveries({});
  await bot.stack.restartWorker();
  await issue.reaches('stopped');
  expect(count(stepsOf(repository), 0)).toBe(1);
  await issue.comment('/pilot resume');
  const run = await issue.reaches('ready');
  expect(takeoversOf(run)).toEqual([]);
  expect(count(stepsOf(repository), 0)).toBe(2);
});
