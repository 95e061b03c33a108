// With `mode.draft_prs` a pull request is a draft until nothing else is in the way of its merge. People may make it ready earlier, and
// what they make a draft after that stays one.
import { afterAll, beforeAll, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { holdWrite } from '../support/hold-write.ts';
import { writer } from '../support/people.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';

const files = {
  ...simpleFiles,
  '.github/gatepilot.yml':
    'verify: { commands: [sh check.sh] }\nreview: { enabled: false }\nmode: { draft_prs: true }\n',
};

const readyRoute = 'POST /api/graphql#markPullRequestReadyForReview';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('opens as a draft, is marked ready for review when its gate is open but for that, and merges', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'drafts', files, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reachesWhere(({ pullRequest }) => pullRequest?.ready?.kind === 'done');
  const number = run.pullRequest?.number ?? 0;
  await issue.isShown();
  const { draft, checks } = await repository.pull(number);
  expect(draft).toBe(false);
  expect(checks.find(({ name }) => name === 'gatepilot/gate')?.conclusion).toBe('success');
  const requests = await bot.stack.control.readRequests({});
  const opened = requests.find(
    ({ method, path }) => method === 'POST' && path.endsWith(`${repository.fullName}/pulls`),
  );
  expect(opened?.requestBody).toMatchObject({ draft: true });
  expect((await issue.log()).filter((line) => line.includes('is ready for review'))).toHaveLength(1);
  const asked = await repository.thread(number).comment('/pilot merge');
  expect(await repository.thread(number).reactionsOn(asked)).toEqual(['+1']);
  await issue.reaches('merged');
});

it('stays a draft where a person made it one again, and its gate says why it is not merged', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'drafted', files, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reachesWhere(({ pullRequest }) => pullRequest?.ready?.kind === 'done');
  const number = run.pullRequest?.number ?? 0;
  const at = { as: writer, repository: repository.fullName, number };
  await bot.stack.control.setDraft({ ...at, draft: true });
  await issue.reachesWhere(({ pullRequest }) => pullRequest?.isDraft === true);
  const asked = await repository.thread(number).comment('/pilot merge');
  expect(await repository.thread(number).reactionsOn(asked)).toEqual(['confused']);
  expect(await repository.thread(number).answerTo(asked)).toContain('is a draft; it may be merged when it is ready');
  await issue.isShown();
  expect((await repository.pull(number)).draft).toBe(true);
  await bot.stack.control.setDraft({ ...at, draft: false });
  await issue.reachesWhere(({ pullRequest }) => !pullRequest?.isDraft);
});

it('stays a draft where a person made it one again while the worker that marked it is dead', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'dead-marker', files, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const isMark = (body: unknown) => JSON.stringify(body ?? '').includes('markPullRequestReadyForReview');
  const held = holdWrite(bot.stack.control, ({ requestBody }) => isMark(requestBody));
  await issue.label('pilot:run');
  const drop = await held;
  const run = await issue.reachesWhere(({ pullRequest }) => pullRequest !== undefined);
  const number = run.pullRequest?.number ?? 0;
  expect((await repository.pull(number)).draft).toBe(false);
  await bot.stack.worker.kill('SIGKILL');
  await drop();
  await bot.stack.control.setDraft({ as: writer, repository: repository.fullName, number, draft: true });
  await bot.stack.restartWorker();
  await issue.reachesWhere(({ pullRequest }) => pullRequest?.isDraft === true && pullRequest.ready?.kind === 'done');
  await issue.isShown();
  expect((await repository.pull(number)).draft).toBe(true);
  expect((await issue.log()).filter((line) => line.includes('ready for review'))).toHaveLength(1);
});

it('a merge that is asked for while it is one is made once it is ready', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'held-draft', files, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  const { faultId } = await bot.stack.control.injectFault({ route: readyRoute, effect: { kind: 'held' } });
  await issue.label('pilot:run');
  const run = await issue.reachesWhere(({ pullRequest }) => pullRequest?.ready?.kind === 'due');
  const pull = repository.thread(run.pullRequest?.number ?? 0);
  const asked = await pull.comment('/pilot merge');
  await issue.reachesWhere(({ armed }) => armed !== undefined);
  await bot.stack.control.endFault({ faultId });
  expect(await pull.reactionsOn(asked)).toEqual(['+1']);
  await issue.reaches('merged');
});

it('opens ready for review where GitHub takes no drafts, and says so', async ({ expect }) => {
  const repository = await bot.createRepository({
    ...{ name: 'no-drafts', files, scenario: oneTask() },
    ...{ isPrivate: true, takesDrafts: false },
  });
  const { run, pull } = await repository.makeReady('Do it');
  expect(run.pullRequest?.ready).toEqual({ kind: 'done', hasNoDrafts: true });
  const { draft, checks } = await repository.pull(pull.number);
  expect(draft).toBe(false);
  expect(checks.find(({ name }) => name === 'gatepilot/gate')?.summary).toContain(
    'GitHub takes no drafts in this repository',
  );
});
