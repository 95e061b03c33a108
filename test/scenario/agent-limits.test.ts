// An agent that does not come to an end is asked to, and then ended; one whose conversation grows too large is told so.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attempts, bash, done, filesWith, oneTask, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot('pi');
});
afterAll(() => bot.release());

const policy = 'agents:\n  max_turns: 3\n  grace_turns: 1\n';
const endless = Array.from({ length: 20 }, () => bash('true'));

it('an agent that does not finish in its turns is ended, and what it had built is judged and delivered', async () => {
  const scenario = oneTask('one', write('one.txt', 'one\n'), ...endless);
  const repository = await bot.createRepository({
    name: 'hurried',
    files: filesWith({ check: 'true', policy }),
    scenario,
  });
  const { issue, run } = await repository.makeReady('Do it');
  const cutShort = { kind: 'turn_limit', maxTurns: 3, graceTurns: 1, failures: [] };
  expect(run.tasks[0]?.attempts).toMatchObject([{ phases: ['asked_to_finish', 'cut_off'], cutShort }]);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain("Inside the agents' sessions (1)");
  expect(sticky).toContain('attempt 1: asked to finish, then cut off. The agent was asked to finish after 3 turns');
  expect(repository.calls('task-one').length).toBeLessThanOrEqual(5);
});

it('an agent that is ended with nothing that passes fails with the limit, the failure and its patch', async () => {
  const scenario = oneTask('one', write('one.txt', 'one\n'), ...endless);
  const files = filesWith({
    check: 'if [ -e one.txt ]; then echo "FAIL: one.txt is half done"; exit 1; fi',
    policy: `${policy}max_attempts: 1\n`,
  });
  const repository = await bot.createRepository({ name: 'half', files, scenario });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('failed');
  const [attempt] = run.tasks[0]?.attempts ?? [];
  expect(attempt).toMatchObject({ phases: ['asked_to_finish', 'cut_off'], cause: { kind: 'turn_limit', maxTurns: 3 } });
  expect(attempt?.cause).toMatchObject({ failures: [{ output: expect.stringContaining('half done') }] });
  expect(await bot.readArtifact(attempt?.patch ?? '')).toContain('+one');
});

it('a conversation that is too large is summarised once and asked again once, and then fails honestly', async () => {
  const tooLong = { kind: 'fail', status: 400, message: 'prompt is too long: 213462 tokens > 200000 maximum' } as const;
  const talk = Array.from({ length: 4 }, () => bash('seq -f line-%020.0f 1 2000'));
  const stuck = [...talk, { ...tooLong, times: 9 }, write('one.txt', 'one\n'), done];
  const saved = [...talk, tooLong, write('two.txt', 'two\n'), done];
  const scenario = {
    planner: [{ attempts: [[planOf(task('one'), task('two'))]] }],
    'task-one': attempts(stuck),
    'task-two': attempts(saved),
  };
  const repository = await bot.createRepository({ name: 'talkative', files: filesWith({ check: 'true' }), scenario });
  const { issue, run } = await repository.makeReady('Do it');
  const [one, two] = run.tasks;
  const recovered = ['overflow', 'compacted', 'retried'];
  expect(two).toMatchObject({ state: { kind: 'merged' }, attempts: [{ phases: recovered }] });
  const cause = { kind: 'context_overflow', isRecoveryTried: true };
  expect(one).toMatchObject({ attempts: [{ phases: [...recovered, 'overflow', 'recovery_failed'], cause }] });
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain(
    "The agent's conversation was larger than the model can read, also after it was summarised once.",
  );
});
