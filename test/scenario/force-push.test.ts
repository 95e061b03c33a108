// Somebody force-pushes over the pull request of a run while an agent works on it, and somebody asks for its check again.
import { afterAll, beforeAll, it } from 'vitest';
import { writer } from '../support/people.ts';
import { attempts, done, findings, oneTask, reviewedFiles, simpleFiles, sleepFor, write } from '../support/plan.ts';
import { untilStarted } from '../support/process.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const wrong = { severity: 'major', path: 'one.txt', line: 1, what: 'It says the wrong number.' };
const evidence = { kind: 'trace', path: 'one.txt', from: 1, to: 1, quote: 'one' };

it('52 force-push-mid-run: the head is force-pushed while an agent works; what was built is not pushed, and the run stops and says for which head', async ({
  expect,
}) => {
  const seconds = '15.52';
  const repository = await bot.createRepository({
    name: 'force-push-mid-run',
    files: reviewedFiles,
    scenario: {
      ...oneTask(),
      'task-review.correctness': attempts([findings(wrong)]),
      'task-review.check': attempts([findings({ ...wrong, status: 'confirmed', evidence })]),
      'task-fix-1': attempts([write('one.txt', '1\n'), sleepFor(seconds), done]),
    },
  });
  const { issue, pull, branch, run } = await repository.makeReady('Do it');
  const head = run.pullRequest?.head;
  const fix = await pull.comment('/pilot fix');
  await untilStarted(`sleep ${seconds}`);
  const { sha } = await bot.stack.control.pushCommit({
    as: writer,
    repository: repository.fullName,
    branch,
    from: 'main',
    force: true,
    message: 'Something else altogether',
    files: { 'other.txt': 'other\n' },
  });
  const after = await issue.reaches('superseded');
  await issue.isShown();
  expect(after.state).toMatchObject({ head: sha });
  expect(await pull.reactionsOn(fix)).toEqual(['confused']);
  expect((await pull.replies())[0]).toContain(`**Superseded** by \`${sha}\``);
  const shown = await repository.pull(pull.number);
  expect(shown.headSha).toBe(sha);
  // What was there before is kept in the record, and its check is settled.
  expect(after.pushed).toContain(head);
  expect(shown.checks).toMatchObject([{ name: 'gatepilot/gate', headSha: sha, conclusion: 'cancelled' }]);
});

it('a check that is asked for again on a pull request of a run is made anew for whoever may write, and for nobody else', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'asked-again', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  const gate = async () => {
    const check = (await repository.pull(pull.number)).checks.find(({ name }) => name === 'gatepilot/gate');
    if (!check) throw new Error('the pull request has no gate');
    return check;
  };
  const { control } = bot.stack;
  const on = { repository: repository.fullName };
  const ask = async () => await control.rerequestCheck({ as: writer, ...on, checkRunId: (await gate()).id });
  const receipts = async (count: number) =>
    await until(async () => {
      const asked = ((await issue.record())?.receipts ?? []).filter(({ source }) => source.kind === 'button');
      return asked.length === count && asked.every(({ state }) => state.kind !== 'kept') ? asked : undefined;
    });
  const verifiedAt = async () => (await issue.record())?.run?.verification?.at;
  const before = await verifiedAt();
  // GitHub offers it to people who may write only. What counts is what they may do when it is carried out.
  await control.holdNextDelivery({ event: 'check_run', action: 'rerequested' });
  await ask();
  await control.setPermission({ ...on, login: writer, role: 'read' });
  await control.releaseDeliveries();
  expect(await receipts(1)).toMatchObject([{ command: 'recheck', state: { kind: 'refused' } }]);
  await issue.isShown();
  expect((await pull.replies()).join('\n')).toContain(
    '@mona `recheck` needs write permission on this repository; you have read.',
  );
  expect(await verifiedAt()).toBe(before);

  await control.setPermission({ ...on, login: writer, role: 'write' });
  await ask();
  expect((await receipts(2))[1]).toMatchObject({ command: 'recheck', state: { kind: 'done' } });
  await issue.reachesWhere(({ state, verification }) => state.kind === 'ready' && verification?.at !== before);
  await issue.isShown();
  expect(await gate()).toMatchObject({ status: 'completed', conclusion: 'success' });
  expect((await issue.log()).join('\n')).toContain('@mona asked to verify');
});
