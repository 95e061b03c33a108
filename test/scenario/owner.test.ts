// Who does a piece of work: one of many who want it, for as long as it lives, and somebody else soon after its death.
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import type { OurProcess } from '../../src/demo/stack/child-process.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { holdNextRequest } from '../support/hold-request.ts';
import { attempts, bash, done, filesWith, oneTask, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { endSleep, findCommands, untilGone, untilStarted } from '../support/process.ts';
import { until } from '../support/until.ts';

let bot: Bot;
let other: OurProcess;
beforeAll(async () => {
  bot = await startBot();
  other = await bot.stack.startWorker();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('39 claim-race: of many who are handed the same attempt one works on it', async () => {
  const marker = '6539.1';
  const repository = await bot.createRepository({
    name: 'claimed',
    files: simpleFiles,
    scenario: oneTask('one', bash(`sleep ${marker}`), write('one.txt', 'one\n'), done),
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  const [begun] = (await issue.outbox()).filter(({ action }) => action.kind === 'attempt');
  const connection = new Redis(bot.stack.redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue('attempt', { connection, prefix: redisPrefix });
  const subject = toSubjectId(bot.stack.github.host, repository.id, issue.number);
  const data = { subject, actionId: begun?.action.id, dispatch: begun?.dispatch, kind: 'attempt' };
  for (let n = 0; n < 20; n += 1) await queue.add('attempt', data, { removeOnComplete: true, removeOnFail: true });
  // One place in either worker is taken; all others took the jobs and were refused.
  await until(async () => ((await queue.getJobCountByTypes('wait', 'active')) === 1 ? true : undefined));
  expect(findCommands(`sleep ${marker}`)).toHaveLength(1);
  await endSleep(marker);
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
  const steps = repository.calls('task-one').map(({ step }) => step);
  expect(new Set(steps).size).toBe(steps.length);
  await queue.close();
  connection.disconnect();
});

it('62 alias-window: the pull request is made and its maker dies before anybody was told; a stop said there reaches the run', async () => {
  const { control, app, worker } = bot.stack;
  const repository = await bot.createRepository({ name: 'window', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const release = await holdNextRequest(control, 'POST /repos/{owner}/{repo}/pulls');
  await issue.label('pilot:run');
  await issue.reachesWhere(({ state }) => state.kind === 'reviewing' && state.phase === 'publishing');
  await until(async () => {
    const asked = await control.readRequests({});
    return (
      asked.some(({ method, path }) => method === 'POST' && path === `/repos/${repository.fullName}/pulls`) || undefined
    );
  });
  await control.settleDeliveries({});
  await control.setWebhookUrl({ appId: app.appId, url: null });
  await Promise.all([worker.kill('SIGKILL'), other.kill('SIGKILL')]);
  await release();
  const number = await until(async () => (await repository.read()).pulls[0]?.number);
  await control.setWebhookUrl({ appId: app.appId, url: `${bot.stack.webUrl}/api/github/webhooks` });
  expect((await issue.record())?.run?.pullRequest).toBeUndefined();
  const pull = repository.thread(number);
  const stop = await pull.comment('/pilot stop');
  await bot.stack.restartWorker();
  other = await bot.stack.startWorker();

  const run = await issue.reaches('stopped');
  expect(run.pullRequest?.number).toBe(number);
  expect(await pull.reactionsOn(stop)).toEqual(['+1']);
  expect((await repository.read()).pulls).toHaveLength(1);
});

it('40 live-vs-dead-owner: whoever works for long keeps its work while it lives, and another takes it up soon after its death', async () => {
  const marker = '6540.1';
  // Longer than a lease and a look for dead holders together.
  const files = filesWith({ check: `if [ -e one.txt ] && [ -e two.txt ]; then sleep ${marker} || true; fi\n` });
  const scenario = {
    planner: attempts([planOf(task('one'), task('two'))]),
    'task-one': attempts([write('one.txt', 'one\n'), done]),
    'task-two': attempts([write('two.txt', 'two\n'), done]),
  };
  const repository = await bot.createRepository({ name: 'owned', files, scenario });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const read = async () => (await issue.outbox()).find(({ action }) => action.kind === 'integrate');
  const begun = await until(async () => {
    const entry = await read();
    return entry?.state.kind === 'begun' ? entry : undefined;
  });
  await untilStarted(`sleep ${marker}`);
  const leases = new Set<number>();
  await until(async () => {
    const entry = await read();
    if (entry?.state.kind === 'begun') leases.add(entry.state.leaseUntil);
    return Date.now() > Number(begun.state.kind === 'begun' && begun.state.leaseUntil) + 15_000 || undefined;
  });
  expect(leases.size).toBeGreaterThan(3);
  expect((await read())?.dispatch).toBe(begun.dispatch);
  expect(findCommands(`sleep ${marker}`)).toHaveLength(1);

  await Promise.all([bot.stack.worker.kill('SIGKILL'), other.kill('SIGKILL')]);
  expect(await untilGone(`sleep ${marker}`)).toBeLessThan(5_000);
  await bot.stack.restartWorker();
  other = await bot.stack.startWorker();
  await untilStarted(`sleep ${marker}`);
  expect((await read())?.dispatch).toBe(begun.dispatch + 1);
  await endSleep(marker);
  await issue.reaches('ready');
  // Nobody worked on the tasks again.
  expect((await issue.record())?.run?.tasks.map(({ attempts: made }) => made.length)).toEqual([1, 1]);
});
