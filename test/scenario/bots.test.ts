// Two bots that answer whatever the other one writes: ours does not hear the other unless the settings name it, and then so often only
// that nobody has to pull a plug.
import { afterAll, beforeAll, it } from 'vitest';
import { type OtherApp, startOtherApp } from '../support/other-app.ts';
import { filesWith, oneTask } from '../support/plan.ts';
import type { Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
let other: OtherApp;
beforeAll(async () => {
  bot = await shareBot();
  other = await startOtherApp(bot.stack, 'acme');
});
afterAll(() => bot.release());

const turnsAtMost = 10;

/** The other bot asks, and asks again whenever it got words for an answer. Gives the signs that it got. */
async function talk(fullName: string, issue: Thread): Promise<string[]> {
  const signs: string[] = [];
  for (let turn = 0; turn < turnsAtMost; turn += 1) {
    const said = await other.comment(fullName, issue.number, 'Thank you! And now?\n\n/pilot status');
    signs.push(...(await issue.reactionsOn(said)));
    await issue.isShown();
    if ((await issue.replyTo(said)) === undefined) return signs;
  }
  throw new Error(`after ${turnsAtMost} answers they still talk: ${JSON.stringify(await issue.replies())}`);
}

it('bots that answer each other: one that the settings do not name is not heard, whatever it answers', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'bot-unnamed',
    files: filesWith({ check: 'true\n' }),
    scenario: oneTask(),
  });
  const issue = await repository.openIssue('Do it');
  const asked = await issue.comment('/pilot status');
  await issue.reactionsOn(asked);
  await issue.isShown();
  // It answers our answer, and would answer the next one.
  const said = await other.comment(repository.fullName, issue.number, 'Thank you! And now?\n\n/pilot run');
  await bot.stack.control.settleDeliveries({});
  const last = await issue.comment('/pilot status');
  expect(await issue.reactionsOn(last)).toEqual(['+1']);
  await issue.isShown();
  expect(await issue.reactionsNow(said)).toEqual([]);
  expect(await issue.replies()).toHaveLength(2);
  expect((await issue.record())?.runsStarted).toBe(0);
});

it('bots that answer each other: one that the settings name is heard five times, then gets a sign and no words, until a person speaks', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'bot-named',
    files: filesWith({ check: 'true\n', policy: `command: { bots: [${other.slug}] }\n` }),
    scenario: oneTask(),
  });
  const issue = await repository.openIssue('Do it');
  const heard = ['+1', '+1', '+1', '+1', '+1'];
  expect(await talk(repository.fullName, issue)).toEqual([...heard, 'confused']);
  expect(await issue.replies()).toHaveLength(5);
  // Also what it says without being answered starts nothing.
  const more = await other.comment(repository.fullName, issue.number, '/pilot run');
  expect(await issue.reactionsOn(more)).toEqual(['confused']);
  expect((await issue.record())?.runsStarted).toBe(0);
  expect((await issue.log()).join('\n')).toContain('no person said anything in between');

  await issue.reactionsOn(await issue.comment('/pilot status'));
  expect(await talk(repository.fullName, issue)).toEqual([...heard, 'confused']);
});
