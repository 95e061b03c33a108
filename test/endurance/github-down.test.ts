// GitHub is away, slow, or limits us: work goes on, what is to be shown comes later and at once, and nothing comes twice.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InjectFault } from '../../src/demo/github/action/fault-input.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { done, oneTask, simpleFiles, sleepFor, write } from '../support/plan.ts';
import { endSleep, untilStarted } from '../support/process.ts';
import type { TestRepository, Thread } from '../support/repository.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const comments = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const checks = 'POST /repos/{owner}/{repo}/check-runs';
const pulls = 'POST /repos/{owner}/{repo}/pulls';
const removals = 'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}';
const edits = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
const labels = 'POST /repos/{owner}/{repo}/issues/{issue_number}/labels';
const reactions = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions';

async function inject(...faults: readonly InjectFault[]): Promise<void> {
  for (const fault of faults) await bot.stack.control.injectFault(fault);
}

/** Answers of this route from a request on, by status; 0 is none. */
async function answersOf(route: string, after: number): Promise<Readonly<Record<number, number>>> {
  return (await bot.stack.control.countRequests({ after }))[route] ?? {};
}

async function newestRequest(): Promise<number> {
  return (await bot.stack.control.readRequests({})).at(-1)?.index ?? 0;
}

/** Never more than one comment on each thread, also not for a moment; one pull request, one check that says what the run's record says. */
async function checkShownOnce(repository: TestRepository, issue: Thread): Promise<void> {
  await issue.isConfirmed();
  const run = (await issue.record())?.run;
  const state = await repository.read();
  expect(state.pulls).toHaveLength(1);
  const pull = repository.thread(run?.pullRequest?.number ?? 0);
  expect([(await issue.replies()).length, (await pull.replies()).length]).toEqual([1, 1]);
  const newest = (await repository.pull(pull.number)).checks;
  expect(await answersOf(removals, 0)).toEqual({});
  expect(newest).toMatchObject([{ name: 'gatepilot/gate', conclusion: 'success', headSha: run?.pullRequest?.head }]);
}

it('56 github-down: an agent works on through an outage, and all of it is told in one edit afterwards', async () => {
  const { control } = bot.stack;
  const seconds = '6056.1';
  const scenario = oneTask('one', sleepFor(seconds), write('one.txt', 'one\n'), done);
  const repository = await bot.createRepository({ name: 'outage', files: simpleFiles, scenario });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(seconds);
  await until(async () => ((await issue.replies())[0]?.includes('**Working** on batch 1') ? true : undefined));
  const [before] = await issue.replies();

  await control.setOutage({ isDown: true });
  await endSleep(seconds);
  await issue.reachesWhere(({ tasks }) => tasks.every(({ state }) => state.kind !== 'running'));
  expect(await issue.replies()).toEqual([before]);
  const from = await newestRequest();
  await control.setOutage({ isDown: false });

  await issue.reaches('ready');
  await checkShownOnce(repository, issue);
  expect(await answersOf(comments, from)).toEqual({ 201: 1 });
  expect(await answersOf(pulls, from)).toEqual({ 201: 1 });
});

it('56 github-down: limits, lost answers and cut connections in every kind of write of one run', async () => {
  const { control } = bot.stack;
  const repository = await bot.createRepository({ name: 'bad-day', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  await control.setListLag({ lagMs: 3_000 });
  await inject(
    { route: comments, effect: { kind: 'bad_gateway', when: 'after' } },
    { route: comments, effect: { kind: 'secondary_limit', retryAfterSeconds: 1 } },
    { route: comments, effect: { kind: 'cut', when: 'after' } },
    { route: checks, effect: { kind: 'cut', when: 'after' } },
    { route: checks, effect: { kind: 'rate_limit', retryAfterSeconds: 1 } },
    { route: pulls, effect: { kind: 'bad_gateway', when: 'after' } },
    { route: edits, effect: { kind: 'bad_gateway', when: 'before' } },
    { route: edits, effect: { kind: 'primary_limit', resetAfterSeconds: 1 } },
    { route: labels, effect: { kind: 'unavailable' } },
    { route: reactions, effect: { kind: 'rate_limit', retryAfterSeconds: 2 } },
    { route: reactions, effect: { kind: 'bad_gateway', when: 'after' } },
  );
  const command = await issue.comment('/pilot run');
  await issue.reaches('ready');
  expect(await issue.reactionsOn(command)).toEqual(['+1']);
  await checkShownOnce(repository, issue);
  expect((await repository.read()).issues.find(({ number }) => number === issue.number)?.labels).toEqual([
    'pilot:ready',
  ]);
  await control.setListLag({ lagMs: 0 });
  await control.clearFaults();
});

it('56 github-down: a request that is never answered holds its work up for its own time only', async () => {
  const repository = await bot.createRepository({ name: 'silence', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  await inject({ route: comments, effect: { kind: 'timeout', when: 'after' } });
  await issue.label('pilot:run');
  const { pullRequest } = await issue.reaches('ready');
  expect(pullRequest?.state).toBe('open');
  await checkShownOnce(repository, issue);
});
