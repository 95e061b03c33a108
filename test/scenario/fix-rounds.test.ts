// What happens after a review found something: an agent works on it, and what it makes is checked against the list before
// anybody sees it.
import { afterAll, beforeAll, it } from 'vitest';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { writer } from '../support/people.ts';
import {
  attempts,
  bash,
  done,
  filesWith,
  findings,
  oneTask,
  reviewedFiles,
  simpleFiles,
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

const wrong = { severity: 'major', path: 'one.txt', line: 1, what: 'It says the wrong number.' };
const evidence = { kind: 'trace', path: 'one.txt', from: 1, to: 1, quote: 'one' };
const confirmed = findings({ ...wrong, status: 'confirmed', evidence });

/** One finding is confirmed of what is offered; what the check of the fix says is given. */
function foundWrong(fix: Scenario[string], ...checks: Scenario[string][number]['attempts']): Scenario {
  return {
    ...oneTask(),
    'task-review.correctness': attempts([findings(wrong)], [findings()]),
    'task-review.check': attempts([confirmed], ...checks),
    'task-fix-1': fix,
  };
}

it.concurrent('a confirmed finding is mended by an agent, and its commit is checked against the list before it is pushed', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'mended',
    files: reviewedFiles,
    scenario: foundWrong(
      attempts([whenTold('F-1 (major) one.txt:1: It says the wrong number.', write('one.txt', '1\n'), done)]),
      [whenTold('+1', findings({ ...wrong, status: 'fixed' }))],
    ),
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const head = run.pullRequest?.head ?? '';
  const before = await repository.pull(pull.number);
  expect(before.checks[0]).toMatchObject({ conclusion: 'failure' });
  expect((await pull.replies()).join('\n')).toContain('`F-1` **major**, confirmed');

  const fix = await pull.comment('/pilot fix');
  await until(async () => (repository.calls('task-review.check').length > 1 ? true : undefined));
  expect((await repository.pull(pull.number)).headSha).toBe(head);
  const after = await issue.reachesWhere(({ state, fixes }) => state.kind === 'ready' && fixes?.[0]?.end !== undefined);
  expect(after.fixes).toMatchObject([{ targets: ['F-1'], before: 1, after: 0, end: { kind: 'pushed' } }]);
  await issue.isShown();
  expect(await pull.reactionsOn(fix)).toEqual(['+1']);
  const { checks, headSha } = await repository.pull(pull.number);
  expect(headSha).toBe(after.pullRequest?.head);
  expect(headSha).not.toBe(head);
  expect(checks.find(({ name }) => name === 'gatepilot/gate')).toMatchObject({ conclusion: 'success' });
  const shown = (await pull.replies()).join('\n');
  expect(shown).toContain('<summary>Fixed (1)</summary>');
  expect(shown).toContain('what showed it is not there any more');
  // Beside its line it says so as well, once, and nobody else's words are touched.
  const remarks = async () => (await repository.pull(pull.number)).reviews.flatMap(({ comments }) => comments);
  await until(async () => ((await remarks())[0]?.body.includes('**Fixed** in') ? true : undefined));
  expect((await remarks()).map(({ body }) => body.includes('~~It says the wrong number.~~'))).toEqual([true]);
  // Its thread is resolved as well, and whoever opens it again has the last word.
  const resolver = async () => (await remarks())[0]?.resolvedBy;
  await until(async () => (await resolver()) ?? undefined);
  expect(await resolver()).toContain('[bot]');
  await issue.isShown();
  const on = { as: writer, repository: repository.fullName, number: pull.number };
  await bot.stack.control.setThreadResolved({ ...on, commentId: (await remarks())[0]?.id ?? 0, isResolved: false });
  const status = await pull.comment('/pilot status');
  expect(await pull.reactionsOn(status)).toEqual(['+1']);
  await issue.isShown();
  expect(await resolver()).toBeNull();
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true });
});

const long = { ...wrong, what: `${'x'.repeat(399)} and the rest of it.` };
const nits = Array.from({ length: 31 }, (_, at) => ({ ...wrong, severity: 'minor', what: `Nit ${at}.` }));

it.concurrent('an agent that mends nothing, and a checker that says it did, change nothing that people see', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'unmended',
    files: reviewedFiles,
    scenario: {
      ...oneTask(),
      // So long that it is cut at a space, and with more that is new than a review keeps.
      'task-review.correctness': attempts([findings(long)], [findings(...nits)]),
      'task-review.check': attempts(
        [findings({ ...long, status: 'confirmed', evidence })],
        [
          findings(
            { ...long, status: 'fixed', why: 'It is mended, believe me.' },
            ...nits.map((nit) => ({ ...nit, status: 'unverified' })),
          ),
        ],
      ),
      'task-fix-1': attempts([bash('printf "more\\n" >> one.txt'), done]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const head = run.pullRequest?.head;
  const id = (await repository.pull(pull.number)).checks[0]?.id ?? 0;
  await bot.stack.control.clickCheckAction({
    as: writer,
    repository: repository.fullName,
    checkRunId: id,
    identifier: 'fix',
  });
  const after = await issue.reachesWhere(({ state, fixes }) => state.kind === 'ready' && fixes?.[0]?.end !== undefined);
  expect(after.fixes?.[0]?.end).toMatchObject({ kind: 'dropped', why: expect.stringContaining('1 finding stands') });
  await issue.isShown();
  const { checks, headSha } = await repository.pull(pull.number);
  expect(headSha).toBe(head);
  expect(checks.find(({ name }) => name === 'gatepilot/gate')).toMatchObject({ conclusion: 'failure' });
  expect((await pull.replies()).join('\n')).toContain('**not pushed**');
  // The reviewers were not paid once more for what they had looked at already.
  expect(repository.calls('task-review.correctness')).toHaveLength(2);
});

it.concurrent('what somebody pushed and is red is mended as well', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'red-push',
    files: simpleFiles,
    scenario: {
      ...oneTask(),
      'task-fix-1': attempts([whenTold('FAIL: broken.txt', bash('rm broken.txt'), done)]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const pushed = await repository.push(run.pullRequest?.branch ?? '', { 'broken.txt': 'x\n' });
  await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.key.head === pushed);
  await pull.comment('/pilot fix');
  const after = await issue.reachesWhere(({ state, fixes }) => state.kind === 'ready' && fixes?.[0]?.end !== undefined);
  expect(after.fixes).toMatchObject([{ targets: [], head: pushed, end: { kind: 'pushed' } }]);
  await issue.isShown();
  const { checks } = await repository.pull(pull.number);
  expect(checks.find(({ name }) => name === 'gatepilot/gate')).toMatchObject({ conclusion: 'success' });
});

it.concurrent('the settings let a run mend by itself what was found, and nobody has to ask', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'by-itself',
    files: filesWith({ check: 'echo ok\n', policy: 'review:\n  fix_rounds: 2\n', reviewed: true }),
    scenario: foundWrong(attempts([write('one.txt', '1\n'), done]), [findings({ ...wrong, status: 'fixed' })]),
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reachesWhere(({ state, fixes }) => state.kind === 'ready' && fixes?.[0]?.end !== undefined);
  expect(run.fixes).toMatchObject([{ by: 'gatepilot', end: { kind: 'pushed' } }]);
  await issue.isShown();
  const { checks } = await repository.pull(run.pullRequest?.number ?? 0);
  expect(checks.find(({ name }) => name === 'gatepilot/gate')).toMatchObject({ conclusion: 'success' });
});

it.concurrent('somebody else dismisses a finding: that holds over a push elsewhere, and ends with one that changes its lines', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'dismissed',
    files: reviewedFiles,
    scenario: {
      ...oneTask(),
      'task-review.correctness': attempts([findings(wrong)], [findings()]),
      'task-review.check': attempts([confirmed]),
    },
  });
  const { issue, pull, run } = await repository.makeReady('Do it');
  const other = 'wanda-who-writes';
  await bot.stack.control.createPerson({ login: other });
  await bot.stack.control.setPermission({ repository: repository.fullName, login: other, role: 'write' });
  const own = await pull.comment('/pilot dismiss F-1 It is meant so.');
  expect(await pull.reactionsOn(own)).toEqual(['confused']);
  const threads = async () => (await repository.pull(pull.number)).reviews.flatMap(({ comments }) => comments);
  const [remark] = await threads();
  const on = { as: other, repository: repository.fullName, number: pull.number };
  await bot.stack.control.replyInThread({ ...on, commentId: remark?.id ?? 0, body: 'It counts from one.' });
  const dismissal = await pull.comment('/pilot dismiss F-1 It is meant so.', other);
  expect(await pull.reactionsOn(dismissal)).toEqual(['+1']);
  const branch = run.pullRequest?.branch ?? '';
  const conclude = async (head: string) => {
    await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.key.head === head);
    await issue.isShown();
    const { checks } = await repository.pull(pull.number);
    return checks.find(({ name }) => name === 'gatepilot/gate')?.conclusion;
  };
  expect(await conclude(run.pullRequest?.head ?? '')).toBe('success');
  expect((await pull.replies()).join('\n')).toContain('It is meant so.');
  // It says so beside its line as well; what somebody answered there stays in sight.
  await until(async () => (await threads())[0]?.body.includes('**Dismissed** by') || undefined);
  await issue.isShown();
  expect((await threads()).map(({ resolvedBy }) => resolvedBy)).toEqual([null, null]);
  expect(await conclude(await repository.push(branch, { 'other.txt': 'x\n' }))).toBe('success');
  // Nobody claimed it, so that nobody was asked to check anything.
  expect(repository.calls('task-review.check')).toHaveLength(1);
  expect(await conclude(await repository.push(branch, { 'one.txt': 'one more\n' }))).toBe('failure');
});
