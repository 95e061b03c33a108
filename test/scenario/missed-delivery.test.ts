// A webhook that never arrived is found in GitHub's log of deliveries and asked for again; it counts once. So does a
// schedule that was due while nobody looked.
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePolicy } from '../../src/core/policy/parse-policy.ts';
import { toScheduleKey } from '../../src/core/schedule/schedule.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { writer } from '../support/people.ts';
import { filesWith, oneTask, simpleFiles } from '../support/plan.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ env: { GATEPILOT_DELIVERY_SWEEP_SECONDS: '1', GATEPILOT_SCHEDULE_SWEEP_SECONDS: '1' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const askAgain = 'POST /app/hook/deliveries/{delivery_id}/attempts';

async function countAsked(): Promise<number> {
  const counts = (await bot.stack.control.countRequests({}))[askAgain] ?? {};
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

it('58 missed-delivery: a label whose webhook was lost starts its run, once', async () => {
  const { control } = bot.stack;
  const repository = await bot.createRepository({ name: 'lost-label', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const before = await countAsked();
  await control.dropNextDelivery({ event: 'issues', action: 'labeled' });
  await issue.label('pilot:run');
  await issue.reaches('ready');
  await issue.isShown();
  expect((await issue.record())?.runsStarted).toBe(1);
  expect(await countAsked()).toBe(before + 1);
  expect(await issue.replies()).toHaveLength(1);
});

it('58 missed-delivery: a command lost twice in a row is answered once', async () => {
  const { control } = bot.stack;
  const repository = await bot.createRepository({ name: 'lost-command', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  // What is asked for again is dropped as well: each time it is a new state of the delivery.
  await control.dropNextDelivery({ event: 'issue_comment', action: 'created', count: 2 });
  const before = await countAsked();
  const command = await issue.comment('/pilot status');
  expect(await issue.reactionsOn(command)).toHaveLength(1);
  expect(await countAsked()).toBe(before + 2);
  await issue.isShown();
  expect((await issue.record())?.receipts).toHaveLength(1);
});

it('58 missed-delivery: a comment that no delivery tells of any more is taken from the list when processes start', async () => {
  const { control, app } = bot.stack;
  const repository = await bot.createRepository({ name: 'beyond', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  // As after days without a web process: GitHub has forgotten what it could not deliver.
  await control.setWebhookUrl({ appId: app.appId, url: null });
  const merge = await pull.comment('/pilot merge');
  await control.setWebhookUrl({ appId: app.appId, url: `${bot.stack.webUrl}/api/github/webhooks` });
  await bot.stack.worker.kill('SIGKILL');
  await bot.stack.restartWorker();
  await issue.reaches('merged');
  expect(await pull.reactionsOn(merge)).toEqual(['+1']);
  await until(async () => (bot.logs.some((line) => line.includes('taken from the list')) ? true : undefined));
});

it('58 missed-delivery: a command that GitHub does not deliver any more is told to its author once, and starts nothing', async () => {
  const { control, app } = bot.stack;
  const repository = await bot.createRepository({ name: 'lost', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const on = { repository: repository.fullName, number: issue.number };
  const dayMs = 24 * 3_600_000;
  // As after nine days without any process: GitHub has forgotten what it could not deliver.
  const redis = new Redis(bot.stack.redis.url);
  const away = async () => {
    await control.setWebhookUrl({ appId: app.appId, url: null });
    await bot.stack.worker.kill('SIGKILL');
    await redis.set(`${redisPrefix}:heard-until`, String(Date.now() - 9 * dayMs));
  };
  const back = async () => {
    await control.setWebhookUrl({ appId: app.appId, url: `${bot.stack.webUrl}/api/github/webhooks` });
    await bot.stack.restartWorker();
  };
  await away();
  const writtenAt = new Date(Date.now() - 8 * dayMs).toISOString();
  const { id } = await control.comment({ as: writer, ...on, body: '/pilot run', writtenAt });
  await back();
  expect(await issue.reactionsOn(id)).toEqual(['confused']);
  await issue.isShown();
  expect(await issue.answerTo(id)).toContain('@mona This was written at');
  expect(await issue.replies()).toHaveLength(1);
  expect((await issue.record())?.run).toBeUndefined();
  expect(repository.calls()).toEqual([]);

  // What bears a sign was heard, however often it is listed.
  await away();
  await back();
  await until(async () =>
    Number(await redis.get(`${redisPrefix}:heard-until`)) > Date.now() - dayMs ? true : undefined,
  );
  expect(await issue.replies()).toHaveLength(1);
  redis.disconnect();
  await issue.comment('/pilot run');
  expect((await issue.reaches('ready')).id).toBe('r1');
});

it('a schedule that was due while nobody looked runs once, on an issue that is opened for it', async () => {
  const policy = 'schedule:\n  - { name: nightly, text: Do it, cron: "0 3 * * *", timezone: Europe/Berlin }\n';
  const files = filesWith({ check: 'exit 0\n', policy });
  const repository = await bot.createRepository({ name: 'nightly', files, scenario: oneTask() });
  const [schedule] = parsePolicy(policy).policy.schedule.map(toScheduleKey);
  // As if it had been seen two days ago.
  const redis = new Redis(bot.stack.redis.url);
  const key = `${redisPrefix}:schedule:${bot.stack.github.host}/${repository.id}`;
  await redis.zadd(key, String(Date.now() - 2 * 24 * 3_600_000), schedule ?? '');
  redis.disconnect();
  const issue = await until(async () => (await repository.read()).issues[0]);
  const run = await repository.thread(issue.number).reaches('ready');
  expect([issue.title, issue.author]).toEqual(['Scheduled: nightly', run.startedBy.login]);
  expect(run).toMatchObject({ id: 'r1', request: 'Do it' });
  expect((await repository.read()).issues).toHaveLength(1);
  expect(repository.calls('planner')[0]?.prompt).toContain('Do it');
});
