// From a labelled issue to a merged pull request, as people see it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { done, oneTask, planOf, task, usualFiles, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot('pi');
});
afterAll(() => bot.release());

it('turns a label into a gated pull request and merges it on command', async () => {
  const repository = await bot.createRepository({ name: 'story', files: usualFiles, scenario: oneTask('greeting') });
  const issue = await repository.openIssue('Add a greeting');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  const pull = await repository.pull(run.pullRequest?.number ?? 0);
  expect(pull).toMatchObject({ title: 'Add a greeting', headRef: `gatepilot/${issue.number}/r1`, blockedBy: [] });
  expect(pull.checks).toMatchObject([{ name: 'gatepilot/gate', conclusion: 'success', headSha: pull.headSha }]);
  expect(pull.checks[0]?.externalId).toBe(`${issue.number}:r1:${pull.headSha}:${pull.baseSha}`);

  // Its tree is what the merge of its tasks gave, which was verified there.
  expect(pull.checks[0]?.summary).toContain('| carried over | nothing ran anew');

  const merge = await repository.thread(pull.number).comment('/pilot merge');
  const merged = await issue.reaches('merged');
  await issue.isShown();
  expect(merged.state).toMatchObject({ isProven: true, by: 'gatepilot', tree: run.verification?.key.tree });
  expect(await repository.thread(pull.number).reactionsOn(merge)).toEqual(['+1']);
  const after = await repository.read();
  expect(after.issues.find(({ number }) => number === issue.number)?.state).toBe('closed');
  // One comment on each thread, whatever happened.
  expect(
    [await issue.replies(), await repository.thread(pull.number).replies()].map((replies) => replies.length),
  ).toEqual([1, 1]);
});

it('makes one run of a label and a comment', async () => {
  const repository = await bot.createRepository({ name: 'both', files: usualFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const [comment] = await Promise.all([issue.comment('/pilot run'), issue.label('pilot:run')]);
  await issue.reaches('ready');
  await issue.isShown();
  expect((await issue.record())?.runsStarted).toBe(1);
  expect((await repository.read()).pulls).toHaveLength(1);
  expect(await issue.reactionsOn(comment)).toEqual(['+1']);
});

it('refuses a merge when the head moved, names both commits, and verifies the new head', async () => {
  const repository = await bot.createRepository({ name: 'moved-head', files: usualFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  const old = run.verification?.key.head ?? '';
  const number = run.pullRequest?.number ?? 0;
  const pushed = await bot.stack.control.pushCommit({
    as: 'mona',
    repository: repository.fullName,
    branch: `gatepilot/${issue.number}/r1`,
    message: 'One more thing',
    files: { 'more.txt': 'more\n' },
  });
  const thread = repository.thread(number);
  const merge = await thread.comment('/pilot merge');
  expect(await thread.reactionsOn(merge)).toEqual(['confused']);
  await issue.isShown();
  const said = (await thread.replies()).join('\n');
  expect(said).toContain(old);
  expect(said).toContain(pushed.sha);
  const requests = await bot.stack.control.readRequests({});
  expect(
    requests.filter(
      ({ method, path }) => method === 'PUT' && path.includes(`${repository.fullName}/pulls/${number}/merge`),
    ),
  ).toEqual([]);

  await until(async () => ((await issue.record())?.run?.verification?.key.head === pushed.sha ? true : undefined));
  await issue.isShown();
  expect((await repository.pull(number)).checks).toMatchObject([{ conclusion: 'success', headSha: pushed.sha }]);
  await thread.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true });
});

it('plans three tasks in two batches and calls no pilot when nothing fails', async () => {
  const repository = await bot.createRepository({
    name: 'batches',
    files: usualFiles,
    scenario: {
      planner: [{ attempts: [[planOf(task('a'), task('b'), task('c', { dependsOn: ['a', 'b'] }))]] }],
      'task-a': [{ attempts: [[write('a.txt', 'a\n'), done]] }],
      'task-b': [{ attempts: [[write('b.txt', 'b\n'), done]] }],
      'task-c': [{ attempts: [[write('c.txt', 'c\n'), done]] }],
    },
  });
  const issue = await repository.openIssue('Three things');
  await issue.comment('/pilot run');
  const run = await issue.reaches('ready');
  expect(run.behind).toEqual([['a', 'b'], ['c']]);
  expect(run.boundaries).toEqual([]);
  expect(
    bot.stack.model.log.filter(({ run: caller, role }) => caller.startsWith(`${repository.id}.`) && role === 'pilot'),
  ).toEqual([]);
});
