// `/pilot stop` at phases that a resume comes back to: what was under way is gone, GitHub and the host hold nothing
// half-made, and the same run goes on with what is left of it, without doing anything twice that was done.
import { afterAll, beforeAll, it } from 'vitest';
import { holdNextRequest } from '../support/hold-request.ts';
import { attempts, done, filesWith, hang, oneTask, planOf, sleepFor, task, write } from '../support/plan.ts';
import { endSleep, untilStarted } from '../support/process.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { expectStopped, resume, startRun } from '../support/stopping.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

it.concurrent('48 stop-anywhere: while the base is checked, before any agent starts', async ({ expect }) => {
  const marker = '6148.1';
  const files = filesWith({ check: `if [ ! -e one.txt ]; then sleep ${marker} || true; fi\n`, baseline: true });
  const world = await startRun(bot, { name: 'stop-baseline', scenario: oneTask(), files });
  await untilStarted(`sleep ${marker}`);
  await expectStopped(world, marker);
  const stopped = (await world.issue.record())?.run;
  expect(stopped?.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['pending', 0]]);
  expect(world.repository.calls('task-one')).toEqual([]);

  await resume(world);
  // What was not checked to its end says nothing: it is checked again.
  await endSleep(marker);
  const run = await world.issue.reaches('ready');
  expect([run.id, run.baseline]).toEqual(['r1', run.base.sha]);
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
  expect(world.repository.calls('planner')).toHaveLength(1);
});

it.concurrent('48 stop-anywhere: while a plan waits for its approval', async ({ expect }) => {
  const files = filesWith({ check: 'exit 0\n', policy: 'mode:\n  plan_approval: required\n' });
  const world = await startRun(bot, { name: 'stop-approval', scenario: oneTask(), files });
  const { plan } = await world.issue.reaches('awaiting_approval');
  await world.issue.isShown();
  await expectStopped(world);
  // A plan that nobody waits for is not carried out by an approval.
  const late = await world.issue.comment(`/pilot approve ${plan?.hash.slice(0, 12)}`);
  expect(await world.issue.reactionsOn(late)).toEqual(['confused']);
  expect((await world.issue.record())?.run?.state.kind).toBe('stopped');

  await resume(world);
  await world.issue.reaches('awaiting_approval');
  expect(world.repository.calls('task-one')).toEqual([]);
  await world.issue.comment(`/pilot approve ${plan?.hash.slice(0, 12)}`);
  const run = await world.issue.reaches('ready');
  expect([run.id, run.plan?.hash]).toEqual(['r1', plan?.hash]);
});

it.concurrent('48 stop-anywhere: while a batch is reviewed, and while the evidence is looked at', async ({
  expect,
}) => {
  const marker = '6148.2';
  const evidence = { kind: 'command', command: `sleep ${marker}; test -f one.txt` };
  const entries = [{ task: 'one', item: 'done', status: 'met', evidence, why: 'It is there.' }];
  const reviewer = attempts([hang, { kind: 'json', value: { entries } }]);
  const world = await startRun(bot, { name: 'stop-accepting', scenario: { ...oneTask(), reviewer } });
  const { issue, repository } = world;
  const expectKept = async () => {
    await expectStopped(world, repository.calls('reviewer').length > 1 ? marker : undefined);
    const run = (await issue.record())?.run;
    // It was built and nobody has accepted it.
    expect(run?.tasks.map(({ state }) => state.kind)).toEqual(['anchored']);
    expect([run?.integration, run?.acceptances]).toEqual([undefined, []]);
  };
  await until(async () => (repository.calls('reviewer').length > 0 ? true : undefined));
  expect((await issue.record())?.run?.state).toMatchObject({ kind: 'executing', phase: 'accepting' });
  await expectKept();

  await resume(world);
  await untilStarted(`sleep ${marker}`);
  await expectKept();

  await resume(world);
  await endSleep(marker);
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
  expect(run.acceptances).toMatchObject([{ failed: [] }]);
});

const listed = (line: string) => write('list.txt', `${line}\n`);

it.concurrent('48 stop-anywhere: while a conflict is repaired', async ({ expect }) => {
  const marker = '6148.3';
  // The first two are red together, so that what was built for `right` waits until `third` has changed the same line.
  const check = 'if [ -e left.txt ] && [ -e right.txt ]; then echo "FAIL: left.txt"; exit 1; fi\n';
  const decision = {
    failureAnalysis: [{ task: 'left', cause: 'code', why: 'It does not go with the other.' }],
    ...{ strategies: [], routedContext: [], skip: [], learnings: [] },
    ...{ batches: [['third'], ['right']], verdict: 'continue', verdictReason: 'The others are fine.' },
  };
  const files = { ...filesWith({ check }), 'list.txt': 'first\n' };
  const scenario = {
    planner: attempts([
      planOf(
        task('left'),
        task('right', { ownedPaths: ['right.txt', 'list.txt'] }),
        task('third', { ownedPaths: ['list.txt'] }),
      ),
    ]),
    pilot: attempts([{ kind: 'json', value: decision }]),
    'task-left': attempts([write('left.txt', 'left\n'), done]),
    'task-right': attempts([write('right.txt', 'right\n'), listed('right'), done]),
    'task-third': attempts([listed('third'), done]),
    'repair-right': attempts([sleepFor(marker), write('list.txt', 'third\nright\n'), done]),
  } as const;
  const world = await startRun(bot, { name: 'stop-repair', scenario, files });
  const { issue, repository } = world;
  await untilStarted(`sleep ${marker}`);
  const before = (await issue.record())?.run;
  expect(before?.tasks.at(1)?.attempts.at(-1)).toMatchObject({ repair: { paths: ['list.txt'] } });
  await expectStopped(world, marker);
  const stopped = (await issue.record())?.run;
  // The repair does not count, and what it was to repair is still there.
  expect(stopped?.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([
    ['failed', 1],
    ['pending', 1],
    ['merged', 1],
  ]);
  expect(stopped?.integration?.commit).toBe(before?.integration?.commit);

  await resume(world);
  await endSleep(marker);
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([
    ['failed', 1],
    ['merged', 2],
    ['merged', 1],
  ]);
  expect(repository.calls('task-right').filter(({ prompt }) => prompt.includes('ATTEMPT 2'))).toEqual([]);
});

// One at a time: a slow answer does not choose a repository.

it('48 stop-anywhere: while a merge whose turn has come is verified again', async ({ expect }) => {
  const marker = '6148.4';
  const check = `if [ -e first.txt ] && [ -e second.txt ]; then sleep ${marker} || true; fi\n`;
  const files = filesWith({ check });
  const repository = await bot.createRepository({ name: 'stop-in-lane', files, isProtected: false });
  repository.setScenario(oneTask('first'));
  const first = await repository.makeReady('The first thing');
  repository.setScenario(oneTask('second'));
  const second = await repository.makeReady('The second thing');
  const route = 'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge';
  const goOn = await holdNextRequest(bot.stack.control, route);
  await first.pull.comment('/pilot merge');
  await until(async () => ((await repository.mergeRequests()).length > 0 ? true : undefined));
  const merge = await second.pull.comment('/pilot merge');
  await second.issue.reaches('merging');
  await goOn();
  await untilStarted(`sleep ${marker}`);
  expect((await second.issue.record())?.run?.state).toMatchObject({ kind: 'merging', by: { phase: 'verifying' } });

  const world = { bot, repository, issue: second.issue };
  await expectStopped(world, marker);
  expect(await second.pull.reactionsOn(merge)).toEqual(['confused']);
  const shown = await repository.pull(second.pull.number);
  expect([shown.merged, shown.headSha]).toEqual([null, second.run.verification?.key.head]);
  expect(await repository.mergeRequests()).toHaveLength(1);

  await resume(world);
  await endSleep(marker);
  const { verification } = await second.issue.reaches('ready');
  expect(verification?.key.base).toBe((await repository.read()).branches.main);
  // Its place in the line was given back, or nobody could merge any more.
  await second.pull.comment('/pilot merge');
  expect((await second.issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
});
