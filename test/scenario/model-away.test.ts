// The model goes away while agents work. That is nobody's fault: what was built is kept, what was not is as it was before, and
// the run waits for the end of the outage.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Step } from '../../src/demo/model/scenario.ts';
import { attempts, done, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const away: Step = { kind: 'fail', status: 429, retryAfterSeconds: 3_000, times: 99 };

it('5 infra-error: the model is away while agents work; what was built is kept, nobody failed, and it goes on', async () => {
  const repository = await bot.createRepository({
    name: 'away-while-working',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('built'), task('unbegun'))]),
      'task-built': attempts([write('built.txt', 'built\n'), done]),
      'task-unbegun': attempts([away]),
    },
  });
  const issue = await repository.openIssue('Two things');
  await issue.label('pilot:run');
  const held = await issue.reaches('paused');
  await issue.isShown();
  expect(held.state).toMatchObject({
    cause: { kind: 'model_unavailable', retryAt: expect.any(Number) },
    back: { kind: 'executing', phase: 'attempting' },
  });
  // It looks by itself, and not before the moment that the provider named.
  const { lookAt = 0, cause } = held.state.kind === 'paused' ? held.state : {};
  expect(lookAt).toBeGreaterThanOrEqual((cause?.kind === 'model_unavailable' && cause.retryAt) || Infinity);
  expect(held.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['built', 'anchored', 1],
    ['unbegun', 'pending', 0],
  ]);
  expect((await issue.replies())[0]).toContain('**Paused** by an outage. The model could not be reached');
  const { branches, issues, pulls } = await repository.read();
  expect([Object.keys(branches), pulls, issues[0]?.labels]).toEqual([['main'], [], ['pilot:working']]);
  expect(await bot.readRefs(repository.id, issue.number)).toEqual({});
  expect((await issue.outbox()).filter(({ action }) => action.kind !== 'present')).toEqual([]);

  repository.setScenario({ 'task-unbegun': attempts([write('unbegun.txt', 'now\n'), done]) });
  await issue.comment('/pilot resume');
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['built', 'merged', 1],
    ['unbegun', 'merged', 1],
  ]);
});

it('5 infra-error: an attempt that had begun by then is spent, and its task is done in the next one', async () => {
  const repository = await bot.createRepository({
    name: 'away-midway',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('one'))]),
      'task-one': attempts([write('one.txt', 'half\n'), away], [away]),
    },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  const held = await issue.reaches('paused');
  expect(held.tasks.map(({ state, attempts: made }) => [state.kind, made.map(({ cause }) => cause?.kind)])).toEqual([
    ['pending', ['model_unavailable']],
  ]);
  repository.setScenario({ 'task-one': attempts([write('one.txt', 'whole\n'), done]) });
  await issue.comment('/pilot resume');
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 2]]);
});
