// Who may not command gets a sign and perhaps a sentence, and nothing runs. What is no command gets nothing at all.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OtherApp, startOtherApp } from '../support/other-app.ts';
import { outsider, reader, triager, writer } from '../support/people.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';
import type { TestRepository, Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
let otherApp: OtherApp;
let repository: TestRepository;
beforeAll(async () => {
  bot = await shareBot();
  otherApp = await startOtherApp(bot.stack, 'acme');
  repository = await bot.createRepository({ name: 'guarded', files: simpleFiles, scenario: oneTask() });
});

afterAll(() => bot.release());

/** Somebody who may ask is answered after everything that was said before; then nothing of it is left to be decided. */
async function settle(issue: Thread): Promise<string[]> {
  const question = await issue.comment('/pilot status');
  expect(await issue.reactionsOn(question)).toEqual(['+1']);
  await issue.isShown();
  expect(await issue.answerTo(question)).toBe('@mona No run was started here yet.');
  expect((await issue.record())?.runsStarted).toBe(0);
  return (await issue.replies()).slice(0, -1);
}

it.concurrent.each([
  ['a reader', reader, 'read'],
  ['a triager', triager, 'triage'],
  // Everybody can read a public repository.
  ['somebody without any role', outsider, 'read'],
])('50 untrusted-commander: %s may not run, stop or merge', async (_, login, permission) => {
  const issue = await repository.openIssue('Do it', { as: login });
  const last = ' What else of yours is refused here within an hour gets a reaction only.';
  for (const verb of ['run', 'stop', 'merge']) {
    const comment = await issue.comment(`/pilot ${verb}`, login);
    expect(await issue.reactionsOn(comment)).toEqual(['confused']);
    await issue.isShown();
    expect(await issue.answerTo(comment)).toBe(
      `@${login} \`${verb}\` needs write permission on this repository; you have ${permission}.${verb === 'merge' ? last : ''}`,
    );
  }
  expect(await issue.reactionsOn(await issue.comment('/pilot run', login))).toEqual(['confused']);
  expect(await settle(issue)).toHaveLength(3);
});

it.concurrent.each([
  ['in a quote', '> /pilot run\n\nWhat does that do?'],
  ['in a fence', 'Try this:\n\n```\n/pilot run\n```'],
  ['in a tilde fence that is never closed', '~~~sh\n/pilot run\n\n/pilot run'],
  ['indented as code', 'Like so:\n\n    /pilot run'],
  ['in a code span', '`/pilot run` is what you want, or\n``\n/pilot run\n``'],
  ['in an HTML comment', '<!--\n/pilot run\n-->\nNothing to see.'],
  ['in a quote of a quote, as mail does', 'On Monday mona wrote:\n> > /pilot run\n> /pilot run'],
  ['in the middle of a sentence', 'You could say /pilot run here.'],
  ['as somebody else, in a mention of another', '@gatepilot-fan run'],
])('50 untrusted-commander: a command %s is none, whoever writes it', async (_, body) => {
  const issue = await repository.openIssue('Do it', { body });
  const comment = await issue.comment(body);
  expect(await settle(issue)).toEqual([]);
  expect(await issue.reactionsNow(comment)).toEqual([]);
});

it.concurrent('50 untrusted-commander: an edit never commands', async ({ expect }) => {
  const issue = await repository.openIssue('Do it');
  const comment = await issue.comment('I wonder.');
  const { control } = bot.stack;
  await control.editComment({ as: writer, repository: repository.fullName, commentId: comment, body: '/pilot run' });
  await control.editIssue({ as: writer, repository: repository.fullName, number: issue.number, body: '/pilot run' });
  await control.settleDeliveries({});
  expect(await settle(issue)).toEqual([]);
  expect(await issue.reactionsNow(comment)).toEqual([]);
});

it.concurrent('50 untrusted-commander: another bot is not heard', async ({ expect }) => {
  const issue = await repository.openIssue('Do it');
  const comment = await otherApp.comment(repository.fullName, issue.number, '/pilot run');
  await bot.stack.control.settleDeliveries({});
  expect(await settle(issue)).toEqual([]);
  expect(await issue.reactionsNow(comment)).toEqual([]);
});

it.concurrent('50 untrusted-commander: a label by somebody with triage alone is taken off with one sentence', async ({
  expect,
}) => {
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run', triager);
  await bot.stack.control.settleDeliveries({});
  await issue.isShown();
  expect(await settle(issue)).toMatchObject([
    expect.stringMatching(/@tina The label `pilot:run` is heard only from people with write permission\.$/),
  ]);
  const { issues } = await repository.read();
  expect(issues.find(({ number }) => number === issue.number)?.labels).toEqual([]);
});

it.concurrent('50 untrusted-commander: a state that somebody only claims with a label is corrected', async ({
  expect,
}) => {
  const issue = await repository.openIssue('Do it');
  for (const label of ['pilot:working', 'pilot:ready', 'bug']) await issue.label(label, triager);
  await bot.stack.control.settleDeliveries({});
  expect(await settle(issue)).toEqual([]);
  const { issues } = await repository.read();
  expect(issues.find(({ number }) => number === issue.number)?.labels).toEqual(['bug']);
});

// Alone: what is done to deliveries does not choose a repository.
it('50 untrusted-commander: somebody who may not even see the repository any more gets a sign and no conversation', async () => {
  const hidden = await bot.createRepository({
    name: 'hidden',
    files: simpleFiles,
    scenario: oneTask(),
    isPrivate: true,
  });
  const issue = await hidden.openIssue('Do it', { as: reader });
  await bot.stack.control.holdNextDelivery({ event: 'issue_comment', action: 'created' });
  const comment = await issue.comment('/pilot run', reader);
  // Authority is what it is when the command is carried out, not when it was written.
  await bot.stack.control.setPermission({ repository: hidden.fullName, login: reader, role: 'none' });
  await bot.stack.control.releaseDeliveries();
  expect(await issue.reactionsOn(comment)).toEqual(['confused']);
  await issue.isShown();
  expect(await settle(issue)).toEqual([]);
  expect(hidden.calls()).toEqual([]);
});

it('50 untrusted-commander: nothing of all that was said in this file has started anything', async () => {
  const { pulls, branches } = await repository.read();
  expect(pulls).toEqual([]);
  expect(Object.keys(branches)).toEqual(['main']);
  expect(repository.calls()).toEqual([]);
});
