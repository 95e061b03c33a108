// A worker is killed without a word, and another one, on another host, goes on with its agent's session and files. When that is
// not so, or not possible: checkpoints.test.ts.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { untilGone, untilStarted } from '../support/process.ts';
import { until } from '../support/until.ts';
import { count, interrupted, isKept, start, stepsOf, takeoversOf } from './interrupted.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ agent: 'pi', env: { GATEPILOT_CHECKPOINT_SECONDS: '1' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const resumption = 'you go on on another one';

it('50 checkpoints: killed in the middle of a turn, another host goes on with the session and what was not committed', async () => {
  const marker = '6334.1';
  const { repository, issue } = await start(bot, 'other-folder', interrupted(marker));
  await untilStarted(`sleep ${marker}`);
  await issue.reachesWhere(isKept);
  await bot.stack.worker.kill('SIGKILL');
  await untilGone(marker);
  await bot.loseDisk();

  bot.stack.worker = await bot.startHost();
  const run = await issue.reaches('ready');
  expect(takeoversOf(run)).toMatchObject([{ kind: 'resumed' }]);
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
  // What it had done is not done again, and is there.
  const calls = repository.calls('task-one');
  expect([count(stepsOf(repository), 0), count(stepsOf(repository), 1)]).toEqual([1, 1]);
  expect(calls.at(-1)?.prompt).toContain(resumption);
  const patch = await bot.readArtifact(run.tasks[0]?.attempts[0]?.patch ?? '');
  expect(patch).toContain(`+${marker}`);
  expect(patch).not.toContain('agent-home');
  // Nothing of it is kept any longer.
  await until(async () => (await bot.listCheckpoints()).length === 0 || undefined);
  expect(run.tasks[0]?.attempts[0]?.checkpoint).toBeUndefined();
});
