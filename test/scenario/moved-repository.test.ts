// A repository is known by its number: renamed, or given to another account, its runs go on where they were.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bash, done, oneTask, simpleFiles, write } from '../support/plan.ts';
import { endSleep, untilStarted } from '../support/process.ts';
import { createTestRepository, type TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

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

it('a run at work goes on when its repository is renamed, and nobody has to tell it', async () => {
  const marker = '6301.1';
  const scenario = oneTask('one', bash(`sleep ${marker}`), write('one.txt', 'one\n'), done);
  const before = await bot.createRepository({ name: 'old-name', files: simpleFiles, scenario });
  const issue = await before.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
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

it('a run lives on when its repository is given to an account with an installation of its own', async () => {
  const { control, app } = bot.stack;
  await control.createOrganization({ login: 'heirs' });
  const { installationId } = await control.installApp({ appId: app.appId, repositories: { allOf: 'heirs' } });
  const scenario = oneTask('one', write('one.txt', 'one\n'), done);
  const before = await bot.createRepository({ name: 'heritage', files: simpleFiles, scenario });
  const { issue, run } = await before.makeReady('Do it');
  const repository = await move(before, 'heirs/heritage');
  await control.setPermission({ repository: repository.fullName, login: 'mona', role: 'write' });

  // Its removal from the installation that it had is told first, and deletes nothing.
  await until(async () => ((await issue.record())?.repository.installationId === installationId ? true : undefined));
  expect((await issue.record())?.repository).toMatchObject({ owner: 'heirs', name: 'heritage' });
  const pull = repository.thread(run.pullRequest?.number ?? 0);
  await pull.comment('/pilot merge');
  await issue.reaches('merged');
  expect((await repository.pull(pull.number)).merged).not.toBeNull();
});
