// What an operator does with a bot that works: follows a run, stops it, and sees that nothing is left of a repository
// from which the App was removed.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toRepositoryKey } from '../../src/core/model/subject.ts';
import { openEvents } from '../api/event-client.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { bash, done, oneTask, simpleFiles, write } from '../support/plan.ts';
import { untilGone, untilStarted } from '../support/process.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const pathOf = (repositoryId: number, number: number) =>
  `${bot.stack.adminUrl}/api/repositories/${encodeURIComponent(bot.stack.github.host)}/${repositoryId}/subjects/${number}`;

it('follows a run, stops it by the API, and is told the same again', async () => {
  const marker = '6031.3301';
  const scenario = oneTask('one', bash(`sleep ${marker}`), write('one.txt', 'one\n'), done);
  const repository = await bot.createRepository({ name: 'stopped', files: simpleFiles, scenario });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(marker);
  const path = pathOf(repository.id, issue.number);
  const client = await openEvents(`${path}/events`);
  const post = async () => {
    const response = await fetch(`${path}/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'stop-1' },
      body: '{"command":"stop"}',
    });
    return [response.status, await response.text()];
  };
  const first = await post();
  expect(first[0]).toBe(200);
  await untilGone(marker);
  await issue.reaches('stopped');
  await issue.isShown();
  expect(await post()).toEqual(first);
  expect(await (await fetch(path)).json()).toMatchObject({ state: 'stopped', run: { id: 'r1' } });
  const log = await bot.store.readLog(`${bot.stack.github.host}/${repository.id}/${issue.number}` as never, 0);
  await until(async () => (client.received.length >= log.length ? true : undefined));
  expect(client.received.map(({ data }) => data.sequence)).toEqual(log.map(({ sequence }) => sequence));
  client.disconnect();
});

it('sees a repository go whole when the App is removed from it while it works', async () => {
  const marker = '6031.3302';
  const scenario = oneTask('one', bash(`sleep ${marker}`), write('one.txt', 'one\n'), done);
  const repository = await bot.createRepository({ name: 'removed', files: simpleFiles, scenario });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(marker);
  const client = await openEvents(`${pathOf(repository.id, issue.number)}/events`);
  const { installations } = await bot.stack.control.readState();
  const installationId = installations[0]?.id ?? 0;
  await bot.stack.control.uninstallApp({ installationId });
  await client.ended;
  expect(client.received.at(-1)?.event).toBe('deleted');
  await untilGone(marker);
  expect((await fetch(pathOf(repository.id, issue.number))).status).toBe(404);
  const key = toRepositoryKey({ host: bot.stack.github.host, id: repository.id });
  const shelf = join(dirname(bot.stack.redis.socketPath), '../data/artifacts', `r-${encodeURIComponent(key)}`);
  await until(async () => (existsSync(shelf) ? undefined : true), undefined, 120_000);
  const deletions = await until(async () => {
    const answer = (await (await fetch(`${bot.stack.adminUrl}/api/deletions`)).json()) as {
      deletions: { repositoryId?: number; phase: string; attempts: number }[];
    };
    const own = answer.deletions.filter(({ repositoryId }) => repositoryId === repository.id);
    return own.every(({ phase }) => phase === 'done') ? own : undefined;
  });
  expect(deletions.map(({ attempts }) => attempts)).toEqual(deletions.map(() => 0));
});
