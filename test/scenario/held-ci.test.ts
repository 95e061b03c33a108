// CI of the repository may wait for somebody to let it run, and GitHub says so at the end of the pull request only.
import { afterAll, beforeAll, it } from 'vitest';
import { oneTask, simpleFiles } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

it('says that CI waits for an approval, and stops saying it once CI ran', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'held-ci', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  const untilSaid = async (isSaid: boolean) =>
    await until(
      async () => {
        const sticky = (await issue.replies()).find((body) => body.includes('Ready to merge'));
        return sticky?.includes('**CI waits for approval:** ci') === isSaid ? true : undefined;
      },
      async () =>
        `the comment is ${isSaid ? '' : 'not '}to say that CI waits: ${JSON.stringify(await issue.replies())}`,
    );
  await untilSaid(false);
  const { headSha } = await repository.pull(pull.number);
  const check = { repository: repository.fullName, sha: headSha, name: 'tests' };
  await bot.stack.control.reportCheck({ ...check, conclusion: 'action_required' });
  await untilSaid(true);
  await bot.stack.control.reportCheck(check);
  await bot.stack.control.reportCheck({ ...check, conclusion: 'success' });
  await untilSaid(false);
  const { checks } = await repository.pull(pull.number);
  expect(checks.find(({ name }) => name === 'gatepilot/gate')?.conclusion).toBe('success');
});

it('shuts the gate while a workflow waits for somebody, merges nothing, and opens by itself once it ran', async ({
  expect,
}) => {
  const repository = await bot.createRepository({ name: 'held-workflow', files: simpleFiles, scenario: oneTask() });
  const { issue, pull } = await repository.makeReady('Do it');
  const { headSha } = await repository.pull(pull.number);
  const gate = async () =>
    (await repository.pull(pull.number)).checks.find(({ name }) => name === 'gatepilot/gate')?.conclusion;
  const untilGate = async (conclusion: string) =>
    await until(
      async () => ((await gate()) === conclusion ? true : undefined),
      async () => `the gate is to be ${conclusion}, and is ${await gate()}`,
    );
  await untilGate('success');
  const check = { repository: repository.fullName, sha: headSha, name: 'build', app: 'GitHub Actions' } as const;
  await bot.stack.control.reportCheck({ ...check, conclusion: 'action_required' });
  await untilGate('action_required');
  const asked = await issue.comment('/pilot merge');
  await issue.reactionsOn(asked);
  expect(await issue.answerTo(asked)).toContain('Not merged: GitHub holds 1 workflow run of this head back');
  expect((await repository.pull(pull.number)).state).toBe('open');
  await bot.stack.control.reportCheck(check);
  await bot.stack.control.reportCheck({ ...check, conclusion: 'success' });
  await untilGate('success');
});
