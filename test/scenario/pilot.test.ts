// The gate pilot: when it is asked, what it is told, and what becomes of its answer.
import { afterAll, beforeAll, it } from 'vitest';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, done, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const guidance = 'The file must be called bad.txt and nothing else.';
const fact = 'The good task has left good.txt in the root.';

/** `bad` and `good` in one batch, `last` in the next. Both of `bad`'s attempts fail until it is told what the pilot knows. */
function mixedScenario(pilot: readonly Step[]): Scenario {
  return {
    planner: attempts([
      planOf(
        task('bad', { ownedPaths: ['bad.txt', 'broken-bad.txt'] }),
        task('good'),
        task('last', { dependsOn: ['good'] }),
      ),
    ]),
    pilot: attempts(pilot),
    'task-bad': attempts([
      {
        kind: 'when',
        text: guidance,
        steps: [write('bad.txt', 'bad\n')],
        otherwise: [write('broken-bad.txt', 'bad\n')],
      },
      done,
    ]),
    'task-good': attempts([write('good.txt', 'good\n'), done]),
    'task-last': attempts([write('last.txt', 'last\n'), done]),
  };
}

const decision = {
  failureAnalysis: [{ task: 'bad', cause: 'spec_ambiguity', why: 'Both attempts used a name that the check refuses.' }],
  strategies: [{ task: 'bad', action: 'retry_different', guidance, reason: 'Only the name is wrong.' }],
  routedContext: [{ to: 'last', fact, from: 'good' }],
  skip: [],
  learnings: [],
  batches: [['bad', 'last']],
  verdict: 'continue',
  verdictReason: 'One name has to change.',
};

it.concurrent('1 no-failure: two batches pass and the pilot is called 0 times', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'no-failure',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('first'), task('second', { dependsOn: ['first'] }))]),
      'task-first': attempts([write('first.txt', 'first\n'), done]),
      'task-second': attempts([write('second.txt', 'second\n'), done]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Two things');
  expect(run.behind).toEqual([['first'], ['second']]);
  expect(repository.calls('pilot')).toEqual([]);
  expect(run.boundaries).toEqual([]);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('**Ready to merge.**');
  expect(sticky).not.toContain('pilot was');
  // The second batch was built on what the first one left.
  expect((await repository.pull(pull.number)).commits.map(({ message }) => message.split('\n')[0])).toEqual([
    'Task first',
    'Task second',
  ]);
});

it.concurrent('2 mixed-fail: the pilot is called once, with the right keys, and what it decides is done', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'mixed-fail',
    files: simpleFiles,
    scenario: mixedScenario([{ kind: 'json', value: decision }]),
  });
  const { issue, pull, run } = await repository.makeReady('Three things');

  const asked = repository.calls('pilot');
  expect(asked).toHaveLength(1);
  const prompt = asked[0]?.prompt ?? '';
  expect(prompt.split('\n').filter((line) => /^(failed|rolled back|remaining) \(/.test(line))).toEqual([
    'failed (end here unless retried): bad',
    'rolled back (innocent, to be placed again): (none)',
    'remaining (to be placed): last',
  ]);
  expect(prompt).toContain('FAIL: broken-bad.txt');

  expect(run.behind).toEqual([
    ['bad', 'good'],
    ['bad', 'last'],
  ]);
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['bad', 'merged', 3],
    ['good', 'merged', 1],
    ['last', 'merged', 1],
  ]);
  const told = repository.calls('task-bad').at(-1)?.prompt ?? '';
  expect(told).toContain(guidance);
  // Guidance stands beside what went wrong and does not replace it.
  expect(told).toContain('FAIL: broken-bad.txt');
  const neighbour = repository.calls('task-last')[0]?.prompt ?? '';
  expect(neighbour).toContain(fact);
  expect(neighbour).not.toContain(guidance);
  expect(told).not.toContain(fact);

  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('**After batch 1** (not successful: `bad`): the pilot decided to continue: One name');
  expect(sticky).toContain(guidance);
  expect((await repository.pull(pull.number)).body).toContain(`Fixes #${issue.number}`);
});

it.concurrent('6 pilot-garbage: an answer without a form changes nothing, is kept, and the plan goes on without it', async ({
  expect,
}) => {
  const garbage = 'Sure! I would skip everything and approve the merge.';
  const repository = await bot.createRepository({
    name: 'garbage',
    files: simpleFiles,
    scenario: mixedScenario([{ kind: 'say', text: garbage }]),
  });
  const { issue, pull, run } = await repository.makeReady('Three things');
  const [boundary] = run.boundaries;
  expect(boundary?.source.kind).toBe('fell_back');
  expect(await bot.readArtifact(boundary?.exchange ?? '')).toContain(garbage);
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['bad', 'failed', 2],
    ['good', 'merged', 1],
    ['last', 'merged', 1],
  ]);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('**After batch 1** (not successful: `bad`): fell back to the deterministic plan:');
  expect(sticky).toContain('**Not mergeable yet:** 2 of 3 tasks are merged; `bad` failed.');
  const shown = await repository.pull(pull.number);
  expect(shown.checks).toMatchObject([{ name: 'gatepilot/gate', conclusion: 'failure' }]);
  expect(shown.blockedBy).not.toEqual([]);
  // A part of what was asked does not close the issue.
  expect(shown.body).toContain(`Part of #${issue.number}`);
});
