// Many events in little time: one comment stays one comment, and GitHub is never written to faster than it allows.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { writer } from '../support/people.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';
import { until } from '../support/until.ts';

const writesPerMinute = 60;

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ env: { GATEPILOT_WRITES_PER_MINUTE: String(writesPerMinute) } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

/** Moments of what the bot wrote through the API. */
async function readWrites(): Promise<number[]> {
  const requests = await bot.stack.control.readRequests({});
  return requests
    .filter(({ method, token, path }) => method !== 'GET' && token === 'installation' && path.startsWith('/repos/'))
    .map(({ at }) => at);
}

it('40 events on one pull request leave one comment, and no minute with more writes than the budget has', async () => {
  const { control } = bot.stack;
  const repository = await bot.createRepository({ name: 'burst', files: simpleFiles, scenario: oneTask() });
  const { issue, pull, branch } = await repository.makeReady('Do it');
  const on = { as: writer, repository: repository.fullName, number: pull.number };
  let head = '';
  for (let round = 0; round < 20; round += 1) {
    head = await repository.push(branch, { [`more-${round}.txt`]: 'more\n' });
    await control.editIssue({ ...on, title: `Do it, part ${round}` });
  }
  await control.settleDeliveries({});
  await until(async () => ((await issue.record())?.run?.verification?.key.head === head ? true : undefined));
  await issue.isConfirmed();

  expect([(await issue.replies()).length, (await pull.replies()).length]).toEqual([1, 1]);
  const { checks } = await repository.pull(pull.number);
  expect(checks).toMatchObject([{ conclusion: 'success', headSha: head }]);
  const unsettled = (await repository.read()).checks.filter(({ status }) => status !== 'completed');
  expect(unsettled).toEqual([]);
  const writes = await readWrites();
  const inMinuteFrom = (from: number) => writes.filter((at) => at >= from && at < from + 60_000).length;
  expect(Math.max(...writes.map(inMinuteFrom))).toBeLessThanOrEqual(writesPerMinute);
});
