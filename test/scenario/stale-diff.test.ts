// A verdict is for one head on one base. Whatever moves between the verdict and the merge is named, and never merged
// as if it had been judged.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdNextRequest } from '../support/hold-request.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';
import type { ReadyRun, TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** Pushes to the default branch go through: what is tried here is our gate, not GitHub's protection. */
async function open(name: string): Promise<{ repository: TestRepository; ready: ReadyRun }> {
  const repository = await bot.createRepository({ name, files: simpleFiles, scenario: oneTask(), isProtected: false });
  return { repository, ready: await repository.makeReady('Do it') };
}

it.concurrent('25 stale-diff: a head that moved after the verdict is refused, named, verified and then merged', async ({
  expect,
}) => {
  const { repository, ready } = await open('head-moved');
  const { issue, pull, run, branch } = ready;
  const pushed = await repository.push(branch, { 'more.txt': 'more\n' });
  const merge = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  await issue.isShown();
  const reply = await pull.replyTo(merge);
  expect(reply).toContain(`\`${run.verification?.key.head}\``);
  expect(reply).toContain(`\`${pushed}\``);
  expect(await repository.mergeRequests()).toEqual([]);

  await issue.reachesWhere(({ verification, state }) => verification?.key.head === pushed && state.kind === 'ready');
  await issue.isShown();
  const shown = await repository.pull(pull.number);
  expect(shown.checks).toMatchObject([{ conclusion: 'success', headSha: pushed }]);
  // The verdict on the older head no longer counts, and its check says which head replaced it.
  const older = (await repository.read()).checks.filter(({ headSha }) => headSha === run.verification?.key.head);
  expect(older).toMatchObject([{ conclusion: 'cancelled', summary: expect.stringContaining(pushed) }]);
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
});

// Alone: what is done to deliveries does not choose a repository.
it('25 stale-diff: a head that moved without a word from GitHub is found when the merge begins', async () => {
  const { repository, ready } = await open('head-moved-unheard');
  const { issue, pull, run, branch } = ready;
  await bot.stack.control.dropNextDelivery({ event: 'pull_request', action: 'synchronize' });
  const pushed = await repository.push(branch, { 'more.txt': 'more\n' });
  const merge = await pull.comment('/pilot merge');
  await issue.reachesWhere(({ verification, state }) => verification?.key.head === pushed && state.kind === 'ready');
  await issue.isShown();
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  // In the sticky comment when the merge had begun; in an answer when something else made the bot look before.
  const told = [...(await pull.replies()), await pull.replyTo(merge)].join('\n');
  expect(told).toContain(`\`${run.verification?.key.head}\``);
  expect(told).toContain(`\`${pushed}\``);
  expect(await repository.mergeRequests()).toEqual([]);
  expect((await repository.pull(pull.number)).checks).toMatchObject([{ conclusion: 'success', headSha: pushed }]);
});

// One at a time: what is held does not choose a repository.
const mergeRoute = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';

/** Does something after the bot has read head and base for the last time, and before its merge is carried out. */
async function betweenReadAndMerge(
  { repository, ready }: { repository: TestRepository; ready: ReadyRun },
  act: () => Promise<string>,
) {
  const goOn = await holdNextRequest(bot.stack.control, mergeRoute);
  const merge = await ready.pull.comment('/pilot merge');
  await until(async () => ((await repository.mergeRequests()).length > 0 ? true : undefined));
  const sha = await act();
  await goOn();
  return { merge, sha };
}

it('26 stale-diff-race: a head that moves between the last look and the merge is not merged', async () => {
  const world = await open('head-race');
  const { repository, ready } = world;
  const { issue, pull, run, branch } = ready;
  const push = () => repository.push(branch, { 'more.txt': 'more\n' });
  const { merge, sha } = await betweenReadAndMerge(world, push);
  await issue.reachesWhere(({ verification, state }) => verification?.key.head === sha && state.kind === 'ready');
  await issue.isShown();
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  expect(await repository.mergeRequests()).toMatchObject([
    { status: 409, requestBody: { sha: run.verification?.key.head } },
  ]);
  expect((await repository.pull(pull.number)).merged).toBeNull();
  const [sticky = ''] = await pull.replies();
  expect(sticky).toContain(`the verdict is for head \`${run.verification?.key.head}\`, and the head is now \`${sha}\``);
});

it('26 stale-diff-race: a base that moves between the last look and the merge is found in the merged tree', async () => {
  const world = await open('base-race');
  const { repository, ready } = world;
  const { issue, pull, run } = ready;
  const push = () => repository.push('main', { 'neighbour.txt': 'somebody else\n' });
  const { merge } = await betweenReadAndMerge(world, push);
  const merged = await issue.reaches('merged');
  await issue.isShown();
  // GitHub has no precondition for the base, so the merge happened; people are told that nobody judged its tree.
  expect(merged.state).toMatchObject({ isProven: false, by: 'gatepilot' });
  expect(await pull.reactionsOn(merge)).toEqual(['+1']);
  const [sticky = ''] = await pull.replies();
  expect(sticky).toContain('**ALARM: merged as');
  expect(sticky).toContain(`is not the verified one** (\`${run.verification?.key.tree}\`)`);
});
