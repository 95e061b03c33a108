// Pull requests that no run made and of which nobody told: they are found by looking, and so is what the settings say of them by
// now.
import { afterAll, beforeAll, it } from 'vitest';
import { toChoresId } from '../../src/core/model/subject.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { outsider, writer } from '../support/people.ts';
import { simpleFiles } from '../support/plan.ts';
import type { TestRepository } from '../support/repository.ts';
import { until } from '../support/until.ts';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ env: { GATEPILOT_SCHEDULE_SWEEP_SECONDS: '1' } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

const path = '.github/gatepilot.yml';
const asks = { [path]: `${simpleFiles[path]}gate: { other_prs: review }\n` };

async function open(repository: TestRepository, branch: string): Promise<number> {
  await repository.push(branch, { [`${branch}.txt`]: 'a change\n' });
  const on = { as: writer, repository: repository.fullName };
  return (await bot.stack.control.openPull({ ...on, head: branch, title: branch })).number;
}

/** Waits until the gate of a pull request says this, and gives the id of its check. */
async function untilGate(repository: TestRepository, number: number, conclusion: string): Promise<number> {
  const find = async () => (await repository.pull(number)).checks.find(({ name }) => name === 'gatepilot/gate');
  return await until(
    async () => {
      const gate = await find();
      return gate?.conclusion === conclusion ? gate.id : undefined;
    },
    async () => `the gate of #${number} is to be ${conclusion}: ${JSON.stringify(await find())}`,
  );
}

/** Whoever looks after the pull requests of a repository hears of pushes to its default branch from now on. */
async function isLookedAfter({ id }: TestRepository): Promise<void> {
  const chores = toChoresId({ host: bot.stack.github.host, id });
  await until(
    async () => {
      const { record, inbox, outbox } = await bot.store.loadChores(chores);
      return record?.pulls?.branch && record.pulls.due && inbox.length + outbox.length === 0 ? true : undefined;
    },
    async () => JSON.stringify([await bot.store.loadChores(chores), await bot.store.readLog(chores, 0)]),
  );
}

it('one that is older than the installation has its check, also from a fork, and is looked at again when somebody asks', async () => {
  const { control, app } = bot.stack;
  await control.createOrganization({ login: 'older' });
  const repository = await bot.createRepository({ name: 'open', owner: 'older', files: simpleFiles });
  const number = await open(repository, 'mine');
  const { fullName: fork } = await control.forkRepository({ as: outsider, repository: repository.fullName });
  const change = { as: outsider, message: 'Add it', branch: 'theirs', files: { 'theirs.txt': 'a change\n' } };
  await control.pushCommit({ ...change, repository: fork });
  const about = { head: `${outsider}:theirs`, base: 'main', title: 'Theirs' };
  const theirs = await control.openPull({ as: outsider, repository: repository.fullName, ...about });
  await control.installApp({ appId: app.appId, repositories: [repository.fullName] });
  await untilGate(repository, number, 'success');
  // GitHub says of no push from a fork which pull request it is of; the check does.
  const checkRunId = await untilGate(repository, theirs.number, 'success');
  await control.rerequestCheck({ as: writer, repository: repository.fullName, checkRunId });
  await until(async () => {
    const receipts = (await repository.thread(theirs.number).record())?.receipts ?? [];
    return receipts.some(({ source, state }) => source.kind === 'button' && state.kind === 'done') || undefined;
  });
});

it('one whose opening was lost has its check as soon as somebody asks anything on it', async ({ expect }) => {
  const { control } = bot.stack;
  const repository = await bot.createRepository({ name: 'lost', files: asks });
  await isLookedAfter(repository);
  await control.dropNextDelivery({ event: 'pull_request', action: 'opened' });
  const number = await open(repository, 'mine');
  const thread = repository.thread(number);
  const command = await thread.comment('/pilot recheck');
  expect(await thread.reactionsOn(command)).toEqual(['+1']);
  await untilGate(repository, number, 'action_required');
});

it('one that is shown already follows the settings, either way, and a slip in them', async () => {
  const { control } = bot.stack;
  const repository = await bot.createRepository({ name: 'moved', files: simpleFiles, isProtected: false });
  const numbers = [await open(repository, 'one'), await open(repository, 'two')];
  const all = async (conclusion: string) => {
    for (const number of numbers) await untilGate(repository, number, conclusion);
  };
  await all('success');
  await isLookedAfter(repository);
  await repository.push('main', asks);
  await all('action_required');
  // The settings go back, and nobody hears of it.
  await control.dropNextDelivery({ event: 'push' });
  await repository.push('main', simpleFiles);
  await repository.push('main', { 'other.txt': 'Something else.\n' });
  await all('success');
  await repository.push('main', { [path]: `${simpleFiles[path]}gate: { other_prs: reviews }\n` });
  await all('action_required');
});
