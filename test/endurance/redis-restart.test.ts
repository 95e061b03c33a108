// Redis dies in the middle of everything and comes back. Nobody of ours is told, and nobody has to do anything.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, done, planOf, simpleFiles, sleepFor, task, write } from '../support/plan.ts';
import { endSleep, untilStarted } from '../support/process.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

async function killRedis(): Promise<void> {
  const { redis } = bot.stack;
  const { pid } = redis;
  process.kill(pid, 'SIGKILL');
  await until(async () => (redis.pid !== pid ? true : undefined));
}

it('57 redis-restart: killed while agents work and commands come in, nothing acknowledged is lost and the run goes on', async () => {
  const marker = '6334.1';
  const repository = await bot.createRepository({
    name: 'redis-restart',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('one'), task('two', { dependsOn: ['one'] }))]),
      'task-one': attempts([sleepFor(marker), write('one.txt', 'one\n'), done]),
      'task-two': attempts([write('two.txt', 'two\n'), done]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  const before = await issue.comment('/pilot status');
  // Answered with 200: from here on it must not be forgotten.
  await bot.stack.control.settleDeliveries({});
  await killRedis();
  const after = await issue.comment('/pilot status');
  // Its result is kept by the Redis that came back.
  await endSleep(marker);
  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['one', 'merged', 1],
    ['two', 'merged', 1],
  ]);
  for (const status of [before, after]) expect(await issue.reactionsOn(status)).toEqual(['+1']);
  // The holder kept its action: it was not taken from it, nor found dead.
  expect((await issue.log()).filter((line) => line.includes('is gone') || line.includes('replaced'))).toEqual([]);
  const { pulls, checks } = await repository.read();
  expect([pulls.length, checks.length]).toEqual([1, 1]);
  const subject = toSubjectId(bot.stack.github.host, repository.id, issue.number);
  const sequences = (await bot.store.readLog(subject, 0)).map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});
