// A check belongs to a commit. Whoever opens another pull request from the branch of a run, or from a commit of the merge
// queue, into another branch, passes by no verdict that was not meant for it; and a draft is asked to be merged by nobody.
import { afterAll, beforeAll, it } from 'vitest';
import { outsider, writer } from '../support/people.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';
import type { TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

async function makeRepository(name: string, files: Record<string, string> = {}): Promise<TestRepository> {
  const made = await bot.createRepository({ name, files: { ...simpleFiles, ...files }, scenario: oneTask() });
  const from = { as: writer, repository: made.fullName, branch: 'release', from: 'main' };
  await bot.stack.control.pushCommit({ ...from, message: 'Release', files: { 'release.txt': 'Another base.\n' } });
  return made;
}

async function openPull(repository: TestRepository, head: string, more: { base?: string; draft?: boolean } = {}) {
  const on = { as: writer, repository: repository.fullName, title: 'By hand', head };
  return (await bot.stack.control.openPull({ ...on, ...more })).number;
}

/** Waits until the gate on the head of a pull request ended or waits like this, and gives its sentence. */
async function untilGate(repository: TestRepository, number: number, state: string): Promise<string> {
  return await until(
    async () => {
      const { checks } = await repository.pull(number);
      const gates = checks.filter(({ name }) => name === 'gatepilot/gate');
      const isAll = gates.length > 0 && gates.every(({ conclusion, status }) => (conclusion ?? status) === state);
      return isAll ? gates[0]?.title : undefined;
    },
    async () => `the gate of #${number} is to be ${state}: ${JSON.stringify((await repository.pull(number)).checks)}`,
  );
}

it.concurrent('61 shared-head: the verdict for one base lets no other pull request of the same head pass', async ({
  expect,
}) => {
  const repository = await makeRepository('shared-head');
  const { pull, branch } = await repository.makeReady('Do it');
  await untilGate(repository, pull.number, 'success');
  const { control } = bot.stack;
  const other = await openPull(repository, branch, { base: 'release' });
  const title = await untilGate(repository, other, 'action_required');
  expect(title).toBe(`Not yet: This head is also in #${other} into \`release\`, which nobody verified.`);
  expect((await repository.pull(pull.number)).blockedBy).not.toEqual([]);
  const asked = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(asked)).toEqual(['confused']);

  await control.closeIssue({ as: writer, repository: repository.fullName, number: other });
  await untilGate(repository, pull.number, 'success');
  expect((await repository.pull(pull.number)).blockedBy).toEqual([]);
});

it.concurrent('61 shared-head: a second pull request that was there first keeps the gate shut', async ({ expect }) => {
  const repository = await makeRepository('shared-head-first');
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const other = await openPull(repository, branch, { base: 'release' });
  await untilGate(repository, pull.number, 'action_required');
  // Both of them have another head now, which is verified for one base again.
  const head = await repository.push(branch, { 'more.txt': 'more\n' });
  await issue.reachesWhere((run) => run.state.kind === 'ready' && run.verification?.key.head === head);
  await issue.isShown();
  const title = await untilGate(repository, pull.number, 'action_required');
  expect(title).toContain(`#${other} into \`release\``);
  await bot.stack.control.closeIssue({ as: writer, repository: repository.fullName, number: other });
  await untilGate(repository, pull.number, 'success');
});

interface Queues {
  /** A branch besides `main` that takes nothing without the gate. */
  readonly branch: string;
  /** What the queue of `main` waits for. */
  readonly isRequired: boolean;
}

async function protect({ fullName }: TestRepository, { branch, isRequired }: Queues): Promise<void> {
  const checks = [{ context: 'gatepilot/gate', appId: bot.stack.app.appId }];
  const on = { repository: fullName, branch: 'main', mergeQueue: true };
  await bot.stack.control.protectBranch({ ...on, checks: isRequired ? checks : [] });
  await bot.stack.control.protectBranch({ repository: fullName, branch, checks });
}

it.concurrent('what the queue landed was judged for its branch, and for no other into which it goes from there', async ({
  expect,
}) => {
  const repository = await makeRepository('shared-landed', {
    '.github/gatepilot.yml': `${simpleFiles['.github/gatepilot.yml']}gate: { other_prs: review }\n`,
  });
  // It was on `main` before anything had to be reviewed.
  await bot.stack.control.unprotectBranch({ repository: repository.fullName, branch: 'main' });
  await repository.push('main', { 'unreviewed.txt': 'anything\n' });
  await protect(repository, { branch: 'release', isRequired: true });
  const { issue, pull } = await repository.makeReady('Do it');
  await bot.stack.control.enqueuePull({ as: writer, repository: repository.fullName, number: pull.number });
  await issue.reaches('merged');
  const number = await openPull(repository, 'main', { base: 'release' });
  expect(await untilGate(repository, number, 'action_required')).toContain('It is not reviewed yet');
  expect((await repository.pull(number)).blockedBy).not.toEqual([]);
});

it.concurrent('a queue that was done before there was a verdict shuts no other pull request with that head', async ({
  expect,
}) => {
  const repository = await makeRepository('shared-unjudged');
  await protect(repository, { branch: 'release', isRequired: false });
  await repository.push('mine', { 'mine.txt': 'mine\n' });
  const mine = await openPull(repository, 'mine');
  await untilGate(repository, mine, 'success');
  await bot.stack.control.enqueuePull({ as: writer, repository: repository.fullName, number: mine });
  await until(async () => (await repository.pull(mine)).state === 'closed' || undefined);
  const number = await openPull(repository, 'main', { base: 'release' });
  // What its group came to, if anything, is seen until the pull request is.
  await until(
    async () =>
      (await repository.pull(number)).checks.every(({ title }) => title === 'No agent work here') || undefined,
    async () => JSON.stringify((await repository.pull(number)).checks),
  );
  expect((await repository.pull(number)).blockedBy).toEqual([]);
});

// By itself: the delivery that is held is the next of any repository.
it('whoever opens a pull request from a commit that the queue still has lets nothing land by that', async ({
  expect,
}) => {
  const repository = await makeRepository('shared-queued');
  const { control } = bot.stack;
  await protect(repository, { branch: 'release', isRequired: true });
  const { pull, run } = await repository.makeReady('Do it');
  await control.holdNextDelivery({ event: 'merge_group', action: 'checks_requested' });
  await control.enqueuePull({ as: writer, repository: repository.fullName, number: pull.number });
  await control.forkRepository({ as: outsider, repository: repository.fullName });
  const queued = `gh-readonly-queue/main/pr-${pull.number}-${run.base.sha}`;
  const { number } = await control.openPull({
    ...{ as: outsider, repository: repository.fullName, head: `${outsider}:${queued}`, base: 'release', title: 'Mine' },
  });
  const thread = repository.thread(number);
  // Nobody told us of the queue yet, and its check is not ours to make here.
  await until(
    async () => (await thread.log()).some((line) => line.includes('merge queue')) || undefined,
    async () => JSON.stringify([await thread.log(), (await repository.pull(number)).checks]),
  );
  const { headSha } = await repository.pull(number);
  const listGates = async () =>
    (await repository.read()).checks.filter((check) => check.name === 'gatepilot/gate' && check.headSha === headSha);
  expect(await listGates()).toEqual([]);
  expect((await repository.pull(pull.number)).state).toBe('open');

  await control.releaseDeliveries();
  await until(async () => (await listGates()).some(({ title }) => title?.includes('also the head of')) || undefined);
  expect((await repository.pull(pull.number)).state).toBe('open');
  // Once the queue has it no more, it is judged as what it is.
  expect(await untilGate(repository, number, 'success')).toBe('No agent work here');
  expect((await repository.pull(pull.number)).state).toBe('open');
});

it.concurrent('a draft waits, and passes when it is ready for review', async ({ expect }) => {
  const repository = await makeRepository('draft');
  await bot.stack.control.pushCommit({
    ...{ as: writer, repository: repository.fullName, branch: 'by-hand', from: 'main' },
    ...{ message: 'By hand', files: { 'by-hand.txt': 'by hand\n' } },
  });
  const number = await openPull(repository, 'by-hand', { draft: true });
  expect(await untilGate(repository, number, 'queued')).toContain('This is a draft');
  const on = { as: writer, repository: repository.fullName, number };
  await bot.stack.control.setDraft({ ...on, draft: false });
  expect(await untilGate(repository, number, 'success')).toBe('No agent work here');
  await bot.stack.control.setDraft({ ...on, draft: true });
  await untilGate(repository, number, 'queued');
});

it.concurrent('people’s pull requests do not pass where the settings ask for a review of them', async ({ expect }) => {
  const repository = await makeRepository('asks-review', {
    '.github/gatepilot.yml': 'gate: { other_prs: review }\n',
  });
  await bot.stack.control.pushCommit({
    ...{ as: writer, repository: repository.fullName, branch: 'by-hand', from: 'main' },
    ...{ message: 'By hand', files: { 'by-hand.txt': 'by hand\n' } },
  });
  const number = await openPull(repository, 'by-hand');
  expect(await untilGate(repository, number, 'action_required')).toContain('It is not reviewed yet');
});
