// A repository lets one run work at a time: whoever asks for another one is told when to ask again.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesWith, oneTask, sleepFor } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const files = filesWith({ check: 'true', policy: 'max_runs: 1\n' });

it('a run over the limit is refused with a time, and starts when it is asked for after a seat is free', async () => {
  const repository = await bot.createRepository({ name: 'narrow', files, scenario: oneTask('one', sleepFor('4711')) });
  const first = await repository.openIssue('First');
  await first.label('pilot:run');
  await first.reaches('executing');

  const second = await repository.openIssue('Second');
  await second.label('pilot:run');
  const asked = await second.comment('/pilot run');
  expect(await second.reactionsOn(asked)).toEqual(['confused']);
  await second.isShown();
  const replies = (await second.replies()).map((reply) => reply.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, '<moment>'));
  const refusal =
    'Not now: one run may be at work in this repository at a time, and it is. Please ask again after <moment> UTC.';
  expect(replies.filter((reply) => reply.includes(refusal))).toHaveLength(2);
  expect(await second.record()).toMatchObject({ runsStarted: 0 });

  // Whoever works in another repository is not concerned.
  const other = await bot.createRepository({ name: 'elsewhere', files, scenario: oneTask() });
  await other.makeReady('Third');

  await first.comment('/pilot stop');
  await first.reaches('stopped');
  repository.setScenario(oneTask());
  await second.comment('/pilot run');
  await second.reaches('ready');
});
