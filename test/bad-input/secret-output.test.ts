// Secrets in what agents and tests say, looked for wherever people and programs could find them.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { findShown } from '../support/find-shown.ts';
import { attempts, bash, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { createToken, findKeys } from './planted-token.ts';
import { runToEnd, taskOf } from './run-to-end.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ agent: 'pi' });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('55 secret-in-output: secrets in what an agent and the tests say reach nobody', async () => {
  const [said, echoed, tested] = [createToken('said'), createToken('echoed'), createToken('tested')];
  // No shape tells it: only the name that stands before it does.
  const named = 'wJa1rXUtnFEMIK7MDENGbPxRfiCYzK3Y';
  const split = [tested.slice(0, 10), tested.slice(10)];
  const repository = await bot.createRepository({
    name: 'secret-output',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('one', { ownedPaths: ['one.txt', 'broken.txt', 'check.sh'] }))]),
      'task-one': attempts(
        // Put together only when it runs, as a secret would be that tests read from somewhere.
        [
          write('check.sh', `echo "FAIL ${split[0]}""${split[1]}"; exit 1\n`),
          { kind: 'say', text: `I found ${said}.` },
        ],
        [
          bash(`echo ${echoed} DB_ACCESS_KEY=${named}`),
          write('one.txt', 'one\n'),
          { kind: 'say', text: `It is ${said}, I am sure, and clientSecret: "${named}".` },
        ],
      ),
    },
  });
  const { run } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(taskOf(run, 'one').attempts).toMatchObject([{ cause: { kind: 'verify_red' } }, { number: 2 }]);
  const pull = await repository.pull(run.pullRequest?.number ?? 0);
  expect(pull.body).toContain('It is \\[redacted\\], I am sure');
  for (const token of [said, echoed, tested, named]) {
    expect(await findShown(bot, token)).toEqual([]);
    expect(await findKeys(bot, token)).toEqual([]);
  }
  // These are the places where it would have been seen.
  expect(await findShown(bot, 'am sure')).toEqual(
    expect.arrayContaining(['POST /repos/{owner}/{repo}/pulls', 'artifact', 'repository']),
  );
  expect(await findKeys(bot, 'am sure')).toEqual(
    expect.arrayContaining([expect.stringMatching(/:record$/), expect.stringMatching(/:live:/)]),
  );
});
