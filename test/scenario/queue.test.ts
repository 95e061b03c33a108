// More work than there is room for: it waits in line, in the open, and never works side by side with more than the limit.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, bash, done, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { findCommands } from '../support/process.ts';
import type { Thread } from '../support/repository.ts';

const limit = 3;
const slots = 4;
const marker = '0.6191';

let bot: Bot;
beforeAll(async () => {
  bot = await startBot({ slots, env: { GATEPILOT_SLOTS_PER_REPOSITORY: String(limit) } });
  await bot.stack.startWorker();
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
});

it('twelve tasks on two workers: never more than the limit at once, and who waits is told its place', async () => {
  const keys = Array.from({ length: 12 }, (_, at) => `t${at + 1}`);
  const repository = await bot.createRepository({
    name: 'twelve',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(...keys.map((key) => task(key)))]),
      ...Object.fromEntries(
        keys.map((key) => [`task-${key}`, attempts([bash(`sleep ${marker}`), write(`${key}.txt`, `${key}\n`), done])]),
      ),
    },
  });
  const issue = await repository.openIssue('Twelve things');
  await issue.label('pilot:run');
  const seen = { holders: 0, agents: 0, samples: 0 };
  let places: readonly number[] = [];
  await issue.reachesWhere(({ state }) => state.kind === 'executing');
  for (;;) {
    const outbox = await issue.outbox();
    const holders = outbox.filter(({ action, state }) => action.kind === 'attempt' && state.kind === 'begun').length;
    seen.holders = Math.max(seen.holders, holders);
    seen.agents = Math.max(seen.agents, findCommands(`sleep ${marker}`).length);
    seen.samples += 1;
    // Each asks anew every now and then: the first three in line are told so at the same time, not at every time.
    if (!isWholeLine(places)) places = await readPlaces(repository.id, issue.number);
    const { run } = (await issue.record()) ?? {};
    if (run?.state.kind !== 'executing' || run.state.phase !== 'attempting') break;
  }
  expect(seen.holders).toBe(limit);
  expect(seen.agents).toBeLessThanOrEqual(limit);
  expect(seen.samples).toBeGreaterThan(20);
  expect(isWholeLine(places)).toBe(true);
  const run = await issue.reaches('ready');
  expect(run.tasks.map(({ state, attempts: made }) => [state.kind, made.length])).toEqual(
    keys.map(() => ['merged', 1]),
  );
});

it('two workers on one machine share its slots, however many repositories ask', async () => {
  const keys = ['a', 'b', 'c', 'd'];
  const issues: Thread[] = [];
  for (const name of ['left', 'right']) {
    const repository = await bot.createRepository({
      name,
      files: simpleFiles,
      scenario: {
        planner: attempts([planOf(...keys.map((key) => task(key)))]),
        ...Object.fromEntries(
          keys.map((key) => [`task-${key}`, attempts([bash('sleep 1.5'), write(`${key}.txt`, `${key}\n`), done])]),
        ),
      },
    });
    const issue = await repository.openIssue('Four things');
    await issue.label('pilot:run');
    issues.push(issue);
  }
  let most = 0;
  const listTokens = async () => {
    const outboxes = await Promise.all(issues.map((issue) => issue.outbox()));
    return outboxes
      .flat()
      .flatMap(({ action, state }) => (action.kind === 'attempt' && state.kind === 'begun' ? [state.token] : []));
  };
  // The two outboxes are not read at one moment: whoever is in both looks was at work between them.
  const countHolders = async () => {
    const before = new Set(await listTokens());
    return (await listTokens()).filter((token) => before.has(token)).length;
  };
  const isOver = async () => {
    const records = await Promise.all(issues.map((issue) => issue.record()));
    return records.every((record) => record?.run && record.run.state.kind === 'ready');
  };
  while (!(await isOver())) most = Math.max(most, await countHolders());
  // Each repository alone may have three, and the two workers would take eight.
  expect(most).toBe(slots);
});

function isWholeLine(places: readonly number[]): boolean {
  return [0, 1, 2].every((place) => places.includes(place));
}

async function readPlaces(repositoryId: number, number: number): Promise<number[]> {
  const { host } = bot.stack.github;
  const path = `/api/repositories/${encodeURIComponent(host)}/${repositoryId}/subjects/${number}`;
  const answer = (await (await fetch(`${bot.stack.adminUrl}${path}`)).json()) as { outbox: { waits?: string }[] };
  const lines = answer.outbox.flatMap(({ waits }) => waits ?? []);
  return lines.map((line) => Number(/before it: (\d+)$/.exec(line)?.[1]));
}
