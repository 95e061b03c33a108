// A plan that waits for a person: what people see, who is heard, and what an edit of the issue does to an approval.
import { afterAll, beforeAll, it } from 'vitest';
import { type OtherApp, startOtherApp } from '../support/other-app.ts';
import { outsider, reader, writer } from '../support/people.ts';
import { attempts, filesWith, oneTask, planOf, simpleFiles, task } from '../support/plan.ts';
import type { Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
let otherApp: OtherApp;
beforeAll(async () => {
  bot = await shareBot();
  otherApp = await startOtherApp(bot.stack, 'acme');
});
afterAll(() => bot.release());

const asksFirst = filesWith({ check: 'echo ok\n', policy: 'mode:\n  plan_approval: required\n' });

/** What stands in the comment as the plan that waits. */
async function readPlanId(issue: Thread): Promise<string> {
  await issue.isShown();
  const [sticky = ''] = await issue.replies();
  return /Waiting for an approval\*\* of plan `([0-9a-f]{12})`/.exec(sticky)?.[1] ?? `no plan in ${sticky}`;
}

it.concurrent('plan-approval: nothing works until somebody who may write approves exactly the plan that was posted', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'asks-first', files: asksFirst, scenario: oneTask() });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  await issue.reaches('awaiting_approval');
  const id = await readPlanId(issue);
  const { issues } = await repository.read();
  expect(issues.find(({ number }) => number === issue.number)?.labels).toEqual(['pilot:needs-input']);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain(`\`/pilot approve ${id}\` carries out exactly this plan`);
  expect(sticky).toContain('| `one` | Task one |');

  for (const login of [reader, outsider]) {
    const comment = await issue.comment(`/pilot approve ${id}`, login);
    expect(await issue.reactionsOn(comment)).toEqual(['confused']);
  }
  await otherApp.comment(repository.fullName, issue.number, `/pilot approve ${id}`);
  const wrong = await issue.comment('/pilot approve 0123456789ab');
  expect(await issue.reactionsOn(wrong)).toEqual(['confused']);
  await issue.isShown();
  expect(await issue.answerTo(wrong)).toContain(
    `The plan that waits is \`${id}\`, and \`0123456789ab\` is another one`,
  );
  expect((await issue.record())?.run?.state.kind).toBe('awaiting_approval');
  expect(repository.calls('task-one')).toEqual([]);

  const right = await issue.comment(`/pilot approve ${id}`);
  const run = await issue.reaches('ready');
  expect(run.approval).toMatchObject({ by: writer });
  expect(await issue.reactionsOn(right)).toEqual(['+1']);
  expect(repository.calls('task-one').length).toBeGreaterThan(0);
});

it.concurrent('plan-approval: an edit of the issue voids the plan, and the old one cannot be approved any more', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'edited', files: simpleFiles, scenario: oneTask('first') });
  const issue = await repository.openIssue('One thing', { body: 'Do the first.' });
  const asked = await issue.comment('/pilot plan');
  await issue.reaches('awaiting_approval');
  expect(await issue.reactionsOn(asked)).toEqual(['+1']);
  const old = await readPlanId(issue);
  const { control } = bot.stack;
  const on = { as: writer, repository: repository.fullName, number: issue.number };
  repository.setScenario(oneTask('second'));
  await control.editIssue({ ...on, body: 'Do the second instead.' });
  await issue.reachesWhere(({ state, replans }) => state.kind === 'awaiting_approval' && replans?.length === 1);
  const now = await readPlanId(issue);
  expect(now).not.toBe(old);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain(`The issue was edited after plan \`${old}\` was made`);

  const late = await issue.comment(`/pilot approve ${old}`);
  expect(await issue.reactionsOn(late)).toEqual(['confused']);
  await issue.isShown();
  expect(await issue.answerTo(late)).toContain(`The plan that waits is \`${now}\`, and \`${old}\` is another one`);
  await issue.comment(`/pilot approve ${now}`);
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ key, state }) => [key, state.kind])).toEqual([['second', 'merged']]);
  expect(repository.calls('task-first')).toEqual([]);
  expect(repository.calls('planner').at(-1)?.prompt).toContain('Do the second instead.');
});

it.concurrent('plan-approval: a plan that nobody wants is stopped, and so is one whose issue is closed', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'unwanted', files: asksFirst, scenario: oneTask() });
  const { control } = bot.stack;
  const [first, second] = [await repository.openIssue('One thing'), await repository.openIssue('Another')];
  for (const issue of [first, second]) {
    await issue.label('pilot:run');
    await issue.reaches('awaiting_approval');
  }
  await first.comment('/pilot stop');
  await control.closeIssue({ as: writer, repository: repository.fullName, number: second.number });
  for (const issue of [first, second]) await issue.reaches('stopped');
  const resumed = await first.comment('/pilot resume');
  await first.reaches('awaiting_approval');
  expect(await first.reactionsNow(resumed)).not.toContain('confused');
  expect(repository.calls('task-one')).toEqual([]);
});

it.concurrent('59 deny: a denied plan is made anew by a planner that is told why, and a second one ends the run with its reason', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'denied-plan',
    files: asksFirst,
    scenario: {
      ...oneTask('second'),
      planner: attempts([
        {
          kind: 'when',
          text: 'Not the first.',
          steps: [planOf(task('second'))],
          otherwise: [planOf(task('first'))],
        },
      ]),
    },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  await issue.reaches('awaiting_approval');
  const old = await readPlanId(issue);
  expect(await issue.reactionsOn(await issue.comment('/pilot deny No.', reader))).toEqual(['confused']);
  const denied = await issue.comment('/pilot deny Not the first.');
  expect(await issue.reactionsOn(denied)).toEqual(['+1']);
  const run = await issue.reachesWhere(
    ({ state, replans }) => state.kind === 'awaiting_approval' && replans?.[0]?.why === 'denied',
  );
  expect(run.tasks.map(({ key }) => key)).toEqual(['second']);
  const now = await readPlanId(issue);
  expect(now).not.toBe(old);
  const prompt = repository.calls('planner').at(-1)?.prompt ?? '';
  for (const part of ['# What people denied', 'first: Task first', `@${writer}`]) expect(prompt).toContain(part);

  const last = await issue.comment('/pilot deny Not at all.');
  const stopped = await issue.reaches('stopped');
  expect(await issue.reactionsOn(last)).toEqual(['+1']);
  expect(stopped.state).toMatchObject({ by: writer, reason: 'Not at all.' });
  await issue.isShown();
  expect((await issue.replies())[0]).toContain('(Not at all.)');
  const late = await issue.comment('/pilot deny Never.');
  expect(await issue.reactionsOn(late)).toEqual(['confused']);
  expect(repository.calls('task-first').concat(repository.calls('task-second'))).toEqual([]);
});
