// What was built beside something bad is merged again as it is, also when whoever merges it dies: through the whole bot, with a
// worker of its own to kill.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, done, filesWith, planOf, task, write } from '../support/plan.ts';
import { endSleep, untilGone, untilStarted } from '../support/process.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('41 crash-mid-retry: a merge that is tried again and whose worker is killed is handed out as a merge, and never as an attempt', async () => {
  const marker = '6541.1';
  const check = [
    'if [ -e bad.txt ] && [ -e good.txt ]; then echo "FAIL: bad.txt does not fit"; exit 1; fi',
    `if [ -e good.txt ] && [ -e other.txt ]; then sleep ${marker} || true; fi`,
    '',
  ].join('\n');
  const builds = (key: string) => ({ [`task-${key}`]: attempts([write(`${key}.txt`, `${key}\n`), done]) });
  // What may change one file is never built side by side.
  const sharing = (key: string) => task(key, { ownedPaths: [`${key}.txt`, 'shared.txt'] });
  const decision = {
    ...{ failureAnalysis: [], strategies: [], routedContext: [], skip: [], learnings: [] },
    ...{ batches: [['other'], ['good']], verdict: 'continue', verdictReason: 'The others can go on.' },
  };
  const repository = await bot.createRepository({
    name: 'merged-again',
    files: filesWith({ check }),
    scenario: {
      planner: attempts([planOf(task('bad'), sharing('good'), sharing('other'))]),
      pilot: attempts([{ kind: 'json', value: decision }]),
      ...builds('bad'),
      ...builds('good'),
      ...builds('other'),
    },
  });
  const issue = await repository.openIssue('Three things');
  await issue.label('pilot:run');
  for (let death = 0; death < 2; death += 1) {
    await untilStarted(`sleep ${marker}`);
    const run = await issue.reachesWhere(({ state }) => state.kind === 'executing' && state.phase === 'integrating');
    expect([run.behind, run.ahead]).toEqual([[['bad', 'good'], ['other']], [['good']]]);
    const work = (await issue.outbox()).filter(({ action }) => action.kind !== 'present');
    expect(work).toMatchObject([
      {
        action: { kind: 'integrate', contributions: [{ task: 'good' }] },
        state: { kind: 'begun' },
        dispatch: death + 1,
      },
    ]);
    await bot.stack.worker.kill('SIGKILL');
    await untilGone(`sleep ${marker}`);
    await bot.stack.restartWorker();
  }
  await endSleep(marker);
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ key, state, attempts: made }) => [key, state.kind, made.length])).toEqual([
    ['bad', 'failed', 1],
    ['good', 'merged', 1],
    ['other', 'merged', 1],
  ]);
  expect(repository.calls('task-good').filter(({ step }) => step === 0)).toHaveLength(1);
  expect(run.troubles).toEqual({});
});
