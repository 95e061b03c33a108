// GitHub may deliver twice, late and in any order: one run, one effect, one comment.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdNextRequest } from '../support/hold-request.ts';
import { done, oneTask, simpleFiles, sleepFor, write } from '../support/plan.ts';
import { endSleep, untilStarted } from '../support/process.ts';
import type { TestRepository, Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

function create(name: string, seconds?: string): Promise<TestRepository> {
  const scenario =
    seconds === undefined ? oneTask() : oneTask('one', sleepFor(seconds), write('one.txt', 'one\n'), done);
  return bot.createRepository({ name, files: simpleFiles, scenario });
}

/** Everything that GitHub sent so far is decided and shown: whoever asks now is answered last. */
async function settle(thread: Thread): Promise<void> {
  await bot.stack.control.settleDeliveries({});
  await thread.isShown();
}

async function redeliver(repository: TestRepository, event: string, action: string): Promise<void> {
  const { deliveries } = await bot.stack.control.readState();
  const past = deliveries.filter(
    (one) => one.repositoryId === repository.id && one.event === event && one.action === action,
  );
  expect(past).not.toEqual([]);
  for (const { id } of past) await bot.stack.control.redeliver({ deliveryId: id });
}

async function count(repository: TestRepository, issue: Thread) {
  const { pulls, branches } = await repository.read();
  const runs = (await issue.record())?.runsStarted;
  return {
    runs,
    pulls: pulls.length,
    branches: Object.keys(branches).length,
    comments: (await issue.replies()).length,
  };
}

it.concurrent('35 duplicate-delivery: what is delivered again after the run has ended changes nothing', async ({
  expect,
}) => {
  const repository = await create('again');
  const { issue, pull } = await repository.makeReady('Do it');
  await redeliver(repository, 'issues', 'labeled');
  await settle(issue);
  expect(await count(repository, issue)).toEqual({ runs: 1, pulls: 1, branches: 2, comments: 1 });

  const merge = await pull.comment('/pilot merge');
  const merged = await issue.reaches('merged');
  await settle(issue);
  await redeliver(repository, 'issues', 'labeled');
  await redeliver(repository, 'issue_comment', 'created');
  await redeliver(repository, 'pull_request', 'opened');
  await redeliver(repository, 'pull_request', 'closed');
  await settle(issue);
  expect(await count(repository, issue)).toEqual({ runs: 1, pulls: 1, branches: 2, comments: 1 });
  expect((await issue.record())?.run?.state).toEqual(merged.state);
  expect(await repository.mergeRequests()).toHaveLength(1);
  expect(await pull.replies()).toHaveLength(1);
  expect(await pull.reactionsOn(merge)).toEqual(['+1']);
});

it.concurrent('35 duplicate-delivery: a label that is put on twice joins the run, and once it has ended is told why not', async ({
  expect,
}) => {
  const seconds = '6035.1';
  const repository = await create('label-twice', seconds);
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await untilStarted(seconds);
  // The bot takes the label off when it has taken it, so that it can be put on again.
  const isLabelled = async () => (await repository.read()).issues[0]?.labels.includes('pilot:run');
  await until(async () => ((await isLabelled()) ? undefined : true));
  await issue.label('pilot:run');
  await until(async () => ((await issue.record())?.receipts.length === 2 ? true : undefined));
  await endSleep(seconds);
  await issue.reaches('ready');
  await settle(issue);
  expect(await count(repository, issue)).toEqual({ runs: 1, pulls: 1, branches: 2, comments: 1 });
  expect((await issue.record())?.receipts.map(({ state }) => state.kind)).toEqual(['done', 'done']);

  await issue.label('pilot:run');
  await until(async () => ((await issue.record())?.receipts.length === 3 ? true : undefined));
  await settle(issue);
  await redeliver(repository, 'issues', 'labeled');
  await settle(issue);
  expect(await count(repository, issue)).toEqual({ runs: 1, pulls: 1, branches: 2, comments: 2 });
  expect((await issue.replies())[1]).toMatch(
    /@mona Run r1 ended with pull request #2, which is open: merge or close it first\.$/,
  );
  expect(await isLabelled()).toBe(false);
});

// From here on one at a time: what is done to deliveries does not choose a repository.

it('35 duplicate-delivery: commands that overtake each other make one run, and each is answered once', async () => {
  const { control } = bot.stack;
  const seconds = '6035.2';
  const repository = await create('overtaken', seconds);
  const issue = await repository.openIssue('Do it');
  await control.holdNextDelivery({ event: 'issue_comment', action: 'created' });
  const early = await issue.comment('/pilot run');
  const late = await issue.comment('/pilot run');
  await untilStarted(seconds);
  expect(await control.releaseDeliveries()).toEqual({ released: 1 });
  await until(async () => ((await issue.record())?.receipts.length === 2 ? true : undefined));
  await endSleep(seconds);
  await issue.reaches('ready');
  await settle(issue);
  expect([await issue.reactionsOn(early), await issue.reactionsOn(late)]).toEqual([['+1'], ['+1']]);
  expect(await count(repository, issue)).toEqual({ runs: 1, pulls: 1, branches: 2, comments: 1 });

  // One that arrives only after the end, and then once more.
  await control.holdNextDelivery({ event: 'issue_comment', action: 'created' });
  const last = await issue.comment('/pilot run');
  await control.releaseDeliveries();
  expect(await issue.reactionsOn(last)).toEqual(['confused']);
  await redeliver(repository, 'issue_comment', 'created');
  await settle(issue);
  expect(await issue.answerTo(last)).toContain('which is open: merge or close it first.');
  expect(await count(repository, issue)).toEqual({ runs: 1, pulls: 1, branches: 2, comments: 2 });
  expect(await issue.reactionsOn(last)).toEqual(['confused']);
});

it('35 duplicate-delivery: two merge commands make one merge, and the second is told so', async () => {
  const repository = await create('merge-twice');
  const { issue, pull } = await repository.makeReady('Do it');
  const route = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';
  const goOn = await holdNextRequest(bot.stack.control, route);
  const first = await pull.comment('/pilot merge');
  await issue.reaches('merging');
  const second = await pull.comment('/pilot merge');
  await pull.answerTo(second);
  await goOn();
  await issue.reaches('merged');
  await settle(issue);
  expect([await pull.reactionsOn(first), await pull.reactionsOn(second)]).toEqual([['+1'], ['confused']]);
  expect(await pull.answerTo(second)).toBe('@mona A merge is under way.');
  expect(await repository.mergeRequests()).toHaveLength(1);
});

it('35 duplicate-delivery: a whole story of which every word is said twice', async () => {
  await bot.stack.control.duplicateNextDelivery({ event: '*', count: 1_000 });
  const repository = await create('echo');
  const issue = await repository.openIssue('Do it');
  const [run] = await Promise.all([issue.comment('/pilot run'), issue.label('pilot:run')]);
  const { pullRequest } = await issue.reaches('ready');
  await settle(issue);
  const pull = repository.thread(pullRequest?.number ?? 0);
  const merge = await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
  await settle(issue);
  expect([await issue.reactionsOn(run), await pull.reactionsOn(merge)]).toEqual([['+1'], ['+1']]);
  expect(await count(repository, issue)).toEqual({ runs: 1, pulls: 1, branches: 2, comments: 1 });
  expect(repository.calls('planner')).toHaveLength(1);
  expect(await pull.replies()).toHaveLength(1);
  expect(await repository.mergeRequests()).toHaveLength(1);
  expect((await repository.read()).checks).toHaveLength(1);
  expect((await repository.read()).issues[0]?.state).toBe('closed');
});
