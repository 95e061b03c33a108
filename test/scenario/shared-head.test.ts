// A check belongs to a commit. Whoever opens another pull request from the branch of a run, into another branch, passes by
// no verdict that was not meant for it; and a draft is asked to be merged by nobody.
import { afterAll, beforeAll, it } from 'vitest';
import { writer } from '../support/people.ts';
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
