// `/pilot stop` at each phase: every process of the run is gone within five seconds, GitHub shows it within thirty, the
// run ends `stopped`, the command is answered once, and the next run works. `stop-and-resume.test.ts` has the phases of which
// the same run is gone on with.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { holdNextRequest } from '../support/hold-request.ts';
import { writer } from '../support/people.ts';
import { attempts, bash, done, filesWith, hang, oneTask, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { findProcesses, untilGone, untilStarted } from '../support/process.ts';
import type { TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { expectNextRun, expectStopped, startRun } from '../support/stopping.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

it.concurrent('48 stop-anywhere: while the planner thinks', async ({ expect }) => {
  const world = await startRun(bot, { name: 'planning', scenario: { planner: attempts([hang]) } });
  await until(async () => (world.repository.calls('planner').length > 0 ? true : undefined));
  expect((await world.issue.record())?.run?.state.kind).toBe('planning');
  await expectStopped(world);
  await expectNextRun(world);
});

it.concurrent('48 stop-anywhere: while two agents work', async () => {
  const marker = '6048.1';
  const world = await startRun(bot, {
    name: 'attempting',
    scenario: {
      planner: attempts([planOf(task('a'), task('b'))]),
      'task-a': attempts([write('a.txt', 'a\n'), bash(`sleep ${marker}`)]),
      // One that ignores polite requests and hides what it started.
      'task-b': attempts([bash(`trap '' TERM INT HUP; (setsid sleep ${marker} &); sleep ${marker}; sleep ${marker}`)]),
    },
  });
  await until(async () => (findProcesses(`sleep ${marker}`).length >= 3 ? true : undefined));
  await untilStarted(marker);
  await expectStopped(world, marker);
  await expectNextRun(world);
});

it.concurrent('48 stop-anywhere: while an agent waits for its model', async ({ expect }) => {
  const world = await startRun(bot, { name: 'waiting', scenario: { ...oneTask(), 'task-one': attempts([hang]) } });
  await until(async () => (world.repository.calls('task-one').length > 0 ? true : undefined));
  await expectStopped(world);
  await expectNextRun(world);
  expect(world.repository.calls('task-one')).toHaveLength(1);
});

it.concurrent('48 stop-anywhere: while an attempt is verified', async () => {
  const marker = '6048.2';
  const check = `if [ -e one.txt ]; then sleep ${marker}; fi\n`;
  const world = await startRun(bot, { name: 'attempt-verify', scenario: oneTask(), files: filesWith({ check }) });
  await untilStarted(`sleep ${marker}`);
  await expectStopped(world, marker);
  await expectNextRun(world);
});

it.concurrent('48 stop-anywhere: while a batch is merged and verified', async ({ expect }) => {
  const marker = '6048.3';
  // Each task is fast alone; only the merge of both is slow.
  const check = `if [ -e a.txt ] && [ -e b.txt ]; then sleep ${marker}; fi\n`;
  const scenario = {
    planner: attempts([planOf(task('a'), task('b'))]),
    'task-a': attempts([write('a.txt', 'a\n'), done]),
    'task-b': attempts([write('b.txt', 'b\n'), done]),
  };
  const world = await startRun(bot, { name: 'integrating', scenario, files: filesWith({ check }) });
  await untilStarted(`sleep ${marker}`);
  expect((await world.issue.record())?.run?.state).toMatchObject({ kind: 'executing', phase: 'integrating' });
  await expectStopped(world, marker);
  // What was done is kept, and told.
  expect((await world.issue.record())?.run?.tasks.map(({ state }) => state.kind)).toEqual(['anchored', 'anchored']);
  await expectNextRun(world);
});

it.concurrent('48 stop-anywhere: while the pilot thinks', async ({ expect }) => {
  const world = await startRun(bot, {
    name: 'boundary',
    scenario: {
      planner: attempts([
        planOf(task('bad', { ownedPaths: ['broken-bad.txt'] }), task('last', { dependsOn: ['bad'] })),
      ]),
      'task-bad': attempts([write('broken-bad.txt', 'bad\n'), done]),
      pilot: attempts([hang]),
    },
    files: filesWith({ check: 'if ls broken* >/dev/null 2>&1; then exit 1; fi\n', policy: 'max_attempts: 2\n' }),
  });
  await until(async () => (world.repository.calls('pilot').length > 0 ? true : undefined));
  expect((await world.issue.record())?.run?.state).toMatchObject({ kind: 'executing', phase: 'boundary' });
  await expectStopped(world);
  // What the pilot did not decide did not happen.
  expect((await world.issue.record())?.run?.tasks.map(({ state }) => state.kind)).toEqual(['failed', 'pending']);
  expect((await world.issue.record())?.run?.boundaries).toEqual([]);
  await expectNextRun(world);
});

it.concurrent('48 stop-anywhere: by the button of the check, while a pushed head is verified', async ({ expect }) => {
  const marker = '6048.4';
  const check = `if [ -e slow.txt ]; then sleep ${marker}; fi\n`;
  const repository = await bot.createRepository({ name: 'button', files: filesWith({ check }), scenario: oneTask() });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  await repository.push(branch, { 'slow.txt': 'slow\n' });
  await untilStarted(`sleep ${marker}`);
  const button = await until(async () => {
    const [gate] = (await repository.pull(pull.number)).checks;
    return gate?.actions.some(({ identifier }) => identifier === 'stop') ? gate : undefined;
  });
  expect(button).toMatchObject({ name: 'gatepilot/gate', status: 'in_progress' });
  const pressed = { as: writer, repository: repository.fullName, checkRunId: button.id, identifier: 'stop' };
  await bot.stack.control.clickCheckAction(pressed);
  await issue.reaches('stopping', 'stopped');
  expect(await untilGone(marker)).toBeLessThan(5_000);
  expect((await issue.reaches('stopped')).state).toMatchObject({ by: writer });
  await issue.isShown();
  const [gate] = (await repository.pull(pull.number)).checks;
  expect(gate).toMatchObject({ conclusion: 'cancelled', summary: expect.stringContaining('stopped by @\u200bmona') });
  expect((await issue.record())?.receipts.map(({ command, state }) => [command, state.kind])).toEqual([
    ['run', 'done'],
    ['stop', 'done'],
  ]);

  // The pull request is still there, so a new run would make a second one: that is said, not done.
  const early = await issue.comment('/pilot run');
  expect(await issue.reactionsOn(early)).toEqual(['confused']);
  await bot.stack.control.closeIssue({ as: writer, repository: repository.fullName, number: pull.number });
  await issue.reaches('closed');
  repository.setScenario(oneTask('fresh'));
  await issue.comment('/pilot run');
  expect((await issue.reaches('ready')).id).toBe('r2');
});

it.concurrent('48 stop-anywhere: a second stop is answered as well and changes nothing', async ({ expect }) => {
  const marker = '6048.5';
  const world = await startRun(bot, { name: 'twice', scenario: oneTask('one', bash(`sleep ${marker}`), done) });
  const { issue } = world;
  await untilStarted(`sleep ${marker}`);
  const stops = [await issue.comment('/pilot stop'), await issue.comment('/pilot stop now!')];
  const { state } = await issue.reaches('stopped');
  await issue.isShown();
  const [first = 0, second = 0] = stops;
  expect(await issue.reactionsOn(first)).toEqual(['+1']);
  // It may have come when the first one had ended already.
  expect(await issue.reactionsOn(second)).toHaveLength(1);
  expect(findProcesses(marker)).toEqual([]);
  expect((await issue.record())?.run?.state).toEqual(state);
  await expectNextRun(world);
});

it.concurrent('48 stop-anywhere: when the pull request is ready there is nothing to stop, and it stays mergeable', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'ready', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  const stop = await pull.comment('/pilot stop');
  expect(await pull.reactionsOn(stop)).toEqual(['confused']);
  await issue.isShown();
  expect(await pull.answerTo(stop)).toBe('@mona Nothing is running here.');
  expect((await issue.record())?.run?.state.kind).toBe('ready');
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true });
});

// One at a time: what is held does not choose a repository.

function untilAsked(repository: TestRepository, method: string, end: string): Promise<true> {
  return until(async () => {
    const requests = await bot.stack.control.readRequests({});
    return (
      requests.some((one) => one.method === method && one.path === `/repos/${repository.fullName}${end}`) || undefined
    );
  });
}

it('48 stop-anywhere: while the pull request is being opened, it is not lost sight of', async () => {
  const goOn = await holdNextRequest(bot.stack.control, 'POST /repos/{owner}/{repo}/pulls');
  const { repository, issue } = await startRun(bot, { name: 'publishing', scenario: oneTask() });
  await untilAsked(repository, 'POST', '/pulls');
  const stop = await issue.comment('/pilot stop');
  await until(async () => ((await issue.record())?.receipts.length === 2 ? true : undefined));
  await goOn();
  const run = await issue.reaches('stopped');
  await issue.isShown();
  expect(await issue.reactionsOn(stop)).toEqual(['+1']);
  const { pulls } = await repository.read();
  expect(pulls).toHaveLength(1);
  expect(run.pullRequest?.number).toBe(pulls[0]?.number);
  expect(pulls[0]?.checks).toMatchObject([{ name: 'gatepilot/gate', conclusion: 'cancelled' }]);
  expect(pulls[0]?.blockedBy).not.toEqual([]);
});

it('48 stop-anywhere: while the merge is under way, what landed is told truly', async () => {
  // Without protection GitHub merges whatever became of the gate in between.
  const repository = await bot.createRepository({
    name: 'merging',
    files: simpleFiles,
    scenario: oneTask(),
    isProtected: false,
  });
  const { issue, pull } = await repository.makeReady('Do it');
  const goOn = await holdNextRequest(bot.stack.control, 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge');
  const merge = await pull.comment('/pilot merge');
  await untilAsked(repository, 'PUT', `/pulls/${pull.number}/merge`);
  const stop = await pull.comment('/pilot stop');
  await until(async () => ((await issue.record())?.receipts.length === 3 ? true : undefined));
  expect((await issue.record())?.run?.state.kind).toBe('stopping');
  await goOn();
  expect((await issue.reaches('merged', 'stopped')).state).toMatchObject({
    kind: 'merged',
    isProven: true,
    by: 'gatepilot',
  });
  await issue.isShown();
  expect(await pull.reactionsOn(merge)).toEqual(['+1']);
  expect(await pull.reactionsOn(stop)).toHaveLength(1);
  expect((await pull.replies())[0]).toContain('**Merged** as');
  expect((await repository.pull(pull.number)).merged?.sha).toBeDefined();
});
