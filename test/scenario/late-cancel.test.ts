// A stop that arrives while an attempt waits for a slot: what was not started never starts.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { bash, done, oneTask, simpleFiles, write } from '../support/plan.ts';
import { findProcesses, untilGone, untilStarted } from '../support/process.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ slots: 1 });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('32 late-cancel: a stop that overtakes a waiting attempt means that it is never spawned, acknowledged once', async () => {
  const marker = '6021.3201';
  const busy = await bot.createRepository({
    name: 'busy',
    files: simpleFiles,
    scenario: oneTask('one', bash(`sleep ${marker}`), write('one.txt', 'one\n'), done),
  });
  const holder = await busy.openIssue('Take the only slot');
  await holder.label('pilot:run');
  await untilStarted(marker);

  const waiting = await bot.createRepository({ name: 'waiting', files: simpleFiles, scenario: oneTask() });
  const issue = await waiting.openIssue('Wait for it');
  const start = await issue.comment('/pilot run');
  await issue.reaches('executing');
  // The attempt is wanted and handed out, and its job waits behind the one that holds the slot.
  const attempt = await until(async () => (await issue.outbox()).find(({ action }) => action.kind === 'attempt'));
  expect(attempt.state.kind).toBe('pending');

  const stop = await issue.comment('/pilot stop');
  expect((await issue.reaches('stopped')).state).toMatchObject({ by: 'mona' });
  await issue.isShown();
  expect(await issue.reactionsOn(stop)).toEqual(['+1']);
  expect(await issue.reactionsOn(start)).toEqual(['+1']);
  expect(await issue.replies()).toHaveLength(1);
  expect((await issue.replies())[0]).toContain('**Stopped** by @\u200bmona.');
  expect(findProcesses(marker)).not.toEqual([]);

  // The slot becomes free, and the next run takes it: the waiting job had its turn by then.
  await holder.comment('/pilot stop');
  await untilGone(marker);
  const next = await bot.createRepository({ name: 'next', files: simpleFiles, scenario: oneTask() });
  await next.makeReady('Use the slot');
  expect(waiting.calls('task-one')).toEqual([]);
  expect((await issue.record())?.run?.tasks.map(({ state, attempts }) => [state.kind, attempts.length])).toEqual([
    ['pending', 0],
  ]);
  expect(await issue.replies()).toHaveLength(1);
  expect((await issue.replies())[0]).not.toContain('try again');
  expect(await issue.outbox()).toEqual([]);
});
