// Agents that make their checks pass instead of their work: what they take from tests is told, and the base's own tests are run
// over what they made.
import { afterAll, beforeAll, it } from 'vitest';
import { attempts, bash, done, oneTask, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** Its only test fails unless `sum.txt` says 4. */
const filesWith = (policy: string) => ({
  'sum.txt': '4\n',
  'test/sum.test.sh': 'assert() { test "$1" = "$2" || { echo "FAIL: $1"; exit 1; }; }\nassert "$(cat sum.txt)" 4\n',
  '.github/gatepilot.yml': `verify:\n  commands:\n    - for each in test/*.sh; do sh "$each" || exit 1; done; echo ok\n  baseline: false\nreview:\n  enabled: false\n${policy}`,
});
const everything = task('one', { ownedPaths: ['sum.txt', 'test/**'] });

it.concurrent("an agent that breaks something and bends its test: the base's tests are red on it, and the gate is shut where the settings want that", async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'bent',
    files: filesWith('gate:\n  base_tests: block\n  weakened_checks: show\n'),
    scenario: {
      ...oneTask(),
      planner: attempts([planOf(everything)]),
      'task-one': attempts([write('sum.txt', '5\n'), write('test/sum.test.sh', 'echo fine\n'), done]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  expect(run.verification?.report.commands[0]?.exit).toEqual({ kind: 'exited', code: 0 });
  expect(run.verification?.baseTests).toMatchObject({
    kind: 'ran',
    report: { commands: [{ exit: { kind: 'exited', code: 1 }, output: expect.stringContaining('FAIL: 5') }] },
  });
  const { checks, body } = await repository.pull(pull.number);
  expect(checks[0]).toMatchObject({ conclusion: 'failure' });
  expect(checks[0]?.title).toContain("The base's tests fail on what would be merged");
  expect(body).toContain('fewer assertions (by 2) in `test/sum.test.sh`');
  // Somebody mends it, and leaves the test as it was.
  const head = await repository.push(run.pullRequest?.branch ?? '', { 'sum.txt': '4\n' });
  await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.key.head === head);
  await issue.isShown();
  expect((await repository.pull(pull.number)).checks.find(({ name }) => name === 'gatepilot/gate')).toMatchObject({
    conclusion: 'success',
  });
});

it.concurrent('a test that is removed waits for a maintainer, who lets it through for exactly that head', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'removed',
    files: { ...filesWith(''), 'test/other.test.sh': 'true\n' },
    scenario: {
      ...oneTask(),
      planner: attempts([planOf(everything)]),
      'task-one': attempts([bash('rm test/other.test.sh'), done]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const { checks } = await repository.pull(pull.number);
  expect(checks[0]).toMatchObject({ conclusion: 'action_required' });
  expect(checks[0]?.title).toContain('The change takes something from its checks: tests are removed');
  const lead = 'lisa-who-leads';
  await bot.stack.control.createPerson({ login: lead });
  await bot.stack.control.setPermission({ repository: repository.fullName, login: lead, role: 'maintain' });
  const head = run.pullRequest?.head ?? '';
  const override = await pull.comment(`/pilot override weakened-checks ${head} It tested nothing.`, lead);
  expect(await pull.reactionsOn(override)).toEqual(['+1']);
  await pull.comment('/pilot merge');
  await issue.reaches('merged');
});

it.concurrent("sources that end whatever tests them with 0: what is not counted any more is told, of the change and of the base's tests", async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'silenced',
    files: {
      'sum.sh': 'sum() { echo $(($1 + $2)); }\n',
      'test/sum.test.sh': '. ./sum.sh\ntest "$(sum 1 2)" = 3 || exit 1\necho "1 passing"\n',
      '.github/gatepilot.yml':
        'verify:\n  commands: [sh test/sum.test.sh]\n  baseline: true\nreview:\n  enabled: false\ngate:\n  base_tests: block\n',
    },
    scenario: {
      ...oneTask(),
      planner: attempts([planOf(task('one', { ownedPaths: ['sum.sh', 'test/**'] }))]),
      'task-one': attempts([write('sum.sh', 'exit 0\n'), write('test/more.test.sh', 'exit 0\n'), done]),
    },
  });
  const { pull, run } = await repository.makeReady('Do it');
  expect(run.verification?.report.commands[0]?.exit).toEqual({ kind: 'exited', code: 0 });
  expect(run.verification?.baseTests).toMatchObject({ kind: 'ran', alone: { passed: 1 } });
  const { checks, body } = await repository.pull(pull.number);
  expect(checks[0]).toMatchObject({ conclusion: 'failure' });
  expect(checks[0]?.summary).toContain('only 0 are told to pass there, and 1 on the base alone');
  expect(body).toContain('fewer tests pass than on the base alone, by what is printed: `0 instead of 1`');
});
