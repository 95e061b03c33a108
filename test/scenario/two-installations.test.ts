// The same name and the same number on two accounts are two things: nothing that happens to one is seen at the other.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bash, done, oneTask, simpleFiles, write } from '../support/plan.ts';
import { untilStarted } from '../support/process.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

it('issues of one number in two repositories of one name, each of an installation of its own, do not know each other', async () => {
  const { control, app } = bot.stack;
  await control.createOrganization({ login: 'awning' });
  await control.installApp({ appId: app.appId, repositories: { allOf: 'awning' } });
  const marker = '6249.1';
  const options = { name: 'twin', files: simpleFiles };
  const theirs = await bot.createRepository({ ...options, owner: 'awning' });
  const ours = await bot.createRepository(options);
  theirs.setScenario(oneTask('theirs', write('theirs.txt', 'theirs\n'), done));
  ours.setScenario(oneTask('ours', bash(`sleep ${marker}`), done));
  const [other, own] = [await theirs.openIssue('Theirs'), await ours.openIssue('Ours')];
  expect(own.number).toBe(other.number);
  await own.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  expect(await other.record()).toBeUndefined();
  await other.label('pilot:run');
  const run = await other.reaches('ready');
  await other.isShown();
  await own.comment('/pilot stop');
  await own.reaches('stopped');
  await own.isShown();

  expect((await other.record())?.run).toEqual(run);
  expect((await other.record())?.repository.installationId).not.toBe((await own.record())?.repository.installationId);
  expect([theirs.calls('task-ours'), ours.calls('task-theirs')]).toEqual([[], []]);
  const [there, here] = [await theirs.read(), await ours.read()];
  expect([there.pulls.length, here.pulls.length]).toEqual([1, 0]);
  expect([there.issues[0]?.labels, here.issues[0]?.labels]).toEqual([['pilot:ready'], ['pilot:stopped']]);
  expect((await other.replies()).join()).not.toContain('Stopped');
  expect(Object.keys(here.branches)).toEqual(['main']);
  // Each is read and written with the token of its own installation: with the other one's GitHub shows nothing of it.
  const asked = (await control.readRequests({})).filter(({ path }) => path.startsWith('/repos/awning/'));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
});
