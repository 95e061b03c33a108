// A host on which no list of hosts can be held: what needs one is refused by that name, and the rest works.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({
    workerScript: 'test/support/worker-without-allowlist-main.ts',
    env: { GATEPILOT_NETWORK: '*.example.com' },
  });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('its worker starts, and says that it holds everything but a list', () => {
  const started = bot.logs.filter((line) => line.includes('sandboxes are ready'));
  expect(started).toHaveLength(1);
  expect(started[0]).toContain('"network":["deny","gateway"]');
});

it('a run whose agents are to reach hosts is refused, naming allowlist, before any agent or model is asked', async () => {
  const settings = 'verify: { commands: [sh check.sh] }\nsandbox: { network: [docs.example.com] }\n';
  const repository = await bot.createRepository({
    name: 'unheld',
    files: { ...simpleFiles, '.github/gatepilot.yml': settings },
    scenario: oneTask(),
  });
  const issue = await repository.openIssue('Look it up');
  const command = await issue.comment('/pilot run');
  await issue.reactionsOn(command);
  expect(await issue.answerTo(command)).toContain(
    'The sandbox `bubblewrap` cannot give "allowlist" here, which `sandbox.network` asks for',
  );
  expect(repository.calls()).toEqual([]);
  expect((await issue.record())?.run).toBeUndefined();
});

it('a run without a list works as ever, and tells nothing of a network', async () => {
  const repository = await bot.createRepository({ name: 'listless', files: simpleFiles, scenario: oneTask() });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready');
  expect(run.tasks[0]?.attempts[0]?.steps?.every(({ network }) => network === undefined)).toBe(true);
});
