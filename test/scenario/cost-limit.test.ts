// The money of a run is used up in the middle of it: what is built is delivered, what is missing is named, and so is what it cost.
import { afterAll, beforeAll, it } from 'vitest';
import { attempts, bash, done, filesWith, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** Of a model that takes three thousandths of a dollar for each answer, it asks for more than its part pays. */
const talkative = Array.from({ length: 40 }, () => bash('true'));

it('59 budget-cap: at the limit what is built is delivered in part, and people read what is missing and what was spent', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'cost-limit',
    files: filesWith({ check: 'true\n', policy: 'max_attempts: 1\nbudget: { run_usd: 0.1 }\n' }),
    scenario: {
      planner: attempts([planOf(task('one'), task('two', { dependsOn: ['one'] }))]),
      'task-one': attempts([write('one.txt', 'one\n'), done]),
      'task-two': attempts([write('two.txt', 'two\n'), ...talkative, done]),
    },
  });
  const issue = await repository.openIssue('Two things');
  const command = await issue.comment('/pilot run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(run.tasks.map(({ key, state }) => [key, state.kind])).toEqual([
    ['one', 'merged'],
    ['two', 'failed'],
  ]);
  const limit = 'part of budget.run_usd for one attempt';
  expect(run.tasks[1]?.state).toMatchObject({ cause: { kind: 'budget', limit } });
  // The request that crosses the limit is the last one.
  expect(run.spend.microUsd).toBeLessThan(100_000);
  expect(repository.calls('task-two').length).toBeLessThan(10);
  expect(await issue.reactionsOn(command)).toEqual(['+1']);

  // What is done is on its branch, and what the second task had made is kept beside it.
  const pull = await repository.pull(run.pullRequest?.number ?? 0);
  expect(Object.keys((await repository.read()).branches)).toContain(run.pullRequest?.branch);
  expect(await bot.readArtifact(run.tasks[1]?.attempts[0]?.patch ?? '')).toContain('+two');
  const spent = `$${(run.spend.microUsd / 1_000_000).toFixed(4)}`;
  expect(pull.body).toContain('1 of 2 tasks are in this branch; 1 failed.');
  expect(pull.body).toMatch(/### What was done\s+- `one`/);
  expect(pull.body).toMatch(
    /### What was not done\s+- `two` Task two: \*\*failed\*\*: The limit "part of budget\.run_usd/,
  );
  for (const [sticky = ''] of [await issue.replies(), await repository.thread(pull.number).replies()]) {
    expect(sticky).toContain(
      '1 of 2 tasks are merged; `two` was not done: the limit "part of budget.run_usd for one attempt" was reached.',
    );
    expect(sticky).toContain(spent);
  }
  // Nobody merges a part as if it were all of it.
  expect(pull.blockedBy).not.toEqual([]);
});
