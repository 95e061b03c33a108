// What agents built is reviewed before it is offered: by reviewers who see none of one another, whose claims somebody else
// checks, and whose evidence the bot looks at itself.
import { afterAll, beforeAll, it } from 'vitest';
import { writer } from '../support/people.ts';
import {
  attempts,
  bash,
  done,
  findings,
  hang,
  nothingFound,
  oneTask,
  planOf,
  reviewedFiles,
  say,
  task,
  whenTold,
  write,
} from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const real = { severity: 'major', path: 'one.txt', line: 1, what: 'It says the wrong number, @mona.' };
const invented = { severity: 'critical', path: 'one.txt', line: 1, what: 'It burns.' };
const wrong = { severity: 'major', path: 'README.md', line: 1, what: 'It is loud.' };
const judged = (claim: object, status: string, more: object = {}) => ({ ...claim, status, ...more });

it.concurrent('64 first-push: nothing is pushed before it was reviewed; what was confirmed shuts the gate, what was refuted is shown folded', async ({
  expect,
}) => {
  const evidence = { kind: 'trace', path: 'one.txt', from: 1, to: 1, quote: 'one' };
  const repository = await bot.createRepository({
    name: 'reviewed',
    files: reviewedFiles,
    scenario: {
      ...oneTask(),
      'task-review.correctness': attempts([whenTold('Do the work of one.', findings(real, wrong))]),
      'task-review.security': attempts([findings(invented)]),
      // It sees the claims, and nothing of how anybody came to them.
      'task-review.check': attempts([
        whenTold(
          'It says the wrong number',
          findings(
            judged(real, 'confirmed', { evidence }),
            judged(invented, 'confirmed', { evidence: { ...evidence, quote: 'smoke' } }),
            judged(wrong, 'refuted', { why: 'It is a title.' }),
          ),
        ),
      ]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await until(async () => (repository.calls('task-review.check').length > 0 ? true : undefined));
  expect(Object.keys((await repository.read()).branches)).toEqual(['main']);

  const run = await issue.reaches('ready');
  await issue.isShown();
  expect(run.review).toMatchObject({ plan: { depth: 'selective' }, result: { kind: 'judged' } });
  const pull = repository.thread(run.pullRequest?.number ?? 0);
  const { checks, body } = await repository.pull(pull.number);
  expect(checks).toMatchObject([{ name: 'gatepilot/gate', conclusion: 'failure' }]);
  expect(checks[0]?.title).toContain('A reviewer found what was confirmed: It says the wrong number');
  const shown = (await pull.replies()).join('\n');
  for (const text of [shown, body]) {
    expect(text).toContain(
      '**major**, confirmed (one.txt:1-1 says "one"): `one.txt:1` It says the wrong number, @\u200bmona.',
    );
    expect(text).toContain(
      '**critical**, unverified (its evidence does not hold: lines 1 to 1 of one.txt do not say that)',
    );
    expect(text).toContain('<summary>Refuted (1)</summary>');
  }

  // Beside the lines stands what was not refuted, once, the worst of what holds first.
  const { reviews } = await repository.pull(pull.number);
  expect(reviews).toHaveLength(1);
  expect(reviews[0]?.comments.map(({ path, line }) => `${path}:${line}`)).toEqual(['one.txt:1', 'one.txt:1']);
  expect(reviews[0]?.comments[0]?.body).toContain('**major**, confirmed: It says the wrong number');

  const merge = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  const head = run.pullRequest?.head ?? '';
  const lead = 'lena-who-leads';
  await bot.stack.control.createPerson({ login: lead });
  await bot.stack.control.setPermission({ repository: repository.fullName, login: lead, role: 'maintain' });
  const override = await pull.comment(`/pilot override review ${head} It is meant so.`, lead);
  expect(await pull.reactionsOn(override)).toEqual(['+1']);
  await pull.comment('/pilot merge');
  await issue.reaches('merged');
});

it.concurrent('a review that did not happen is told apart from one that found something, and is made again by a Recheck', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'unsaid',
    files: reviewedFiles,
    scenario: { ...oneTask(), ...nothingFound, 'task-review.security': attempts([say('All well.')], [findings()]) },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  await issue.isShown();
  const number = run.pullRequest?.number ?? 0;
  const read = async () => (await repository.pull(number)).checks.find(({ name }) => name === 'gatepilot/gate');
  expect(await read()).toMatchObject({ conclusion: 'timed_out' });
  expect((await read())?.title).toContain('The review did not happen: "security" gave no list of findings');
  await bot.stack.control.clickCheckAction({
    as: writer,
    repository: repository.fullName,
    checkRunId: (await read())?.id ?? 0,
    identifier: 'recheck',
  });
  await until(async () => ((await read())?.conclusion === 'success' ? true : undefined));
  // Nobody who found nothing is checked.
  expect(repository.calls('task-review.check')).toEqual([]);
});

it.concurrent('a review whose evidence is in a file that is too large to be looked at did not happen', async ({
  expect,
}) => {
  const evidence = { kind: 'trace', path: 'one.txt', from: 1, to: 1, quote: 'one' };
  const repository = await bot.createRepository({
    name: 'large',
    files: reviewedFiles,
    scenario: {
      ...oneTask('one', bash('yes one | head -n 300000 > one.txt'), done),
      'task-review.correctness': attempts([findings(real)]),
      'task-review.check': attempts([findings(judged(real, 'confirmed', { evidence }))]),
    },
  });
  const { run } = await repository.makeReady('Do it');
  const { checks } = await repository.pull(run.pullRequest?.number ?? 0);
  expect(checks).toMatchObject([{ conclusion: 'timed_out' }]);
  expect(checks[0]?.title).toContain('what shows 1 of the findings could not be looked at');
});

it.concurrent('31 human-flag: a reviewer wants a person to decide, and the gate waits for one, whatever is pushed', async ({
  expect,
}) => {
  const asked = { severity: 'minor', path: 'one.txt', what: 'This promises something to users.', person: true };
  const repository = await bot.createRepository({
    name: 'flag',
    files: reviewedFiles,
    scenario: {
      ...oneTask(),
      ...nothingFound,
      'task-review.correctness': attempts([findings(asked)], [findings()]),
      'task-review.check': attempts([findings(judged(asked, 'unverified'))]),
    },
  });
  const { issue, run, pull } = await repository.makeReady('Do it');
  const read = async () => (await repository.pull(pull.number)).checks.find(({ name }) => name === 'gatepilot/gate');
  const waits = {
    conclusion: 'action_required',
    title: expect.stringContaining('A reviewer wants a person to decide: This promises something to users.'),
  };
  expect(await read()).toMatchObject(waits);
  const head = await repository.push(run.pullRequest?.branch ?? '', { 'other.txt': 'x\n' });
  await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.key.head === head);
  await issue.isShown();
  expect(await read()).toMatchObject(waits);
  expect(repository.calls('task-review.correctness')).toHaveLength(2);
  expect(repository.calls('task-review.check')).toHaveLength(1);
});

it.concurrent('30 risk-plan: tasks that met in a file are looked at there first, and a base that moved elsewhere asks no reviewer again', async ({
  expect,
}) => {
  const shared = (key: string, line: string) => [write(`${key}.txt`, `${key}\n`), write('list.txt', line), done];
  const repository = await bot.createRepository({
    name: 'overlap',
    isProtected: false,
    files: { ...reviewedFiles, 'list.txt': 'a\n' },
    scenario: {
      planner: attempts([
        planOf(
          task('one', { ownedPaths: ['one.txt', 'list.txt'] }),
          task('two', { ownedPaths: ['two.txt', 'list.txt'], dependsOn: ['one'] }),
        ),
      ]),
      'task-one': attempts(shared('one', 'a\nb\n')),
      'task-two': attempts(shared('two', 'a\nb\nc\n')),
      'task-review.correctness': attempts([whenTold('Look first at: list.txt.', findings())]),
      'task-review.concurrency': attempts([findings()]),
      'task-review.tests': attempts([findings()]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Two things');
  expect(run.review?.plan).toEqual({
    depth: 'targeted',
    why: 'several tasks changed one file',
    reviewers: ['correctness', 'concurrency', 'tests'],
    paths: ['list.txt'],
  });
  const count = repository.calls('task-review.correctness').length;
  const moved = await repository.push('main', { 'elsewhere.txt': 'x\n' });
  await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.key.base === moved);
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true });
  expect(repository.calls('task-review.correctness')).toHaveLength(count);
});

it.concurrent('a reader that was paid for is not asked once more when the review of the same change goes on', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'half-read',
    files: reviewedFiles,
    scenario: { ...oneTask(), ...nothingFound, 'task-review.security': attempts([hang], [findings()]) },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await issue.reachesWhere(({ answers }) => answers?.reports.length === 1);
  await issue.comment('/pilot stop');
  await issue.reaches('stopped');
  await issue.comment('/pilot resume');
  const run = await issue.reaches('ready');
  expect(run.review?.result).toMatchObject({ kind: 'judged' });
  expect(run.review?.steps.map(({ id }) => id)).toEqual(['correctness', 'security']);
  expect(repository.calls('task-review.correctness')).toHaveLength(1);
});
