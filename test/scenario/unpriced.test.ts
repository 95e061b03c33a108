// An operator who has not said what models cost: work is done, and nobody is told an amount that nobody has counted.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, done, planOf, simpleFiles, task, write } from '../support/plan.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ env: { MODEL_PRICE_INPUT: '', MODEL_PRICE_OUTPUT: '' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('is warned at the start, and people read that the cost is not known', async () => {
  expect(bot.logs.filter((line) => line.includes('no limit of money holds'))).toHaveLength(1);
  const scenario = {
    planner: attempts([planOf(task('one', { ownedPaths: ['one.txt'] }))]),
    'task-one': attempts([write('one.txt', 'one\n'), done]),
  };
  const repository = await bot.createRepository({ name: 'unpriced', files: simpleFiles, scenario });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await issue.reaches('ready');
  await issue.comment('/pilot status');
  await issue.isShown();
  const run = (await issue.record())?.run;
  expect(run?.spend).toMatchObject({ microUsd: 0 });
  expect(run?.spend.unpricedTokens).toBe((run?.spend.inputTokens ?? 0) + (run?.spend.outputTokens ?? 0));
  const texts = await issue.replies();
  expect(texts.join('\n')).toContain('cost not known, ');
  expect(texts.join('\n')).toContain('No limit of money holds here: the operator has not said what models cost');
  expect(texts.join('\n')).not.toContain('$0.0000');
});
