// A worker is killed without a word, and another one, on another host, goes on with its agent's session and files. When that is
// not so, or not possible: checkpoints.test.ts.
import { afterEach, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, planOf, task } from '../support/plan.ts';
import { endSleep, untilGone, untilStarted } from '../support/process.ts';
import { until } from '../support/until.ts';
import { count, interrupted, isKept, start, stepsOf, takeoversOf } from './interrupted.ts';

const env = { GATEPILOT_CHECKPOINT_SECONDS: '1' };
let bot: Bot | undefined;
afterEach(async () => {
  await bot?.checkHonesty();
  await bot?.stop();
  bot = undefined;
});

const resumption = 'you go on on another one';

it('50 checkpoints: killed in the middle of a turn, another host goes on with the session and what was not committed', async () => {
  bot = await startBot({ agent: 'pi', env });
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
  await until(async () => (await bot?.listCheckpoints())?.length === 0 || undefined);
  expect(run.tasks[0]?.attempts[0]?.checkpoint).toBeUndefined();
});

/**
 * An agent that speaks the protocol rests between two prompts alone, and the second one is what people said during the first: in
 * its last second, when nobody listens any more. Where it was heard earlier there is no rest, and it is tried once more.
 */
async function reachRest(on: Bot, [first, second]: readonly [string, string]) {
  for (let time = 1; time <= 5; time += 1) {
    const prompt = `[[write one.txt kept]] [[later two.txt ${first}]] [[say I have begun]] [[hold ${first}]]`;
    const planned = { ...task('one', { ownedPaths: ['one.txt', 'two.txt'] }), prompt };
    const { issue } = await start(on, `acp-${time}`, { planner: attempts([planOf(planned)]) });
    await untilStarted(`sleep ${first}`);
    await issue.comment(`/pilot tell Take your time: [[say I was told]] [[hold ${second}]]`);
    await issue.reachesWhere(({ instructions = [] }) => instructions.length > 0);
    await endSleep(first).catch(() => undefined);
    await untilStarted(`sleep ${second}`);
    const { run } = (await issue.record()) ?? {};
    if (run && isKept(run)) return issue;
    await issue.comment('/pilot stop');
    await issue.reaches('stopped');
  }
  throw new Error('it never rested');
}

it('50 checkpoints: so it is of an agent that speaks the Agent Client Protocol, between two prompts', async () => {
  bot = await startBot({ agent: 'acp', env });
  const [first, second] = ['6335.1', '6335.2'] as const;
  const issue = await reachRest(bot, [first, second]);
  await bot.stack.worker.kill('SIGKILL');
  await untilGone(`sleep ${second}`);
  await bot.loseDisk();

  bot.stack.worker = await bot.startHost();
  // What its session had not heard is told again.
  await endSleep(second);
  const run = await issue.reaches('ready', 'failed');
  expect(takeoversOf(run)).toMatchObject([{ kind: 'resumed' }]);
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual([['merged', 1]]);
  const patch = await bot.readArtifact(run.tasks[0]?.attempts[0]?.patch ?? '');
  // What it had written and never committed, and what only its session knew.
  expect(patch).toContain('+kept');
  expect(patch).toContain(`+${first}`);
  expect(patch).not.toContain('agent-home');
});
