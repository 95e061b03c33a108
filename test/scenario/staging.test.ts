// A batch is put together beside the branch of its run, through the whole bot and in real git: whatever happens meanwhile, that
// branch moves once or not at all, and nothing that was half done is left.
import { afterAll, beforeAll, it } from 'vitest';
import { attempts, done, filesWith, planOf, task, write } from '../support/plan.ts';
import { endSleep, untilGone, untilStarted } from '../support/process.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** `a` is merged; `b` and `c` are put together on it, and verifying that sleeps. */
async function startMerging(name: string, marker: string) {
  const check = `if [ -e b.txt ] && [ -e c.txt ]; then sleep ${marker} || true; fi\n`;
  const builds = (key: string) => ({ [`task-${key}`]: attempts([write(`${key}.txt`, `${key}\n`), done]) });
  const repository = await bot.createRepository({
    name,
    files: filesWith({ check }),
    scenario: {
      planner: attempts([planOf(task('a'), task('b', { dependsOn: ['a'] }), task('c', { dependsOn: ['a'] }))]),
      ...builds('a'),
      ...builds('b'),
      ...builds('c'),
    },
  });
  const issue = await repository.openIssue('Three things');
  await issue.label('pilot:run');
  await untilStarted(`sleep ${marker}`);
  const run = await issue.reachesWhere(({ state }) => state.kind === 'executing' && state.phase === 'integrating');
  const target = `refs/gatepilot/${issue.number}/${run.id}/integration`;
  const readRefs = async () => {
    const { [target]: own, ...staged } = await bot.readRefs(repository.id, issue.number);
    return { target: own, staged: Object.keys(staged) };
  };
  return { repository, issue, run, target, readRefs };
}

const states = ({ tasks }: { tasks: { state: { kind: string }; attempts: unknown[] }[] }) =>
  tasks.map(({ state, attempts: made }) => [state.kind, made.length]);

it.concurrent('27 target moved: what was put together on a branch that moved meanwhile does not land, and is put together anew', async ({
  expect,
}) => {
  const marker = '6027.1';
  const { repository, issue, run, target, readRefs } = await startMerging('target-moved', marker);
  const before = await readRefs();
  expect(before).toEqual({ target: run.integration?.commit, staged: [expect.stringContaining('/staging/')] });
  await bot.moveRef(repository.id, target, run.base.sha);
  await endSleep(marker);
  const refused = await issue.reachesWhere(({ troubles }) => troubles['integrate'] === 1);
  expect(states(refused)).toEqual([
    ['merged', 1],
    ['anchored', 1],
    ['anchored', 1],
  ]);
  expect(refused.integration).toEqual(run.integration);
  await untilStarted(`sleep ${marker}`);
  // Where somebody else put it, and nothing is left of the one that was refused.
  expect(await readRefs()).toEqual({
    target: run.base.sha,
    staged: [expect.not.stringContaining(before.staged[0] ?? '')],
  });
  await endSleep(marker);
  const ready = await issue.reaches('ready');
  expect(states(ready)).toEqual([
    ['merged', 1],
    ['merged', 1],
    ['merged', 1],
  ]);
  expect(await readRefs()).toEqual({ target: ready.integration?.commit, staged: [] });
  expect((await repository.read()).pulls).toHaveLength(1);
});

it.concurrent('27 cancel: a merge that is stopped leaves the branch of its run where it was, takes its staging away, and says what is not merged', async ({
  expect,
}) => {
  const marker = '6027.2';
  const { issue, run, readRefs } = await startMerging('cancelled', marker);
  expect((await readRefs()).staged).toHaveLength(1);
  const stop = await issue.comment('/pilot stop');
  const stopped = await issue.reaches('stopped');
  await untilGone(`sleep ${marker}`);
  expect(await issue.reactionsOn(stop)).toEqual(['+1']);
  await issue.isShown();
  expect(await readRefs()).toEqual({ target: run.integration?.commit, staged: [] });
  expect(stopped.integration).toEqual(run.integration);
  expect(states(stopped)).toEqual([
    ['merged', 1],
    ['anchored', 1],
    ['anchored', 1],
  ]);
  const [sticky = ''] = await issue.replies();
  expect(
    sticky
      .split('\n')
      .filter((line) => /^\| \d /.test(line))
      .map((line) => line.split(' | ').at(-1)),
  ).toEqual(['**merged** |', 'done, not merged yet |', 'done, not merged yet |']);
});
