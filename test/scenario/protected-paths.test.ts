// Settings of the bot and workflows of the repository: what agents change there leaves for GitHub only after a maintainer
// has seen it, and what people push there is not merged before.
import { afterAll, beforeAll, it } from 'vitest';
import { isEverPushed } from '../support/find-pushed.ts';
import { writer } from '../support/people.ts';
import { attempts, done, planOf, simpleFiles, task, whenTold, write } from '../support/plan.ts';
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
  expect(await pull.answerTo(merge)).toContain("needs a maintainer's approval");

  const command = `/pilot override protected-paths ${head} I have read it.`;
  expect(await pull.reactionsOn(await pull.comment(command, writer))).toEqual(['confused']);
  expect(await pull.reactionsOn(await pull.comment(command, lead))).toEqual(['+1']);
  await untilConclusion(repository, pull.number, head, 'success');

  const next = await repository.push(branch, { 'more.txt': 'more\n' });
  await untilConclusion(repository, pull.number, next, 'action_required');
  expect((await issue.record())?.run?.state.kind).toBe('ready');
});

it.concurrent('59 deny: what a maintainer denies is never on GitHub, its reason reaches the agent that builds it otherwise, and what stands on its own is kept', async ({
  expect,
}) => {
  const path = '.github/gatepilot.yml';
  const repository = await makeRepository('denied', path);
  // The second time it does the right thing only because it is told; the task beside it is built once.
  repository.setScenario({
    planner: attempts([
      planOf(task('one', { ownedPaths: [path] }), task('two'), task('three', { dependsOn: ['one'] })),
    ]),
    'task-one': attempts(
      [write(path, 'max_tasks: 5\n'), done],
      [whenTold('Five are too many: three.', write(path, 'max_tasks: 3\n'), done)],
    ),
    'task-two': attempts([write('two.txt', 'two\n'), done], [write('two.txt', 'two again\n'), done]),
    'task-three': attempts([write('three.txt', 'three\n'), done], [write('three.txt', 'three\n'), done]),
  });
  const issue = await repository.openIssue('Allow more tasks');
  await issue.label('pilot:run');
  const held = await issue.reaches('paused');
  await issue.isShown();
  expect((await issue.replies())[0]).toContain('`/pilot deny <reason>` of a maintainer has it built otherwise');
  const head = held.verification?.key.head ?? '';
  const patch = held.verification?.patch ?? '';

  // Without a reason, and by whoever may not, nothing is denied.
  expect(await issue.reactionsOn(await issue.comment('/pilot deny', lead))).toEqual(['confused']);
  expect(await issue.reactionsOn(await issue.comment('/pilot deny No.', writer))).toEqual(['confused']);
  const denied = await issue.comment('@gatepilot deny Five are too many: three.', lead);
  expect(await issue.reactionsOn(denied)).toEqual(['+1']);
  expect(await issue.answerTo(denied)).toContain(
    'Denied, and never pushed. `one` is built anew, with that reason. What was built on that goes with it: `three`.',
  );
  // What was approved in vain, or denied otherwise, changes nothing.
  const override = await issue.comment(`/pilot override protected-paths ${head} Five are fine.`, lead);
  expect(await issue.reactionsOn(override)).toEqual(['confused']);
  expect(await issue.reactionsOn(await issue.comment('/pilot deny Four.', lead))).toEqual(['confused']);

  const again = await issue.reachesWhere(
    ({ state, verification }) => state.kind === 'paused' && verification?.key.head !== head,
  );
  const mended = again.verification?.key.head ?? '';
  expect((await repository.read()).pulls).toEqual([]);
  await issue.comment(`/pilot override protected-paths ${mended} Three are enough.`, lead);
  const ready = await issue.reaches('ready');
  expect(ready.tasks.map(({ key, attempts: made }) => [key, made.length])).toEqual([
    ['one', 2],
    ['two', 1],
    ['three', 2],
  ]);
  const prompt = repository.calls('task-one').at(-1)?.prompt ?? '';
  for (const part of ['# What people denied', `@${lead}`, path]) expect(prompt).toContain(part);
  expect(await bot.readArtifact(patch)).toContain('+max_tasks: 5');
  await issue.isShown();
  expect((await issue.replies())[0]).toContain(`kept as artifact \`${patch}\`, and never pushed`);
  const pushed = (text: string) => isEverPushed(bot, repository.fullName, text);
  expect([await pushed('max_tasks: 3'), await pushed('two\n'), await pushed('max_tasks: 5')]).toEqual([
    true,
    true,
    false,
  ]);
});
