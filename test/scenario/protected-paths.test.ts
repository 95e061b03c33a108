// Settings of the bot and workflows of the repository: what agents change there leaves for GitHub only after a maintainer
// has seen it, and what people push there is not merged before.
import { afterAll, beforeAll, it } from 'vitest';
import { writer } from '../support/people.ts';
import { attempts, done, planOf, simpleFiles, task, write } from '../support/plan.ts';
import type { TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

const lead = 'lena';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

async function makeRepository(name: string, path: string): Promise<TestRepository> {
  const scenario = {
    planner: attempts([planOf(task('one', { ownedPaths: [path] }))]),
    'task-one': attempts([write(path, 'max_tasks: 5\n'), done]),
  };
  const repository = await bot.createRepository({ name, files: simpleFiles, scenario });
  await bot.stack.control.createPerson({ login: lead }).catch(() => undefined);
  await bot.stack.control.setPermission({ repository: repository.fullName, login: lead, role: 'maintain' });
  return repository;
}

async function untilConclusion(repository: TestRepository, number: number, head: string, conclusion: string) {
  await until(
    async () => {
      const { checks } = await repository.pull(number);
      const gate = checks.find((check) => check.name === 'gatepilot/gate' && check.headSha === head);
      return gate?.conclusion === conclusion ? true : undefined;
    },
    async () => `${conclusion}: ${JSON.stringify((await repository.pull(number)).checks)}`,
  );
}

it.concurrent('54 workflow-edit: what an agent changed in the settings is not pushed before a maintainer said so', async ({
  expect,
}) => {
  const repository = await makeRepository('agent-edits', '.github/gatepilot.yml');
  const issue = await repository.openIssue('Allow five tasks');
  await issue.label('pilot:run');
  const run = await issue.reaches('paused');
  await issue.isShown();
  const head = run.verification?.key.head ?? '';
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('**Waiting for a maintainer:** `.github/gatepilot.yml` is a protected path');
  expect(await bot.readArtifact(run.verification?.patch ?? '')).toContain('+max_tasks: 5');
  const before = await repository.read();
  expect(before.pulls).toEqual([]);
  expect(Object.keys(before.branches)).toEqual(['main']);

  const command = `/pilot override protected-paths ${head} Five are enough.`;
  expect(await issue.reactionsOn(await issue.comment(command))).toEqual(['confused']);
  expect(await issue.reactionsOn(await issue.comment(command, lead))).toEqual(['+1']);
  const ready = await issue.reaches('ready');
  const number = ready.pullRequest?.number ?? 0;
  await untilConclusion(repository, number, head, 'success');
  await issue.isShown();
  expect((await repository.thread(number).replies())[0]).toContain(`Overridden by @\u200b${lead} for head`);
  await repository.thread(number).comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true, by: 'gatepilot' });
});

it.concurrent('54 workflow-edit: what a person pushes into a workflow is not merged before a maintainer said so, once for each head', async ({
  expect,
}) => {
  const repository = await makeRepository('person-edits', 'one.txt');
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const head = await repository.push(branch, { '.github/workflows/ci.yml': 'on: push\njobs: {}\n' });
  await untilConclusion(repository, pull.number, head, 'action_required');
  const merge = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(merge)).toEqual(['confused']);
  await issue.isShown();
  expect(await pull.replyTo(merge)).toContain("needs a maintainer's approval");

  const command = `/pilot override protected-paths ${head} I have read it.`;
  expect(await pull.reactionsOn(await pull.comment(command, writer))).toEqual(['confused']);
  expect(await pull.reactionsOn(await pull.comment(command, lead))).toEqual(['+1']);
  await untilConclusion(repository, pull.number, head, 'success');

  const next = await repository.push(branch, { 'more.txt': 'more\n' });
  await untilConclusion(repository, pull.number, next, 'action_required');
  expect((await issue.record())?.run?.state.kind).toBe('ready');
});
