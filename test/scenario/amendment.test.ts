// A batch that needs a change in a contract of somebody else, or is red for a reason that names its owner or nobody, through the
// whole bot. Without a pilot, so that what follows is what the engine does by itself.
import { afterAll, beforeAll, it } from 'vitest';
import type { Run } from '../../src/core/model/run.ts';
import type { Step } from '../../src/demo/model/scenario.ts';
import { attempts, bash, done, filesWith, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const policy = 'max_attempts: 2\npilot:\n  enabled: false\n';

const states = ({ tasks }: Run) => Object.fromEntries(tasks.map(({ key, state }) => [key, state.kind]));
const causeOf = (run: Run, key: string) => {
  const state = run.tasks.find((one) => one.key === key)?.state;
  return state && 'cause' in state ? state.cause : undefined;
};

/** `b` and `c` are red until the contract of `base` offers `extra`, which each of them adds for itself; `says` is printed then. */
async function playAmendment(name: string, amend: readonly Step[], says = 'error in b.txt:1') {
  const check = `if ls [bc].txt >/dev/null 2>&1 && ! grep -qs extra api.txt; then echo "${says}"; exit 1; fi\necho ok\n`;
  const contract = { role: 'foundation', ownedPaths: ['api.txt'], contracts: ['api.txt'] } as const;
  const builds = (key: string) =>
    attempts([write(`${key}.txt`, `${key}\n`), bash(`echo "extra for ${key}" >> api.txt`), done]);
  const repository = await bot.createRepository({
    name,
    files: filesWith({ check, policy }),
    scenario: {
      planner: attempts([planOf(task('base', contract), task('b'), task('c'))]),
      'task-base': attempts([write('api.txt', 'base\n'), done]),
      'task-b': builds('b'),
      'task-c': builds('c'),
      'task-amend-api-txt-1': attempts([...amend, done]),
      'task-amend-api-txt-2': attempts([...amend, done]),
    },
  });
  const { run } = await repository.makeReady('Three things');
  return { run, calls: (key: string) => repository.calls(`task-${key}`) };
}

it.concurrent('38 amendment-cycle: one task changes the contract, and everybody who waited is merged without being built again', async ({
  expect,
}) => {
  const { run, calls } = await playAmendment('amended', [bash('echo "extra for all" >> api.txt')]);
  expect(states(run)).toEqual({ base: 'merged', b: 'merged', c: 'merged', 'amend-api-txt-1': 'merged' });
  expect(run.tasks.map(({ attempts: made }) => made.length)).toEqual([1, 1, 1, 1]);
  const prompt = calls('amend-api-txt-1')[0]?.prompt ?? '';
  expect(prompt).toContain('# You may change\n\n- api.txt');
  // Whichever of the two was first.
  expect(prompt).toMatch(/\+extra for [bc]/);
  expect(prompt).not.toContain('leave them as they are');
});

it.concurrent.for<[string, string, readonly Step[]]>([
  ['changes nothing', 'amend-fail', []],
  ['crashes', 'amend-crash', [bash('kill -9 $PPID')]],
])(
  '38 amendment-cycle: an amendment that %s blocks everybody who waited, by name',
  async ([, name, amend], { expect }) => {
    const { run } = await playAmendment(name, amend);
    expect(states(run)).toEqual({
      base: 'merged',
      b: 'merge_blocked',
      c: 'merge_blocked',
      'amend-api-txt-1': 'failed',
    });
    for (const key of ['b', 'c'])
      expect(causeOf(run, key)).toEqual({ kind: 'dependency_failed', task: 'amend-api-txt-1' });
  },
);

it.concurrent('38 amendment-cycle, 42 causal-routing: what is red in a contract is for its owner, twice, and then whoever waited is blocked', async ({
  expect,
}) => {
  const { run, calls } = await playAmendment('amend-futile', [bash('echo nothing >> api.txt')], 'error in api.txt:1');
  expect(states(run)).toEqual({
    base: 'merged',
    b: 'merge_blocked',
    c: 'merge_blocked',
    'amend-api-txt-1': 'merged',
    'amend-api-txt-2': 'merged',
  });
  expect(causeOf(run, 'b')).toEqual({ kind: 'contract_blocked', path: 'api.txt', owner: 'base' });
  expect(calls('b').length).toBe(calls('b').filter(({ prompt }) => prompt.includes('ATTEMPT 1 of')).length);
});

/** `left` and `right` are green alone and red together. */
async function playTogether(name: string, says: string) {
  const check = `if [ -e left.txt ] && [ -e right.txt ]; then echo "${says}"; exit 1; fi\necho ok\n`;
  const repository = await bot.createRepository({
    name,
    files: filesWith({ check, policy }),
    scenario: {
      planner: attempts([planOf(task('left'), task('right'))]),
      'task-left': attempts([write('left.txt', 'left\n'), done]),
      'task-right': attempts([write('right.txt', 'right\n'), done]),
    },
  });
  const issue = await repository.openIssue('Two things');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready', 'failed');
  await issue.isShown();
  return { run, sticky: (await issue.replies())[0] ?? '', repository };
}

it.concurrent('42 causal-routing: a red batch whose output names one task takes that one out', async ({ expect }) => {
  const { run } = await playTogether('routed', 'error in right.txt:1');
  expect(states(run)).toEqual({ left: 'merged', right: 'failed' });
  expect(causeOf(run, 'right')).toMatchObject({ kind: 'integration_red', paths: ['right.txt'] });
  expect(run.tasks.map(({ attempts: made }) => made.length)).toEqual([1, 1]);
});

it.concurrent.for<[string, string]>([
  ['names nobody', 'it does not work'],
  ['names several', 'error in left.txt:1 and in right.txt:1'],
])('42 causal-routing: a red batch whose output %s is guessed at nobody', async ([name, says], { expect }) => {
  const { run, sticky, repository } = await playTogether(name.replaceAll(' ', '-'), says);
  expect(run.state.kind).toBe('failed');
  for (const key of ['left', 'right']) expect(causeOf(run, key)?.kind).toBe('integration_unrouteable');
  expect(run.integration).toBeUndefined();
  expect((await repository.read()).pulls).toEqual([]);
  expect(sticky).toContain('`left`');
});
