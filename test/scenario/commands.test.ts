// What people are told: each command ends in exactly one sign, and in words wherever the sticky comment does not answer it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOtherApp } from '../support/other-app.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';
import type { ReadyRun, TestRepository, Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
let repository: TestRepository;
/** A run whose pull request is open for the whole file. */
let ready: ReadyRun;
beforeAll(async () => {
  bot = await shareBot();
  repository = await bot.createRepository({ name: 'talk', files: simpleFiles, scenario: oneTask() });
  ready = await repository.makeReady('Do it');
});
afterAll(() => bot.release());

interface Told {
  readonly reactions: readonly string[];
  readonly reply: string;
}

/** Says it, and gives what comes back when all of it is there. Commits, money and times are replaced. */
async function say(thread: Thread, body: string, subject = thread): Promise<Told> {
  const comment = await thread.comment(body);
  const reactions = await thread.reactionsOn(comment);
  await subject.isShown();
  expect(await thread.reactionsNow(comment)).toEqual(reactions);
  return { reactions, reply: replaceVolatile((await thread.replyTo(comment)) ?? '') };
}

function replaceVolatile(text: string): string {
  return text
    .replace(/\b[0-9a-f]{40}\b/g, '<sha>')
    .replace(/\b[0-9a-f]{10}\b/g, '<short sha>')
    .replace(/\$\d+\.\d+/g, '$<money>')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '<moment>')
    .replace(/\b[\d,]+ tokens/g, '<n> tokens');
}

function firstLines(text: string, count: number): string {
  return text.split('\n').slice(0, count).join('\n');
}

const fresh = () => repository.openIssue('Something else');

it.concurrent('help lists what can be asked', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), '/pilot help');
  expect(reactions).toEqual(['+1']);
  expect(firstLines(reply, 5)).toMatchInlineSnapshot(`
    "@mona here is what I can be asked, one command per comment:

    | command | what it does | needs |
    |---|---|---|
    | \`/pilot run [--workflow <name>] [text]\` | Plans the work and carries it out; the text adds to what the issue says. | write |"
  `);
  // A table without a hole, and nothing in it that is not asked for with the prefix.
  expect(
    reply
      .split('\n')
      .slice(4)
      .every((row) => /^\| `\/pilot [a-z]+.*` \| .+\. \| (read|write|maintain) \|$/.test(row)),
  ).toBe(true);
});

it.concurrent('status before any run', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), '/pilot status');
  expect(reactions).toEqual(['+1']);
  expect(reply).toMatchInlineSnapshot(`"@mona No run was started here yet."`);
});

it.concurrent('status of a run that waits to be merged, asked on its pull request', async ({ expect }) => {
  const { reactions, reply } = await say(ready.pull, '@gatepilot status', ready.issue);
  expect(reactions).toEqual(['+1']);
  expect(reply).toMatchInlineSnapshot(`
    "@mona Run r1: **Ready to merge.** Verified: head <short sha> on base <short sha> gives tree <short sha>.

    - \`one\`: **merged**

    Pull request #2 (open).

    Spent so far: $<money>, <n> tokens.

    Today, \`budget.day_usd\`: $<money> spent and $<money> set aside for work under way, of $<money>; it begins anew at <moment>."
  `);
});

it.concurrent('merge without a run', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), '/pilot merge');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(`"@mona There is no pull request of a run here to merge."`);
});

it.concurrent('stop without a run', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), '/pilot stop');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(`"@mona Nothing is running here."`);
});

it.concurrent('run on a pull request that a person opened', async ({ expect }) => {
  await repository.push('by-hand', { 'by-hand.txt': 'by hand\n' });
  const { control } = bot.stack;
  const { number } = await control.openPull({
    as: 'mona',
    repository: repository.fullName,
    title: 'By hand',
    head: 'by-hand',
  });
  const { reactions, reply } = await say(repository.thread(number), '/pilot run');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(
    `"@mona Runs that change something start from issues; \`/pilot run --workflow review\` looks at this pull request and changes nothing."`,
  );
  // Nobody's own work is held up by a gate that has nothing to judge.
  expect((await repository.pull(number)).checks).toMatchObject([{ name: 'gatepilot/gate', conclusion: 'success' }]);
});

it.concurrent('run while a pull request of a run is open', async ({ expect }) => {
  const { reactions, reply } = await say(ready.issue, '/pilot run');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(
    `"@mona Run r1 ended with pull request #2, which is open: merge or close it first."`,
  );
});

it.concurrent('an unknown verb', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), 'Good morning.\n\n/pilot stauts please');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(
    `"@mona I could not carry that out (line 3, column 8). I found \`stauts\`. Expected: a command, such as run, status or help. Did you mean \`/pilot status\`? See \`/pilot help\`."`,
  );
});

it.concurrent('a verb that people use for another one', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), '@gatepilot cancel');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(
    `"@mona I could not carry that out (line 1, column 12). I found \`cancel\`. Expected: a command, such as run, status or help. Did you mean \`/pilot stop\`? See \`/pilot help\`."`,
  );
});

it.concurrent('the prefix alone', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), '/pilot');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(
    `"@mona I could not carry that out (line 1, column 7). Expected: a command, such as help. See \`/pilot help\`."`,
  );
});

it.concurrent('a start and a stop in one comment', async ({ expect }) => {
  const issue = await fresh();
  const { reactions, reply } = await say(issue, '/pilot run\n\n/pilot stop');
  expect(reactions).toEqual(['confused']);
  expect(reply).toMatchInlineSnapshot(
    `"@mona I could not carry that out (line 3, column 8). I found \`run and stop\`. Expected: one of them in a comment of its own. See \`/pilot help\`."`,
  );
  expect((await issue.record())?.runsStarted).toBe(0);
});

it.concurrent('a mention of somebody who asks for nothing harmful cannot notify strangers', async ({ expect }) => {
  const { reactions, reply } = await say(await fresh(), '/pilot @octocat-and-friends #1');
  expect(reactions).toEqual(['confused']);
  expect(reply).not.toMatch(/@octocat(?![^`]*`)/);
});

it.concurrent('a bot that the settings name is heard', async ({ expect }) => {
  const other = await startOtherApp(bot.stack, 'acme');
  const settings = '.github/gatepilot.yml';
  const hearing = await bot.createRepository({
    name: 'hears-a-bot',
    files: { ...simpleFiles, [settings]: `${simpleFiles[settings] ?? ''}command:\n  bots: [${other.slug}]\n` },
  });
  const issue = await hearing.openIssue('Do it');
  const comment = await other.comment(hearing.fullName, issue.number, '/pilot status');
  expect(await issue.reactionsOn(comment)).toEqual(['+1']);
});
