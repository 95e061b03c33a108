// Models that are wrong, busy, broken or silent. What can be waited out is waited out, what cannot ends in a failure
// that says so, and a plan that cannot be used is replaced in the open.
import { afterAll, beforeAll, it } from 'vitest';
import type { Step } from '../../src/demo/model/scenario.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, done, filesWith, hang, oneTask, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { findPushed, runToEnd, taskOf } from './run-to-end.ts';

// They run at the same time, and each waits for whole runs.

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ slots: 6, agent: 'pi' });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const garbage: Step = { kind: 'say', text: 'Sure! Here is the plan: first I would look around, and then {' };
const cyclic = planOf(task('egg', { dependsOn: ['hen'] }), task('hen', { dependsOn: ['egg'] }));
const once = filesWith({ check: 'echo ok\n', policy: 'max_attempts: 1\nagents:\n  idle_minutes: 1\n' });
it.concurrent('a planner that answers garbage three times makes way for one task, and that is shown', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'garbage',
    files: simpleFiles,
    scenario: {
      planner: attempts([garbage, garbage, garbage]),
      'task-issue': attempts([write('any.txt', 'any\n'), done]),
    },
  });
  const { run, sticky } = await runToEnd(repository, { title: 'Add any file', body: 'Called any.txt.' });
  expect(run.state.kind).toBe('ready');
  expect(repository.calls('planner')).toHaveLength(3);
  expect(run.tasks).toMatchObject([{ key: 'issue', title: 'Add any file', ownedPaths: [], state: { kind: 'merged' } }]);
  expect(run.plan?.fallback).toBe('The answer is not JSON.; the whole issue is one task');
  expect(sticky).toContain("> The model's plan was not used: The answer is not JSON.; the whole issue is one task");
  // What it said is kept for whoever wants to know why.
  expect(await bot.readArtifact(run.plan?.exchange ?? '')).toContain('first I would look around');
});

it.concurrent('a plan of no tasks is no plan', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'no-tasks',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(), planOf(), planOf()]),
      'task-issue': attempts([write('any.txt', 'any\n'), done]),
    },
  });
  const { run } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(run.plan?.fallback).toMatch(/; the whole issue is one task$/);
});

it.concurrent('a plan that goes in circles is asked for again, and the better one runs', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'circle-once',
    files: simpleFiles,
    scenario: { ...oneTask('hen'), planner: attempts([cyclic, planOf(task('hen'))]) },
  });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(run.tasks.map(({ key }) => key)).toEqual(['hen']);
  expect(run.plan).not.toHaveProperty('fallback');
  expect(sticky).not.toContain('was not used');
  const [, second] = repository.calls('planner');
  expect(second?.prompt).toMatch(/That answer cannot be used:\n- .*(egg|hen)/);
});

it.concurrent('a plan that goes in circles for ever runs one task after the other, and that is shown', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'circle',
    files: simpleFiles,
    scenario: {
      planner: attempts([cyclic, cyclic, cyclic]),
      'task-egg': attempts([write('egg.txt', 'egg\n'), done]),
      'task-hen': attempts([write('hen.txt', 'hen\n'), done]),
    },
  });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(run.behind).toEqual([['egg'], ['hen']]);
  expect(run.plan?.fallback).toMatch(/egg.*hen.*; its tasks run one after the other$/);
  expect(sticky).toContain("> The model's plan was not used:");
});

it.concurrent('a model that is busy for a moment costs a moment', async ({ expect }) => {
  const busy: Step = { kind: 'fail', status: 429, retryAfterSeconds: 1 };
  const repository = await bot.createRepository({
    name: 'busy',
    files: once,
    scenario: {
      planner: attempts([busy, planOf(task('one'))]),
      'task-one': attempts([busy, write('one.txt', 'one\n'), busy, done]),
    },
  });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(taskOf(run, 'one').attempts).toHaveLength(1);
  expect(repository.calls().filter(({ kind }) => kind === 'fail')).toHaveLength(3);
  expect(sticky).toContain('**Ready to merge.**');
});

const broken: Step = { kind: 'fail', status: 500, times: 1_000 };

it.concurrent('5 infra-error: a planner whose model is down for long holds the run, with the reason and a time to look again', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'broken-planner',
    files: once,
    scenario: { planner: attempts([broken, done]) },
  });
  const { run, sticky, issue } = await runToEnd(repository);
  expect(run.state).toMatchObject({ kind: 'paused', cause: { kind: 'model_unavailable' }, back: { kind: 'planning' } });
  expect(run.tasks).toEqual([]);
  expect(sticky).toContain(
    '**Paused** by an outage. The model could not be reached: the model provider failed (status 500)',
  );
  expect(sticky).toContain('it looks again by itself at');
  expect((await repository.read()).issues[0]?.labels).toEqual(['pilot:working']);
  // What was shown is looked at once more; nothing works.
  expect((await issue.outbox()).filter(({ action }) => action.kind !== 'present')).toEqual([]);
}, 300_000);

it.concurrent('a model that refuses the key ends the run, with the reason and no branch', async ({ expect }) => {
  const refused: Step = { kind: 'fail', status: 401, times: 1_000 };
  const repository = await bot.createRepository({
    name: 'refused-key',
    files: once,
    scenario: { planner: attempts([planOf(task('one'))]), 'task-one': attempts([refused, done]) },
  });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state).toMatchObject({ kind: 'failed', cause: { kind: 'model_refused' } });
  expect(sticky).toContain('**Failed.** The model provider refused to answer: 401');
  expect(sticky).toContain('the model provider refused the credentials of this installation');
  expect(sticky).not.toContain('| waiting |');
  expect(await findPushed(repository)).toEqual([]);
});

it.concurrent('an outage of a moment that meets four agents at once costs each of them a moment', async ({
  expect,
}) => {
  const keys = ['a', 'b', 'c', 'd'];
  // Overloaded: an agent does not try that again by itself.
  const refusedOnce: Step = { kind: 'fail', status: 529 };
  const agents = keys.map((key) => [`task-${key}`, attempts([refusedOnce, write(`${key}.txt`, `${key}\n`), done])]);
  const repository = await bot.createRepository({
    name: 'four-at-once',
    files: once,
    scenario: { planner: attempts([planOf(...keys.map((key) => task(key)))]), ...Object.fromEntries(agents) },
  });
  const { run } = await runToEnd(repository);
  expect(run.state).toMatchObject({ kind: 'ready' });
  expect(run.tasks.map(({ state }) => state.kind)).toEqual(keys.map(() => 'merged'));
});

it.concurrent('an agent whose model says nothing is ended by the limit of its repository', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'silent',
    files: once,
    scenario: { planner: attempts([planOf(task('one'))]), 'task-one': attempts([hang, done]) },
  });
  const { run, sticky } = await runToEnd(repository);
  expect(taskOf(run, 'one').state).toMatchObject({
    kind: 'failed',
    cause: { kind: 'deadline', limit: 'agents.idle_minutes', valueMs: 60_000 },
  });
  expect(sticky).toContain('The limit "agents.idle_minutes" of 60 s was reached after');
  expect(await findPushed(repository)).toEqual([]);
});
