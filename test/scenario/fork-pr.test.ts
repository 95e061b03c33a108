// Somebody's pull request from a fork: it is looked at by reading, nothing of it is executed, and nothing is pushed to it,
// until somebody who may write vouches for exactly its head.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Run } from '../../src/core/model/run.ts';
import { outsider } from '../support/people.ts';
import { attempts, say, simpleFiles, whenTold } from '../support/plan.ts';
import type { TestRepository, Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const nothingFound = 'I looked.\n\n```findings\n[]\n```\n';

async function open(name: string): Promise<{ repository: TestRepository; pull: Thread; fork: string; head: string }> {
  const { control } = bot.stack;
  const repository = await bot.createRepository({
    name,
    files: simpleFiles,
    scenario: {
      // What the change holds is in the prompt, whatever is in the workspace.
      'task-review.explore': attempts([whenTold('+never emptied', say('The cache.'))]),
      'task-review.code-review': attempts([say(nothingFound)]),
      'task-review.security-review': attempts([say(nothingFound)]),
      'task-review.verify': attempts([say(nothingFound)]),
    },
  });
  const { fullName: fork } = await control.forkRepository({ as: outsider, repository: repository.fullName });
  const head = await push(fork, 'a cache\nnever emptied\n');
  const { number } = await control.openPull({
    as: outsider,
    repository: repository.fullName,
    head: `${outsider}:cache`,
    base: 'main',
    title: 'Cache',
  });
  return { repository, pull: repository.thread(number), fork, head };
}

async function push(fork: string, text: string): Promise<string> {
  const on = { as: outsider, repository: fork, branch: 'cache' };
  return (await bot.stack.control.pushCommit({ ...on, message: 'Add it', files: { 'cache.txt': text } })).sha;
}

const baseOf = (run: Run) => run.tasks[0]?.attempts[0]?.base;

it('51 fork-pr: runs only after a command of somebody who may write, by reading, until that very head is vouched for', async () => {
  const { repository, pull, fork, head } = await open('forked');
  const refused = await pull.comment('/pilot review', outsider);
  expect(await pull.reactionsOn(refused)).toEqual(['confused']);
  const vain = await pull.comment(`/pilot vouch ${head}`, outsider);
  expect(await pull.reactionsOn(vain)).toEqual(['confused']);
  await pull.isShown();
  expect((await pull.record())?.vouchedHead).toBeUndefined();

  await pull.comment('/pilot review');
  const read = await pull.reaches('reported');
  await pull.isShown();
  // Its workspace held the base, and nothing of the fork.
  expect(read.reads).toMatchObject({ head, isTextOnly: true });
  expect(baseOf(read)).toBe(read.base.sha);
  expect((await pull.replies()).join('\n')).toContain('nothing of it was executed');
  expect(repository.calls().some(({ prompt }) => prompt.includes('+never emptied'))).toBe(true);

  const unnamed = await pull.comment('/pilot vouch');
  // What is written here is old enough to be vouched for; no commit is.
  expect(await pull.reactionsOn(unnamed)).toEqual(['+1']);
  await pull.isShown();
  expect(await pull.answerTo(unnamed)).toContain(`\`/pilot vouch ${head}\` lets exactly that head be executed`);
  const vouched = await pull.comment(`/pilot vouch ${head}`);
  expect(await pull.reactionsOn(vouched)).toEqual(['+1']);
  await pull.isShown();
  expect((await checkOf(repository, pull)).summary).toContain('vouched for exactly this head');
  await pull.comment('/pilot review');
  const looked = await pull.reachesWhere(({ id, state }) => id === 'r2' && state.kind === 'reported');
  expect(baseOf(looked)).toBe(head);

  // A push ends the vouch, and nobody can vouch for what is not the head.
  await push(fork, 'a cache\nnever emptied\nand more\n');
  await bot.stack.control.settleDeliveries({});
  const late = await pull.comment(`/pilot vouch ${head}`);
  expect(await pull.reactionsOn(late)).toEqual(['confused']);
  await pull.isShown();
  expect((await pull.record())?.vouchedHead).toBeUndefined();
  expect((await checkOf(repository, pull)).summary).toContain('nothing of it is executed');

  // Nothing of ours is on the fork, and nothing of the fork is here.
  const state = await bot.stack.control.readRepository({ repository: fork });
  expect(Object.keys(state.branches).toSorted()).toEqual(['cache', 'main']);
  expect(Object.keys((await repository.read()).branches)).toEqual(['main']);
});

it('51 fork-pr: the label vouches for the head that it was put on with', async () => {
  const { pull, head } = await open('forked-label');
  await bot.stack.control.moveClock({ byMs: 2_000 });
  await pull.label('pilot:ok-to-run');
  await bot.stack.control.settleDeliveries({});
  await pull.isShown();
  expect(await pull.record()).toMatchObject({
    vouchedHead: { head, by: 'mona' },
    vouch: { texts: [{ id: 'thread', author: outsider }] },
  });
});

async function checkOf(repository: TestRepository, pull: Thread) {
  const { headSha } = await repository.pull(pull.number);
  const { checks } = await repository.read();
  const check = checks.find((one) => one.headSha === headSha && one.name === 'gatepilot/gate');
  if (!check) throw new Error(`no check on ${headSha}`);
  return check;
}
