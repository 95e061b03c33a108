// Runs that merge into one branch take turns, each on the base that the one before it left.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toLaneId } from '../../src/core/model/subject.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { holdNextRequest } from '../support/hold-request.ts';
import { attempts, done, planOf, simpleFiles, task, write } from '../support/plan.ts';
import type { ReadyRun, TestRepository } from '../support/repository.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const mergeRoute = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';
const lines = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`);

function listWith(changed: Record<number, string>): string {
  return `${lines.map((line, index) => changed[index + 1] ?? line).join('\n')}\n`;
}

/** One task that changes one line of a file that everybody changes. */
function changing(key: string, content: string) {
  return {
    planner: attempts([planOf(task(key, { ownedPaths: ['list.txt'] }))]),
    [`task-${key}`]: attempts([write('list.txt', content), done]),
  };
}

interface Pair {
  readonly repository: TestRepository;
  readonly first: ReadyRun;
  readonly second: ReadyRun;
}

/** Two issues that touch one file, both with an open gate on the same base. */
async function openPair(name: string): Promise<Pair> {
  const files = { ...simpleFiles, 'list.txt': listWith({}) };
  const repository = await bot.createRepository({ name, files, isProtected: false });
  repository.setScenario(changing('first', listWith({ 1: 'the first line' })));
  const first = await repository.makeReady('Change the first line');
  repository.setScenario(changing('last', listWith({ 12: 'the last line' })));
  const second = await repository.makeReady('Change the last line');
  expect(second.run.verification?.key.base).toBe(first.run.verification?.key.base);
  return { repository, first, second };
}

async function untilAsked(repository: TestRepository): Promise<void> {
  await until(async () => ((await repository.mergeRequests()).length > 0 ? true : undefined));
}

async function laneLog({ id }: TestRepository): Promise<string[]> {
  const log = await bot.store.readLog(toLaneId(bot.stack.github.host, id, 'main'), 0);
  return log.map(({ kind }) => kind);
}

it('60 two-runs-one-repo: the second to merge waits, is verified again on the new base, and merged', async () => {
  const { repository, first, second } = await openPair('two-runs');
  const goOn = await holdNextRequest(bot.stack.control, mergeRoute);
  const firstMerge = await first.pull.comment('/pilot merge');
  await untilAsked(repository);
  const secondMerge = await second.pull.comment('/pilot merge');
  await second.issue.reachesWhere(
    ({ state }) => state.kind === 'merging' && state.by.kind === 'command' && state.by.ahead === 1,
  );
  expect(await repository.mergeRequests()).toHaveLength(1);

  await goOn();
  const { state: landed } = await first.issue.reaches('merged');
  const merged = await second.issue.reaches('merged');
  expect([landed, merged.state]).toMatchObject([
    { isProven: true, by: 'gatepilot' },
    { isProven: true, by: 'gatepilot' },
  ]);
  expect(merged.verification?.key.base).toBe(landed.kind === 'merged' ? landed.sha : 'not merged');
  expect(await first.pull.reactionsOn(firstMerge)).toEqual(['+1']);
  expect(await second.pull.reactionsOn(secondMerge)).toEqual(['+1']);
  expect((await repository.mergeRequests()).map(({ status }) => status)).toEqual([200, 200]);
  expect(await laneLog(repository)).toEqual([
    ...['asked', 'granted', 'asked'],
    ...['left', 'base_moved', 'granted'],
    ...['left', 'base_moved'],
  ]);
});

it('60 two-runs-one-repo: whoever is stopped while it waits leaves the line, and nobody waits for it', async () => {
  const { repository, first, second } = await openPair('stopped-waiter');
  const goOn = await holdNextRequest(bot.stack.control, mergeRoute);
  await first.pull.comment('/pilot merge');
  await untilAsked(repository);
  const merge = await second.pull.comment('/pilot merge');
  await second.issue.reaches('merging');
  const stop = await second.issue.comment('/pilot stop');
  await second.issue.reaches('stopped');
  expect(await second.issue.reactionsOn(stop)).toEqual(['+1']);
  expect(await second.pull.reactionsOn(merge)).toEqual(['confused']);
  await goOn();
  await first.issue.reaches('merged');
  await second.issue.isShown();
  expect(await repository.mergeRequests()).toHaveLength(1);
  expect((await repository.pull(second.pull.number)).merged).toBeNull();
});

it('63 delayed-merge: a merge whose worker died in the middle of the call lands once, before anybody else merges', async () => {
  const { repository, first, second } = await openPair('delayed-merge');
  // Longer than the dead holder keeps its lease, so that whoever looks after it finds nothing merged yet.
  await bot.stack.control.injectFault({ route: mergeRoute, effect: { kind: 'slow', delayMs: 20_000 } });
  await first.pull.comment('/pilot merge');
  await untilAsked(repository);
  await bot.stack.worker.kill('SIGKILL');
  await bot.stack.restartWorker();
  const secondMerge = await second.pull.comment('/pilot merge');

  const { state: landed } = await first.issue.reaches('merged');
  const merged = await second.issue.reaches('merged');
  expect([landed, merged.state]).toMatchObject([{ isProven: true }, { isProven: true }]);
  expect(merged.verification?.key.base).toBe(landed.kind === 'merged' ? landed.sha : 'not merged');
  expect(await second.pull.reactionsOn(secondMerge)).toEqual(['+1']);
  // One call each: that of the dead worker was never made again, only read.
  const asked = (await repository.mergeRequests()).map(({ path }) => path.split('/').at(-2));
  expect(asked).toEqual([String(first.pull.number), String(second.pull.number)]);
  expect(await laneLog(repository)).toContain('settled');
});
