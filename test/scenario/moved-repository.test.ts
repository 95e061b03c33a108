// A repository is known by its number: renamed, or given to another account, its runs go on where they were.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bash, done, oneTask, simpleFiles, write } from '../support/plan.ts';
import { endSleep, untilStarted } from '../support/process.ts';
import { createTestRepository, type TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** The same repository under its new name. */
async function move({ fullName, id, setScenario }: TestRepository, to: string): Promise<TestRepository> {
  const { stack, store } = bot;
  await stack.control.moveRepository({ repository: fullName, to });
  return createTestRepository({ stack, store, fullName: to, id, setScenario });
}

/** A run whose agent sleeps until it is woken. */
async function startAtWork(name: string, marker: string) {
  const scenario = oneTask('one', bash(`sleep ${marker}`), write('one.txt', 'one\n'), done);
  const before = await bot.createRepository({ name, files: simpleFiles, scenario });
  const issue = await before.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  return { before, issue };
}

it('a run at work goes on when its repository is renamed, and nobody has to tell it', async () => {
  const marker = '6301.1';
  const { before, issue } = await startAtWork('old-name', marker);
  const repository = await move(before, 'acme/new-name');
  await endSleep(marker);

  const run = await issue.reaches('ready');
  const pull = repository.thread(run.pullRequest?.number ?? 0);
  await pull.comment('/pilot merge');
  await issue.reaches('merged');
  const { pulls, issues, branches } = await repository.read();
  expect([pulls.length, pulls[0]?.merged !== null]).toEqual([1, true]);
  expect(issues[0]?.comments.filter(({ body }) => body.includes(':sticky:'))).toHaveLength(1);
  expect(branches['main']).toBe(pulls[0]?.merged?.sha);
  // The first word from GitHub told of the new name.
  expect((await issue.record())?.repository).toMatchObject({ owner: 'acme', name: 'new-name' });
});

it('a run at work goes on when its repository is given to an account with an installation of its own', async () => {
  const { control, app } = bot.stack;
  await control.createOrganization({ login: 'heirs' });
  const { installationId } = await control.installApp({ appId: app.appId, repositories: { allOf: 'heirs' } });
  const marker = '6301.2';
  const { before, issue } = await startAtWork('heritage', marker);
  const repository = await move(before, 'heirs/heritage');
  await control.setPermission({ repository: repository.fullName, login: 'mona', role: 'write' });
  await endSleep(marker);

  // Until the records are told, there is no token: what needs one waits. The removal of the old installation deletes nothing.
  const run = await issue.reaches('ready');
  expect((await issue.record())?.repository).toMatchObject({ owner: 'heirs', name: 'heritage', installationId });
  const pull = repository.thread(run.pullRequest?.number ?? 0);
  await pull.comment('/pilot merge');
  await issue.reaches('merged');
  await issue.isShown();
  const { pulls, issues } = await repository.read();
  expect([pulls.length, pulls[0]?.merged !== null]).toEqual([1, true]);
  const [sticky, ...others] = issues[0]?.comments.filter(({ body }) => body.includes(':sticky:')) ?? [];
  expect([sticky?.body.includes('**Merged**'), others]).toEqual([true, []]);
});
