// The base branch moves under pull requests that are ready: by people who push to it, and by merges of other pull requests.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesWith, oneTask, simpleFiles } from '../support/plan.ts';
import type { ReadyRun, TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** Pushes to the default branch go through: what is tried here is our gate, not GitHub's protection. */
async function open(name: string, files = simpleFiles): Promise<{ repository: TestRepository; ready: ReadyRun }> {
  const repository = await bot.createRepository({ name, files, scenario: oneTask(), isProtected: false });
  return { repository, ready: await repository.makeReady('Do it') };
}

it.concurrent('69 branch-freshness: a push to the base closes the gate, which opens for the newer base by itself', async ({
  expect,
}) => {
  const { repository, ready } = await open('followed');
  const { issue, pull, run } = ready;
  const head = run.verification?.key.head ?? '';
  const before = (await bot.stack.control.readRequests({})).at(-1)?.index ?? 0;
  const base = await repository.push('main', { 'neighbour.txt': 'somebody else\n' });
  const again = await issue.reachesWhere(
    ({ state, verification }) => state.kind === 'ready' && verification?.key.base === base,
  );
  await issue.isShown();
  expect(again.verification?.key).toMatchObject({ head, base });
  const { checks, headSha } = await repository.pull(pull.number);
  expect([headSha, checks]).toMatchObject([head, [{ conclusion: 'success', headSha: head }]]);
  expect(checks[0]?.externalId.endsWith(`:${base}`)).toBe(true);
  // In between it said why it is not open.
  const shown = (await bot.stack.control.readRequests({ after: before })).filter(
    ({ method, path }) => method === 'PATCH' && path.startsWith(`/repos/${repository.fullName}/check-runs/`),
  );
  expect(shown.map(({ requestBody }) => requestBody)).toMatchObject([
    {
      status: 'in_progress',
      output: {
        summary: expect.stringContaining('`main` has moved, and what a merge would give now is being verified.'),
      },
    },
    { conclusion: 'success' },
  ]);
  // Nobody is bothered: nothing was written but what stands there already.
  expect(await pull.replies()).toHaveLength(1);
  expect(await repository.mergeRequests()).toEqual([]);
});

it.concurrent('25 stale-diff: a merge that is asked for while the base moves is made on the newer one, once that is verified', async ({
  expect,
}) => {
  const { repository, ready } = await open('armed');
  const { issue, pull, run } = ready;
  const base = await repository.push('main', { 'neighbour.txt': 'somebody else\n' });
  await issue.reachesWhere(({ state }) => state.kind === 'reviewing');
  const merge = await pull.comment('/pilot merge');
  const merged = await issue.reaches('merged');
  await issue.isShown();
  expect(await pull.reactionsOn(merge)).toEqual(['+1']);
  expect(merged.verification?.key).toMatchObject({ head: run.verification?.key.head, base });
  expect(merged.state).toMatchObject({ isProven: true, by: 'gatepilot' });
  expect(await repository.mergeRequests()).toHaveLength(1);
});

it.concurrent('a base that it does not fit any more shuts the gate with the files that conflict', async ({
  expect,
}) => {
  const { repository, ready } = await open('conflicting');
  const { issue, pull, run } = ready;
  const [path = ''] = run.tasks.flatMap(({ state }) => (state.kind === 'merged' ? state.contribution.paths : []));
  await repository.push('main', { [path]: 'somebody else\n' });
  const failed = await issue.reaches('failed');
  await issue.isShown();
  expect(failed.state).toMatchObject({ cause: { kind: 'merge_conflict', paths: [path] } });
  expect((await repository.pull(pull.number)).checks).toMatchObject([{ conclusion: 'failure' }]);
  expect((await pull.replies())[0]).toContain(`\`${path}\``);
});

it.concurrent('a base that moves is brought in where the settings say so, and what is merged then is that', async ({
  expect,
}) => {
  const { repository, ready } = await open(
    'updated',
    filesWith({ check: 'true\n', policy: 'gate: { base_moved: update }\n' }),
  );
  const { issue, pull, run } = ready;
  const before = run.verification?.key.head;
  const base = await repository.push('main', { 'neighbour.txt': 'somebody else\n' });
  const after = await issue.reachesWhere(
    ({ state, verification }) => state.kind === 'ready' && verification?.key.base === base,
  );
  await issue.isShown();
  const { headSha: head, checks, commits } = await repository.pull(pull.number);
  expect(commits.map(({ sha }) => sha).slice(-2)).toEqual([before, head]);
  expect([after.verification?.key.head, checks]).toMatchObject([head, [{ conclusion: 'success' }]]);
});

it.concurrent('a run merges by itself where the settings say so', async ({ expect }) => {
  const files = filesWith({ check: 'true\n', policy: 'gate: { auto_merge: true }\n' });
  const repository = await bot.createRepository({ name: 'by-itself', files, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const start = await issue.comment('/pilot run');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
  await issue.isShown();
  expect(await issue.reactionsOn(start)).toEqual(['+1']);
});

// Alone: what is done to deliveries does not choose a repository.
it('25 stale-diff: a base that moved without a word from GitHub is refused when the merge begins, with both named', async () => {
  const { repository, ready } = await open('unheard');
  const { issue, pull, run } = ready;
  const before = run.verification?.key.base ?? '';
  await bot.stack.control.dropNextDelivery({ event: 'push' });
  const base = await repository.push('main', { 'neighbour.txt': 'somebody else\n' });
  const merge = await pull.comment('/pilot merge');
  const again = await issue.reachesWhere(({ verification }) => verification?.key.base === base);
  expect(again.verification?.key.tree).not.toBe(run.verification?.key.tree);
  await issue.isShown();
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  expect((await pull.replies())[0]).toContain(`the verdict is for base \`${before}\`, and the base is now \`${base}\``);
  expect(await repository.mergeRequests()).toEqual([]);
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
});
