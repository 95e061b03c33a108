// What follows a batch with failures: who is asked, who runs again, and what is never spent.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Step } from '../../src/demo/model/scenario.ts';
import { attempts, done, filesWith, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const failWhileBroken = simpleFiles['check.sh'] ?? '';

function decide(change: object): Step {
  const nothing = { failureAnalysis: [], strategies: [], routedContext: [], skip: [], learnings: [] };
  return {
    kind: 'json',
    value: { ...nothing, batches: [], verdict: 'continue', verdictReason: 'It can go on.', ...change },
  };
}

it('3 last-batch-fail: the only batch fails with its budget spent; nobody is asked, and the run says so', async () => {
  const repository = await bot.createRepository({
    name: 'last-batch-fail',
    files: filesWith({ check: failWhileBroken, policy: 'max_attempts: 1\n' }),
    scenario: {
      planner: attempts([planOf(task('one', { ownedPaths: [] }))]),
      'task-one': attempts([write('broken.txt', 'broken\n'), done]),
    },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  const run = await issue.reaches('failed');
  await issue.isShown();
  expect(run.state).toMatchObject({ cause: { kind: 'tasks_failed', failed: ['one'] } });
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['failed', 1]]);
  expect(repository.calls('pilot')).toEqual([]);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('the pilot was not called: nothing is left that could run within its attempts');
  expect((await repository.read()).pulls).toEqual([]);
});

const clash = [
  'if [ -e left.txt ] && [ -e right.txt ] && ! grep -q agreed left.txt; then',
  '  echo "FAIL: left.txt does not agree"; exit 1',
  'fi',
  'echo ok',
  '',
].join('\n');
const guidance = 'Say that it is agreed.';
const advice = 'Look at what is agreed first.';
const fact = 'The left file says that it is agreed.';

/** Each is green alone; together they are red until `left` is told what to say. */
function clashScenario(pilot: readonly Step[]) {
  return {
    planner: attempts([planOf(task('left'), task('right'))]),
    pilot: attempts(pilot),
    'task-left': attempts([
      {
        kind: 'when',
        text: guidance,
        steps: [write('left.txt', 'agreed\n')],
        otherwise: [write('left.txt', 'left\n')],
      },
      done,
    ]),
    'task-right': attempts([write('right.txt', 'right\n'), done]),
  };
}

it('4 rolled-back-last: in the last batch one is red with the others; the pilot is asked, and the innocent runs again', async () => {
  const repository = await bot.createRepository({
    name: 'rolled-back-last',
    files: filesWith({ check: clash }),
    scenario: clashScenario([
      decide({
        strategies: [
          { task: 'left', action: 'retry_different', guidance, reason: 'One word has to change.' },
          { task: 'right', action: 'retry_different', guidance: advice, reason: 'It has to know.' },
        ],
        routedContext: [{ to: 'right', fact, from: 'left' }],
        batches: [['left', 'right']],
      }),
    ]),
  });
  const { run } = await repository.makeReady('Two things');
  const asked = repository.calls('pilot');
  expect(asked).toHaveLength(1);
  expect(asked[0]?.prompt.split('\n').filter((line) => /^(failed|rolled back|remaining) \(/.test(line))).toEqual([
    'failed (end here unless retried): left',
    'rolled back (innocent, to be placed again): right',
    'remaining (to be placed): (none)',
  ]);
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['left', 'merged', 2],
    ['right', 'merged', 2],
  ]);
  const told = repository.calls('task-right').at(-1)?.prompt ?? '';
  expect([told.includes(fact), told.includes(advice), told.includes(guidance)]).toEqual([true, true, false]);
});

it('22 integration-red: each green alone, red together; the base is restored, and every task is accounted for', async () => {
  const repository = await bot.createRepository({
    name: 'integration-red',
    files: filesWith({ check: clash, policy: 'pilot:\n  enabled: false\n' }),
    scenario: clashScenario([]),
  });
  const { pull, run } = await repository.makeReady('Two things');
  const causes = run.tasks.map(({ key, attempts: made }) => [key, made.map(({ base, cause }) => [base, cause?.kind])]);
  const { sha } = run.base;
  expect(causes).toEqual([
    ['left', [[sha, 'integration_red']]],
    // It passed by itself, so it is merged as it is and not built anew.
    ['right', [[sha, undefined]]],
  ]);
  expect(run.tasks.map(({ state }) => state.kind)).toEqual(['failed', 'merged']);
  const [boundary] = run.boundaries;
  expect([boundary?.failed, boundary?.rolledBack]).toEqual([['left'], ['right']]);
  expect((await repository.pull(pull.number)).checks).toMatchObject([{ conclusion: 'failure' }]);
});

it('13 failed-key-readmit: with an attempt left a failed task is taken up again; with none left the decision is refused', async () => {
  const retry = decide({
    strategies: [{ task: 'bad', action: 'retry_different', guidance: 'Do it otherwise.', reason: 'It may pass.' }],
    batches: [['bad', 'last']],
  });
  const play = async (maxAttempts: number) => {
    const repository = await bot.createRepository({
      name: `readmit-${maxAttempts}`,
      files: filesWith({ check: failWhileBroken, policy: `max_attempts: ${maxAttempts}\n` }),
      scenario: {
        planner: attempts([
          planOf(
            task('bad', { ownedPaths: ['broken-bad.txt', 'bad.txt'] }),
            task('good'),
            task('last', { dependsOn: ['good'] }),
          ),
        ]),
        pilot: attempts([retry]),
        'task-bad': attempts([
          {
            kind: 'when',
            text: 'Do it otherwise.',
            steps: [write('bad.txt', 'bad\n')],
            otherwise: [write('broken-bad.txt', 'bad\n')],
          },
          done,
        ]),
        'task-good': attempts([write('good.txt', 'good\n'), done]),
        'task-last': attempts([write('last.txt', 'last\n'), done]),
      },
    });
    const { issue, run } = await repository.makeReady('Three things');
    return { run, sticky: (await issue.replies())[0] ?? '' };
  };
  const left = await play(2);
  expect(left.run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([
    ['merged', 2],
    ['merged', 1],
    ['merged', 1],
  ]);
  const spent = await play(1);
  expect(spent.run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([
    ['failed', 1],
    ['merged', 1],
    ['merged', 1],
  ]);
  expect(spent.run.boundaries[0]?.source.kind).toBe('fell_back');
  expect(spent.sticky).toMatch(/fell back to the deterministic plan: .*attempt/);
});

it('18 transient: what only the model was to blame for is tried again plainly, without advice', async () => {
  const repository = await bot.createRepository({
    name: 'transient',
    files: filesWith({ check: failWhileBroken, policy: 'max_attempts: 2\npilot:\n  enabled: false\n' }),
    scenario: {
      planner: attempts([planOf(task('one'))]),
      // Something was used before it broke, so the attempt counts; the second one finds the model well.
      'task-one': attempts(
        [write('one.txt', 'half\n'), { kind: 'fail', status: 400, times: 9 }, done],
        [write('one.txt', 'one\n'), done],
      ),
    },
  });
  const { run } = await repository.makeReady('One thing');
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 2]]);
  expect(run.boundaries).toMatchObject([{ failed: ['one'], source: { kind: 'not_called' } }]);
  const told = repository.calls('task-one').at(-1)?.prompt ?? '';
  expect(told).toContain('# Attempt 1 failed');
  expect(told).not.toMatch(/# Guidance|# Facts/);
});

it('24 shared-budget: whatever is asked for, a task never has more attempts than it may', async () => {
  const again = decide({
    strategies: [{ task: 'bad', action: 'retry', reason: 'Once more.' }],
    batches: [['bad']],
  });
  const repository = await bot.createRepository({
    name: 'shared-budget',
    files: filesWith({ check: failWhileBroken, policy: 'max_attempts: 3\n' }),
    scenario: {
      planner: attempts([planOf(task('bad', { ownedPaths: [] }))]),
      pilot: attempts([again]),
      'task-bad': attempts([write('broken.txt', 'bad\n'), done]),
    },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  const run = await issue.reaches('failed');
  // Two in the batch; the third is held back for the boundary, and then nothing is left to ask about.
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['failed', 3]]);
  expect(run.behind).toEqual([['bad'], ['bad']]);
  expect(repository.calls('pilot')).toHaveLength(1);
});

const noise = 'for n in $(seq 1 4000); do echo "line $n of a very long log that says nothing"; done\n';

it('16 context-cut: the newest of ten attempts is what is read, and failing items survive the cut', async () => {
  const items = Array.from({ length: 20 }, (_, at) => ({
    id: `i${at}`,
    text: `Item ${at} ${'is described at great length '.repeat(8)}`,
    level: 'must',
  }));
  const log = attempts(...Array.from({ length: 10 }, (_, at): Step[] => [write(`broken-${at + 1}.txt`, 'x\n'), done]));
  const claims = items.map(({ id }) => ({
    task: 'items',
    item: id,
    status: id === 'i19' ? 'not_met' : 'met',
    evidence: { kind: 'trace', path: 'items.txt', from: 1, to: 1, quote: 'items' },
    why: id === 'i19' ? 'The nineteenth is nowhere.' : `It is there. ${'It really is. '.repeat(20)}`,
  }));
  const trace = { kind: 'trace', path: 'fine.txt', from: 1, to: 1, quote: 'fine' };
  const fine = { task: 'fine', item: 'done', status: 'met', evidence: trace, why: 'It is there.' };
  const repository = await bot.createRepository({
    name: 'context-cut',
    files: filesWith({ check: `${noise}${failWhileBroken}`, policy: 'max_attempts: 10\n' }),
    scenario: {
      planner: attempts([
        planOf(
          task('log', { ownedPaths: Array.from({ length: 10 }, (_, at) => `broken-${at + 1}.txt`) }),
          { ...task('items'), acceptance: items },
          task('fine'),
          task('last', { dependsOn: ['fine'] }),
        ),
      ]),
      // First the failed items end and the log is tried once more; then nothing of it is left.
      pilot: [
        { when: 'attempt 10', attempts: [[decide({ batches: [['last']] })]] },
        {
          attempts: [
            [
              decide({
                strategies: [{ task: 'log', action: 'retry', reason: 'Once more.' }],
                batches: [['log'], ['last']],
              }),
            ],
          ],
        },
      ],
      reviewer: [{ when: '- items | i19', attempts: [[{ kind: 'json', value: { entries: [...claims, fine] } }]] }],
      'task-log': log,
      'task-items': attempts([write('items.txt', 'items\n'), done]),
      'task-fine': attempts([write('fine.txt', 'fine\n'), done]),
      'task-last': attempts([write('last.txt', 'last\n'), done]),
    },
  });
  const { run } = await repository.makeReady('Many things');
  expect(run.tasks.map(({ key, attempts: made }) => [key, made.length])).toEqual([
    ['log', 10],
    ['items', 1],
    ['fine', 1],
    ['last', 1],
  ]);
  const [first, second] = repository.calls('pilot');
  expect(second?.prompt).toContain('Verify log of log, attempt 10');
  expect(second?.prompt).toContain('FAIL: broken-10.txt');
  expect(second?.prompt).not.toContain('FAIL: broken-9.txt');
  const prompt = first?.prompt ?? '';
  expect(prompt).toContain('Verify log of log, attempt 9');
  expect(prompt).toContain('FAIL: broken-9.txt');
  expect(prompt).toContain('- i19 (must) failed: ');
  expect(prompt).toContain('The nineteenth is nowhere.');
  expect(prompt.length).toBeLessThan(40_500);
  const told = repository.calls('task-log').at(-1)?.prompt ?? '';
  expect(told).toContain('# Attempt 9 failed');
  expect(told).toContain('FAIL: broken-9.txt');
});
