// From what the planner answers to the batches that run, and what people are shown of it.
import { afterAll, beforeAll, it } from 'vitest';
import type { Run } from '../../src/core/model/run.ts';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, done, filesWith, planOf, relatedPlan, say, simpleFiles, task, write } from '../support/plan.ts';
import type { TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

/** Every task writes the file that is named after it. */
function carriedOut(plan: Step, ...keys: readonly string[]): Scenario {
  const work = keys.map((key) => [`task-${key}`, attempts([write(`${key}.txt`, `${key}\n`), done])] as const);
  return { planner: attempts([plan]), ...Object.fromEntries(work) };
}

/** Without a pilot, and with one attempt for each task. */
const plainFiles = filesWith({
  check: 'if ls broken* >/dev/null 2>&1; then echo FAIL; exit 1; fi\necho ok\n',
  policy: 'max_attempts: 2\npilot:\n  enabled: false\n',
});

async function runToEnd(repository: TestRepository): Promise<{ run: Run; sticky: string }> {
  const issue = await repository.openIssue('Some things');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready', 'failed');
  await issue.isShown();
  const [sticky = ''] = await issue.replies();
  return { run, sticky };
}

function listStates({ tasks }: Run): Record<string, string> {
  return Object.fromEntries(tasks.map(({ key, state }) => [key, state.kind]));
}

it.concurrent('20 additive-pair: what adds to one place never shares a batch, and the table says why', async ({
  expect,
}) => {
  const plan = relatedPlan(
    [{ a: 'one', b: 'two', kind: 'additive', why: 'Both add a line.' }],
    task('one'),
    task('two'),
  );
  const scenario = carriedOut(plan, 'one', 'two');
  const repository = await bot.createRepository({ name: 'additive', files: simpleFiles, scenario });
  const { run, sticky } = await runToEnd(repository);
  expect(run.behind).toEqual([['one'], ['two']]);
  expect(listStates(run)).toEqual({ one: 'merged', two: 'merged' });
  expect(sticky).toContain('| 1 | `one` | Task one | adds to the same place as `two` | `one.txt` |');
  expect(sticky).toContain('```mermaid\ngraph LR\n  subgraph batch 1\n    t0["one: Task one"]\n  end');
  expect(sticky).toContain('  t0 -.- t1');
});

it.concurrent('20 contradictory-pair: neither is done, what waits for them is blocked, and the rest is done', async ({
  expect,
}) => {
  const why = '"Keep the old name" and "rename it" exclude each other.';
  const plan = relatedPlan(
    [{ a: 'keep', b: 'rename', kind: 'contradictory', why }],
    task('keep'),
    task('rename'),
    task('after', { dependsOn: ['rename'] }),
    task('other'),
  );
  const repository = await bot.createRepository({
    name: 'contradictory',
    files: simpleFiles,
    scenario: carriedOut(plan, 'other'),
  });
  const { run, sticky } = await runToEnd(repository);
  expect(listStates(run)).toEqual({ keep: 'conflicted', rename: 'conflicted', after: 'blocked', other: 'merged' });
  expect(repository.calls().map(({ role }) => role)).not.toContain('task-keep');
  expect(sticky).toContain('contradicts `rename`: "Keep the old name" and "rename it" exclude each other.');
  expect(sticky).toContain('**Not mergeable yet:** 1 of 4 tasks are merged');
});

it.concurrent('36 foundation-hold: features wait for a foundation that they do not name', async ({ expect }) => {
  const plan = planOf(task('base', { role: 'foundation', contracts: ['base.txt'] }), task('left'), task('right'));
  const scenario = carriedOut(plan, 'base', 'left', 'right');
  const repository = await bot.createRepository({ name: 'foundation', files: simpleFiles, scenario });
  const { run } = await runToEnd(repository);
  expect(run.behind).toEqual([['base'], ['left', 'right']]);
  expect(listStates(run)).toEqual({ base: 'merged', left: 'merged', right: 'merged' });
});

it.concurrent('36 foundation-hold: when the foundation fails, no feature starts and each says why', async ({
  expect,
}) => {
  const owned = ['base.txt', 'broken.txt'];
  const plan = planOf(
    task('base', { role: 'foundation', ownedPaths: owned, contracts: ['base.txt'] }),
    task('left'),
    task('right'),
  );
  const scenario = { ...carriedOut(plan), 'task-base': attempts([write('broken.txt', 'x\n'), done]) };
  const repository = await bot.createRepository({ name: 'foundation-fails', files: plainFiles, scenario });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state.kind).toBe('failed');
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length > 0])).toEqual([
    ['base', 'failed', true],
    ['left', 'blocked', false],
    ['right', 'blocked', false],
  ]);
  const waiting = run.tasks.flatMap(({ state }) => (state.kind === 'blocked' ? [state.cause.kind] : []));
  expect(waiting).toEqual(['foundation_unsatisfied', 'foundation_unsatisfied']);
  expect(sticky).toContain('blocked by `base`');
  expect(repository.calls().map(({ role }) => role)).not.toContain('task-left');
});

it.concurrent('37 nested-ownership: asked for again twice, the planner gets no run that one task would undo', async ({
  expect,
}) => {
  const plan = planOf(
    task('base', { role: 'foundation', ownedPaths: ['lib/**'], contracts: ['lib/base.txt'] }),
    task('inside', { ownedPaths: ['lib/inside/**'] }),
  );
  const repository = await bot.createRepository({ name: 'nested', files: simpleFiles, scenario: carriedOut(plan) });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state).toMatchObject({ kind: 'failed', cause: { kind: 'plan_unusable' } });
  expect(repository.calls().map(({ role }) => role)).toEqual(['planner', 'planner', 'planner']);
  expect(sticky).toContain('lib/inside/');
  expect(run.tasks).toEqual([]);
});

it.concurrent('46 shared-fixture: the foundation gets the file, and a feature that writes it all the same fails', async ({
  expect,
}) => {
  const fixture = 'test/fixtures/users.json';
  const plan = planOf(
    task('base', { role: 'foundation', contracts: ['base.txt'] }),
    task('left', { ownedPaths: ['left.txt', fixture] }),
    task('right', { ownedPaths: ['right.txt', fixture] }),
  );
  const scenario: Scenario = {
    ...carriedOut(plan, 'right'),
    'task-base': attempts([write('base.txt', 'base\n'), write(fixture, '[]\n'), done]),
    'task-left': attempts([write('left.txt', 'left\n'), write(fixture, '["left"]\n'), done]),
  };
  const repository = await bot.createRepository({ name: 'fixture', files: plainFiles, scenario });
  const { run, sticky } = await runToEnd(repository);
  // What the feature wrote there is a wish for an amendment, which nobody carries out here.
  const amendment = 'amend-test-fixtures-users-json-1';
  expect(listStates(run)).toEqual({ base: 'merged', left: 'merge_blocked', right: 'merged', [amendment]: 'failed' });
  expect(run.tasks.find(({ key }) => key === amendment)?.ownedPaths).toEqual([fixture]);
  expect(run.tasks.find(({ key }) => key === 'base')?.contracts).toContain(fixture);
  expect(sticky).toContain(
    `The set-up file \`${fixture}\` was wanted by \`left\`, \`right\` and now belongs to \`base\`.`,
  );
});

it.concurrent('plan-fallback: an answer that is no plan is asked for again, and then the whole issue is one task', async ({
  expect,
}) => {
  const scenario: Scenario = {
    planner: attempts([{ kind: 'json', value: { tasks: 'all of them' } }]),
    'task-issue': attempts([write('any.txt', 'any\n'), done]),
  };
  const repository = await bot.createRepository({ name: 'no-plan', files: simpleFiles, scenario });
  const { run, sticky } = await runToEnd(repository);
  expect(repository.calls('planner')).toHaveLength(3);
  expect(listStates(run)).toEqual({ issue: 'merged' });
  expect(sticky).toContain("> The model's plan was not used:");
  expect(sticky).toContain('the whole issue is one task');
});

it.concurrent('plan-repaired: half an answer is asked for again, and the plan says that it was repaired', async ({
  expect,
}) => {
  const scenario: Scenario = {
    ...carriedOut(planOf(task('one')), 'one'),
    planner: attempts([say('{"tasks": [{"key": "one", "title":'), planOf(task('one'))]),
  };
  const repository = await bot.createRepository({ name: 'repaired', files: simpleFiles, scenario });
  const { run, sticky } = await runToEnd(repository);
  expect(repository.calls('planner')).toHaveLength(2);
  expect(listStates(run)).toEqual({ one: 'merged' });
  expect(sticky).toContain('The plan was repaired:');
  expect(sticky).not.toContain("The model's plan was not used");
});

it.concurrent('plan-fallback: a plan that waits for itself runs in the order given, and the circle is named', async ({
  expect,
}) => {
  const plan = planOf(task('one', { dependsOn: ['two'] }), task('two', { dependsOn: ['one'] }));
  const scenario = carriedOut(plan, 'one', 'two');
  const repository = await bot.createRepository({ name: 'circle', files: simpleFiles, scenario });
  const { run, sticky } = await runToEnd(repository);
  expect(run.behind).toEqual([['one'], ['two']]);
  expect(listStates(run)).toEqual({ one: 'merged', two: 'merged' });
  expect(sticky).toContain("> The model's plan was not used:");
  expect(sticky).toMatch(/one.* → .*two.* → .*one/);
  expect(sticky).toContain('its tasks run one after the other');
  expect(sticky).toContain('The dependency of `one` on `two` cannot be kept and was dropped.');
});

it.concurrent('plan-again: the pilot gives the plan up, and the planner knows what is there and what did not work', async ({
  expect,
}) => {
  const why = 'The task asks for a file that the check refuses.';
  const observed = [{ text: 'No file may be broken.', task: 'bad', quote: 'FAIL: broken-by-bad.txt' }];
  const verdict = {
    verdict: 'replan',
    verdictReason: why,
    batches: [],
    strategies: [],
    skip: [],
    learnings: [],
    observed,
  };
  const first = planOf(
    task('good'),
    task('bad', { ownedPaths: ['broken-by-bad.txt'] }),
    task('last', { dependsOn: ['bad'] }),
  );
  const scenario: Scenario = {
    ...carriedOut(first, 'good', 'better'),
    planner: attempts([
      {
        kind: 'when',
        text: '# An earlier plan',
        steps: [planOf(task('better', { dependsOn: ['good'] }))],
        otherwise: [first],
      },
    ]),
    pilot: attempts([{ kind: 'json', value: { ...verdict, failureAnalysis: [], routedContext: [] } }]),
    'task-bad': attempts([write('broken-by-bad.txt', 'bad\n'), done]),
  };
  const repository = await bot.createRepository({ name: 'again', files: simpleFiles, scenario });
  const { run, sticky } = await runToEnd(repository);
  expect(listStates(run)).toEqual({ good: 'merged', bad: 'replaced', last: 'replaced', better: 'merged' });
  expect(run.behind).toEqual([['good', 'bad'], ['better']]);
  const [, second] = repository.calls('planner');
  expect(second?.prompt).toContain('good: Task good (changed good.txt)');
  expect(second?.prompt).toContain('bad: Task bad');
  expect(second?.prompt).toContain(why);
  expect(second?.prompt).toContain('No file may be broken.\nA model concluded this from: FAIL: broken-by-bad.txt');
  // The new plan was made from what the first batch left.
  expect(second?.prompt).toMatch(/good\.txt\n/);
  expect(sticky).toContain('**Ready to merge.**');
  expect(sticky).toContain('The gate pilot gave up plan');
  expect(sticky).toContain('not done: replaced when plan');
});
