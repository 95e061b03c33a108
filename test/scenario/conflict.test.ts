// What was built and conflicts with what landed meanwhile, through the whole bot. Tasks that may change one file never share a
// batch, so the conflict comes from what was built before and is merged again as it is: each of these was innocent of a red batch.
import { afterAll, beforeAll, it } from 'vitest';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, bash, done, filesWith, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** The pilot's order after a batch, told by the number of the batch. */
function decideAfter(batch: number, more: object): Scenario[string][number] {
  const nothing = { failureAnalysis: [], strategies: [], routedContext: [], skip: [], learnings: [] };
  const value = { ...nothing, verdict: 'continue', verdictReason: 'The others can go on.', ...more };
  return { when: `batch that ended: ${batch}\n`, attempts: [[{ kind: 'json', value }]] };
}

/** Red together with whatever holds `words` in `path`, and named for it: what was built beside it is innocent. */
function clashCheck(words: string, path: string): string {
  return `if [ -e bad.txt ] && grep -qs "${words}" ${path}; then echo "FAIL: bad.txt does not fit"; exit 1; fi\necho ok\n`;
}

const writesBad: Scenario = { 'task-bad': attempts([write('bad.txt', 'bad\n'), done]) };

/** Takes git's marks away and keeps the lines of both sides. */
const keepBoth = (path: string) => bash(`sed -i -E '/^(<{7}|={7}|>{7})/d' ${path}`);

const made = (run: { tasks: { key: string; state: { kind: string }; attempts: unknown[] }[] }) =>
  Object.fromEntries(run.tasks.map(({ key, state, attempts: all }) => [key, [state.kind, all.length]]));

const observed = { text: 'Nothing called bad fits here.', task: 'bad', quote: 'FAIL: bad.txt does not fit' };

interface AfterRepair {
  /** What the pilot says once the repair has ended, and once more after what follows it. */
  readonly pilot?: object;
  /** What the agent of `right` does when it builds anew. */
  readonly anew?: readonly Step[];
}

const builtByRight = [write('shared.txt', 'line of right\n'), done];

/** `right` and `third` edit one line. `right` is built first and merged second. */
async function playOneLine(
  name: string,
  repair: readonly Step[],
  { pilot = { batches: [] }, anew = builtByRight }: AfterRepair = {},
) {
  const oneLine = { ownedPaths: ['shared.txt'] };
  const repository = await bot.createRepository({
    name,
    files: {
      ...filesWith({ check: clashCheck('right', 'shared.txt'), policy: 'notes:\n  file: NOTES.md\n' }),
      'shared.txt': 'first\n',
      'NOTES.md': 'Lines are short here.\n',
    },
    scenario: {
      planner: attempts([planOf(task('bad'), task('right', oneLine), task('third', oneLine))]),
      pilot: [
        decideAfter(1, { observed: [observed], batches: [['third'], ['right']] }),
        decideAfter(3, pilot),
        decideAfter(4, pilot),
      ],
      ...writesBad,
      // The second attempt is the repair.
      'task-right': attempts(builtByRight, builtByRight, anew),
      'task-third': attempts([write('shared.txt', 'line of third\n'), done]),
      'repair-right': attempts([...repair, done]),
    },
  });
  const { run, issue, pull } = await repository.makeReady('Three things');
  const { body } = await repository.pull(pull.number);
  const right = run.tasks.find(({ key }) => key === 'right');
  const attempt = right?.attempts[1];
  const [prompt = ''] = repository.calls('repair-right').map((call) => call.prompt);
  return { repository, run, right, attempt, prompt, body, log: (await issue.log()).join('\n') };
}

it.concurrent('21 conflict-reapply: of two tasks that edit one line the second is settled on the first, and both are there', async ({
  expect,
}) => {
  const { run, attempt, prompt, body } = await playOneLine('conflict-reapply', [keepBoth('shared.txt')]);
  expect(run.behind).toEqual([['bad', 'right'], ['third'], ['right']]);
  expect(made(run)).toEqual({ bad: ['failed', 1], right: ['merged', 2], third: ['merged', 1] });
  expect(attempt?.repair).toEqual({ paths: ['shared.txt'], secondary: [], removed: [] });
  expect(await bot.readArtifact(attempt?.patch ?? '')).toContain(' line of third\n+line of right\n');
  expect(run.losses).toBeUndefined();
  for (const words of ['+line of right', '+line of third', observed.text, 'Lines are short here.'])
    expect(prompt).toContain(words);
  expect(body).toContain('in 2 attempts');
});

it.concurrent('24 shared-budget: what was built, its repair and what is built anew after it share the attempts of one task', async ({
  expect,
}) => {
  const strategies = [{ task: 'right', action: 'retry', reason: 'Once more.' }];
  const again = { pilot: { strategies, batches: [['right']] }, anew: [write('elsewhere.txt', 'not mine\n'), done] };
  const { repository, run, right, body } = await playOneLine('shared-budget', [], again);
  expect(run.policy.maxAttempts).toBe(3);
  expect(made(run)).toEqual({ bad: ['failed', 1], right: ['failed', 3], third: ['merged', 1] });
  const kinds = right?.attempts.map(({ cause, repair }) => [cause?.kind, repair !== undefined]);
  expect(kinds).toEqual([
    ['merge_conflict', false],
    ['conflict_unresolved', true],
    ['scope_violation', false],
  ]);
  // After the last one nobody is asked whether there is to be another.
  expect(run.behind).toEqual([['bad', 'right'], ['third'], ['right'], ['right']]);
  expect(repository.calls('pilot')).toHaveLength(2);
  expect(body).toContain('1 of 3 tasks are in this branch');
});

it.concurrent.for<[string, string, readonly Step[], object]>([
  [
    'leaves a mark',
    'marker-left',
    [bash("sed -i -E '/^[<>]{7}/d' shared.txt")],
    { kind: 'conflict_unresolved', why: 'marker_left', paths: ['shared.txt'] },
  ],
  [
    'makes a commit',
    'head-moved',
    [keepBoth('shared.txt'), bash('git -c user.name=me -c user.email=me@example.test commit --quiet --all -m Mine')],
    { kind: 'conflict_unresolved', why: 'head_moved', paths: [] },
  ],
])(
  '29 marker-left / head-moved: a repair that %s fails, and nothing of it is there',
  async ([, name, repair, cause], { expect }) => {
    const { run, attempt, body } = await playOneLine(name, repair);
    expect(made(run)).toEqual({ bad: ['failed', 1], right: ['failed', 2], third: ['merged', 1] });
    expect(attempt?.cause).toEqual(cause);
    expect(body).toContain('1 of 3 tasks are in this branch');
  },
);

it.concurrent('29 stray-file: a repair that leaves a stray file is merged without it, which is said', async ({
  expect,
}) => {
  const stray = [write('shared.txt.orig', 'left over\n'), write('notes/mine.md', 'left over\n')];
  const { run, attempt, log } = await playOneLine('stray-file', [keepBoth('shared.txt'), ...stray]);
  expect(made(run)).toMatchObject({ right: ['merged', 2] });
  const patch = await bot.readArtifact(attempt?.patch ?? '');
  expect([patch.includes('line of right'), patch.includes('left over')]).toEqual([true, false]);
  expect(log).toContain('is taken away: `notes/mine.md`, `shared.txt.orig`');
});

const settle = bash(`sed -i -E '/^<{7}/,/^>{7}/c export const old = () => 6;' src/new.ts`);
const imports = (module: string) => `import { old } from '../src/${module}.ts';\nold();\n`;

/** `a` renames a module that `c` has changed, and `b` adds a test that names the old one. */
async function playRename(name: string, repair: readonly Step[]) {
  const helpers = Array.from({ length: 13 }, (_, at) => [
    `src/part-${at}.ts`,
    `import { old } from './old.ts';\nold(${at});\n`,
  ]);
  // Red once what the test names does something else.
  const stale =
    'if grep -qs "=> 6" src/new.ts && grep -rqs "/src/old.ts" checks; then echo "FAIL: stale"; exit 1; fi\n';
  const moduleText = '// one\n// two\n// three\nexport const old = () => 1;\n// four\n';
  const repository = await bot.createRepository({
    name,
    files: {
      ...filesWith({ check: stale + clashCheck('=> 3', 'src/old.ts') }),
      ...Object.fromEntries(helpers),
      'docs/guide.md': 'A guide.\n',
      'src/old.ts': moduleText,
    },
    scenario: {
      planner: attempts([
        planOf(
          task('bad'),
          task('c', { ownedPaths: ['src/**'] }),
          task('a', { ownedPaths: ['src/**'] }),
          task('b', { ownedPaths: ['checks/**'], dependsOn: ['a'] }),
        ),
      ]),
      pilot: [decideAfter(1, { batches: [['a'], ['b'], ['c']] }), decideAfter(4, { batches: [] })],
      ...writesBad,
      'task-a': attempts([bash("mv src/old.ts src/new.ts && sed -i 's/() => 1/() => 2/' src/new.ts"), done]),
      'task-b': attempts([write('checks/a.ts', imports('old')), done]),
      'task-c': attempts([bash("sed -i 's/() => 1/() => 3/' src/old.ts"), done]),
      'repair-c': attempts([...repair, done]),
    },
  });
  const { run, issue } = await repository.makeReady('Four things');
  return { task: run.tasks.find(({ key }) => key === 'c'), run, log: (await issue.log()).join('\n') };
}

it.concurrent('28 rename-scope: the stale test is mended with the conflict, and named', async ({ expect }) => {
  const { run, task: c, log } = await playRename('rename', [settle, write('checks/a.ts', imports('new'))]);
  expect(made(run)).toEqual({ bad: ['failed', 1], c: ['merged', 2], a: ['merged', 1], b: ['merged', 1] });
  expect(c?.attempts[1]?.repair).toEqual({ paths: ['src/new.ts'], secondary: ['checks/a.ts'], removed: [] });
  expect(log).toContain('the conflict of c in `src/new.ts` is repaired, and `checks/a.ts` with it');
});

it.concurrent.for<[string, string, readonly Step[], object]>([
  [
    'an unrelated file',
    'rename-unrelated',
    [settle, write('docs/guide.md', 'Another guide.\n')],
    { kind: 'conflict_unresolved', why: 'outside_scope', paths: ['docs/guide.md'] },
  ],
  [
    'thirteen others',
    'rename-many',
    [settle, bash("sed -i 's#./old.ts#./new.ts#' src/part-*.ts")],
    { kind: 'conflict_unresolved', why: 'too_many_files' },
  ],
])(
  '28 rename-scope: a repair that changes %s is refused, and a person decides',
  async ([, name, repair, cause], { expect }) => {
    const { run, task: c } = await playRename(name, repair);
    expect(made(run)).toEqual({ bad: ['failed', 1], c: ['failed', 2], a: ['merged', 1], b: ['merged', 1] });
    expect(c?.attempts[1]?.cause).toMatchObject(cause);
  },
);

it.concurrent('43 five-way-merge: five tasks add to one registry, each is repaired at most once, and all five are there', async ({
  expect,
}) => {
  const keys = ['e1', 'e2', 'e3', 'e4', 'e5'];
  const alone = (some: readonly string[]) => some.map((key) => [key]);
  // Each is built beside the bad one on the same base, and waits until all five are built.
  const pilot = keys.map((_, at) => {
    const [next, ...later] = keys.slice(at + 1);
    const retry = { strategies: [{ task: 'bad', action: 'retry', reason: 'Once more.' }] };
    const batches = [...(next ? [['bad', next]] : []), ...alone(later), ...alone(keys.slice(0, at + 1))];
    return decideAfter(at + 1, { ...(next ? retry : {}), batches });
  });
  const repository = await bot.createRepository({
    name: 'five-way-merge',
    files: {
      ...filesWith({ check: clashCheck('entry', 'registry.txt'), policy: 'max_attempts: 7\n' }),
      'registry.txt': 'registry\n',
    },
    scenario: {
      planner: attempts([planOf(task('bad'), ...keys.map((key) => task(key, { ownedPaths: ['registry.txt'] })))]),
      pilot,
      ...writesBad,
      ...Object.fromEntries(
        keys.map((key) => [`task-${key}`, attempts([bash(`echo "entry ${key}" >> registry.txt`), done])]),
      ),
      ...Object.fromEntries(keys.map((key) => [`repair-${key}`, attempts([keepBoth('registry.txt'), done])])),
    },
  });
  const { run } = await repository.makeReady('Six things');
  expect(made(run)).toEqual({
    bad: ['failed', 5],
    e1: ['merged', 1],
    ...Object.fromEntries(keys.slice(1).map((key) => [key, ['merged', 2]])),
  });
  const [last] = run.tasks.find(({ key }) => key === 'e5')?.attempts.slice(-1) ?? [];
  const entries = keys.map((key) => `entry ${key}`);
  const patch = await bot.readArtifact(last?.patch ?? '');
  expect(entries.filter((entry) => !patch.includes(entry))).toEqual([]);
  expect(run.losses).toBeUndefined();
});
