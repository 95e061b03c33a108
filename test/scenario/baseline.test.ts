// A base that is red by itself costs no agent.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesWith, oneTask, usualFiles, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

it('a red base ends the run before an agent starts, says which command it was, and a run on a mended one works', async () => {
  const repository = await bot.createRepository({
    name: 'red-base',
    files: { ...usualFiles, 'broken.txt': 'broken\n' },
    scenario: oneTask(),
    isProtected: false,
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  const failed = await issue.reaches('failed');
  await issue.isShown();
  expect(failed.state).toMatchObject({ cause: { kind: 'baseline_red', commit: failed.base.sha } });
  expect(failed.tasks.map(({ attempts }) => attempts)).toEqual([[]]);
  expect(repository.calls().map(({ role }) => role)).toEqual(['planner']);
  const [sticky = ''] = await issue.replies();
  expect(sticky).toContain('is red before any agent has touched it: `sh check.sh` exited with 1.');

  await repository.push('main', { 'check.sh': 'exit 0\n' });
  await issue.comment('/pilot run');
  const run = await issue.reaches('ready');
  expect([run.id, run.baseline]).toEqual(['r2', run.base.sha]);
});

it('a repository may have its red base mended', async () => {
  const repository = await bot.createRepository({
    name: 'mended-base',
    files: filesWith({ check: 'test -f one.txt\n', baseline: false }),
    scenario: oneTask('one', write('one.txt', 'one\n')),
  });
  const { run } = await repository.makeReady('Mend it');
  expect(run.baseline).toBeUndefined();
  expect(run.tasks.map(({ state }) => state.kind)).toEqual(['merged']);
});
