// What people tell agents with a command, through the whole bot and a real agent in its sandbox.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Step } from '../../src/demo/model/scenario.ts';
import { reader } from '../support/people.ts';
import { attempts, bash, done, filesWith, planOf, say, sleepFor, task, whenTold, write } from '../support/plan.ts';
import { endSleep, untilStarted } from '../support/process.ts';
import type { Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot('pi');
});
afterAll(() => bot.release());

/** Comes to its end too early where it was not told, and goes on when it is. */
function onlyWhenTold(text: string, ...steps: readonly Step[]): readonly Step[] {
  return [{ kind: 'when', text, steps: [bash('true')], otherwise: [say('I have come to my end.')] }, ...steps];
}

const count = (text: string, part: string) => text.split(part).length - 1;

it('49 steer: what is told while an agent works reaches its session once, and between batches the next prompt; either is acknowledged once', async () => {
  const repository = await bot.createRepository({
    name: 'steered',
    files: filesWith({ check: 'true' }),
    scenario: {
      planner: attempts([planOf(task('one'), task('two', { dependsOn: ['one'] }))]),
      'task-one': attempts([sleepFor('49491'), ...onlyWhenTold('Use tabs.', write('one.txt', 'tabs\n'), done)]),
      'task-two': attempts([whenTold('Use tabs.', whenTold('Make it blue.', write('two.txt', 'blue\n'), done))]),
    },
  });
  const issue = await repository.openIssue('Two things');
  await issue.label('pilot:run');
  await untilStarted('sleep 49491');

  const refused = await issue.comment('/pilot tell Use spaces.', reader);
  expect(await issue.reactionsOn(refused)).toEqual(['confused']);
  const live = await issue.comment('/pilot tell Use tabs. <!-- And spaces. -->');
  await issue.reachesWhere(({ instructions = [] }) => instructions.length === 1);
  const paused = await issue.comment('/pilot pause');
  await endSleep('49491');
  await issue.reaches('paused');
  expect(await issue.reactionsOn(live)).toEqual(['+1']);
  expect(await issue.answerTo(live)).toContain('Hidden pieces of it are told to nobody: 1.');
  expect(await issue.reactionsOn(paused)).toEqual(['+1']);

  const next = await issue.comment('/pilot tell --task two Make it blue.');
  await issue.reachesWhere(({ instructions = [] }) => instructions.length === 2);
  await issue.isShown();
  expect(await issue.reactionsNow(next)).toEqual(['rocket']);
  expect(await issue.answerTo(next)).toContain('Kept: run r1 is paused');
  await issue.comment('/pilot resume');
  const run = await issue.reaches('ready');
  expect(await issue.reactionsOn(next)).toEqual(['+1']);
  expect(run.instructions).toMatchObject([
    {
      text: 'Use tabs.',
      heard: [
        { task: 'one', attempt: 1, isLive: true },
        { task: 'two', attempt: 1, isLive: false },
      ],
    },
    { text: 'Make it blue.', task: 'two', heard: [{ task: 'two', attempt: 1, isLive: false }] },
  ]);
  const [one, two] = ['task-one', 'task-two'].map((role) => repository.calls(role).at(-1)?.prompt ?? '');
  expect([count(one ?? '', 'Use tabs.'), count(one ?? '', 'Make it blue.')]).toEqual([1, 0]);
  expect([count(two ?? '', 'Use tabs.'), count(two ?? '', 'Make it blue.')]).toEqual([1, 1]);
  expect(`${one}${two}`).not.toContain('spaces');
  const status = await issue.answerTo(await statusOf(issue));
  expect(status).toContain('by attempt 1 of `one` (while it worked) and 1 more');

  const late = await issue.comment('/pilot tell Make it red.');
  expect(await issue.reactionsOn(late)).toEqual(['confused']);
  await issue.isShown();
  expect(await issue.answerTo(late)).toContain('Run r1 rests');
});

async function statusOf(issue: Thread): Promise<number> {
  const id = await issue.comment('/pilot status');
  await issue.reactionsOn(id);
  await issue.isShown();
  return id;
}
