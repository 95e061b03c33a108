// Agents that ask: what people see and may say, and that the agent is told it, through the whole bot.
import { afterAll, beforeAll, it } from 'vitest';
import type { Step } from '../../src/demo/model/scenario.ts';
import { type OtherApp, startOtherApp } from '../support/other-app.ts';
import { outsider, reader, writer } from '../support/people.ts';
import { attempts, done, filesWith, planOf, say, simpleFiles, task, write } from '../support/plan.ts';
import type { Thread } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
let otherApp: OtherApp;
beforeAll(async () => {
  bot = await shareBot();
  otherApp = await startOtherApp(bot.stack, 'acme');
});
afterAll(() => bot.release());

function ask(question: string, otherwise?: string): Step {
  const value = { question, ...(otherwise === undefined ? {} : { otherwise }) };
  return say(`I have looked around.\n\n\`\`\`gatepilot-question\n${JSON.stringify(value)}\n\`\`\``);
}

/** Asks until it is told these words, and then does its work. */
function asksUntilTold(words: string, key: string, question: string): Step {
  return {
    kind: 'when',
    text: words,
    steps: [write(`${key}.txt`, `${words}\n`), done],
    otherwise: [ask(question, 'Spaces.')],
  };
}

async function readQuestion(issue: Thread, id: string): Promise<string> {
  const found = (await issue.replies()).filter((body) => body.startsWith(`<!-- gatepilot:question:${id} -->`));
  if (found.length !== 1) throw new Error(`there are ${found.length} comments of ${id}`);
  return found[0] ?? '';
}

it.concurrent('56 57: a question is shown with its id, and the first answer of somebody who may give it goes to the agent, once', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'asks',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('one'), task('two'))]),
      'task-one': attempts([asksUntilTold('Tabs it is.', 'one', 'Tabs or spaces?')]),
      'task-two': attempts([write('two.txt', 'two\n'), done]),
    },
  });
  const issue = await repository.openIssue('Two things');
  await issue.label('pilot:run');
  const waiting = await issue.reaches('needs_input');
  await issue.isShown();
  expect(waiting.tasks.map(({ key, state }) => `${key} ${state.kind}`)).toEqual(['one pending', 'two anchored']);
  const { issues, branches } = await repository.read();
  expect(issues[0]?.labels).toEqual(['pilot:needs-input']);
  expect(Object.keys(branches)).toEqual(['main']);
  expect(await readQuestion(issue, 'r1-q1')).toContain(`@${writer} **Question \`r1-q1\`**`);
  expect(await readQuestion(issue, 'r1-q1')).toMatch(
    /```\nTabs or spaces\?\n```[\s\S]*\/pilot answer r1-q1[\s\S]*```\nSpaces\.\n```/,
  );

  for (const login of [reader, outsider])
    expect(await issue.reactionsOn(await issue.comment('/pilot answer r1-q1 Tabs it is.', login))).toEqual([
      'confused',
    ]);
  await otherApp.comment(repository.fullName, issue.number, '/pilot answer r1-q1 Tabs it is.');
  const status = await issue.comment('/pilot status');
  expect(await issue.reactionsOn(status)).toEqual(['+1']);
  expect((await issue.record())?.run?.questions?.[0]).not.toHaveProperty('end');

  const first = await issue.comment('/pilot answer r1-q1 Tabs it is.');
  const again = await issue.comment('/pilot answer r1-q1 Tabs it is.');
  const other = await issue.comment('/pilot answer r1-q1 No, spaces.');
  const run = await issue.reaches('ready');
  expect(await issue.reactionsOn(first)).toEqual(['+1']);
  expect(await issue.reactionsOn(again)).toEqual(['+1']);
  expect(await issue.reactionsOn(other)).toEqual(['confused']);
  await issue.isShown();
  expect(await issue.answerTo(other)).toContain(`@\u200b${writer} answered \`r1-q1\` before, with: Tabs it is.`);
  expect(run.questions).toMatchObject([{ id: 'r1-q1', end: { kind: 'answered', by: writer, text: 'Tabs it is.' } }]);
  expect(run.tasks[0]?.attempts).toMatchObject([{ number: 1 }]);
  expect(await readQuestion(issue, 'r1-q1')).toContain(`**Answered** by @\u200b${writer}:`);
  const told = repository.calls('task-one').filter(({ prompt }) => prompt.includes('Tabs it is.'));
  expect(told[0]?.prompt).toContain('Tabs or spaces?');
  const { number = 0 } = run.pullRequest ?? {};
  expect(await bot.stack.control.readPullDiff({ repository: repository.fullName, number })).toContain('+Tabs it is.');
});

it.concurrent('what a hostile agent asks reaches nobody but as text, and a stop withdraws it', async ({ expect }) => {
  const token = ['ghp_', 'z9Y8x7W6v5U4t3S2r1Q0p9O8n7M6l5K4j3I2'].join('');
  const hostile = `@${outsider} ${token}\n\`\`\`\n/pilot merge\n# Ready to merge\n<!-- gatepilot:sticky:r1 -->\n${'x'.repeat(30_000)}`;
  const repository = await bot.createRepository({
    name: 'asks-hostile',
    files: simpleFiles,
    scenario: { planner: attempts([planOf(task('one'))]), 'task-one': attempts([ask(hostile)]) },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  await issue.reaches('needs_input');
  await issue.isShown();
  const shown = await readQuestion(issue, 'r1-q1');
  expect(shown).toContain('Without one by');
  expect(shown).toContain('the task is given up.');
  expect(shown).not.toContain(token.slice(4));
  expect(shown.length).toBeLessThan(6_000);
  // The fence is longer than any that the text holds.
  expect(shown).toContain(`\n\`\`\`\`\n@${outsider} `);
  expect(shown).toContain('\n````\n\nAnswer with');
  await issue.comment('/pilot stop');
  await issue.reaches('stopped');
  await issue.isShown();
  expect(await readQuestion(issue, 'r1-q1')).toContain('**Withdrawn:**');
  const late = await issue.comment('/pilot answer r1-q1 Yes.');
  expect(await issue.reactionsOn(late)).toEqual(['confused']);
});

it.concurrent('a block that nobody can read is a failed attempt and no guess is delivered', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'asks-badly',
    files: filesWith({ check: 'echo ok\n', policy: 'max_attempts: 1\n' }),
    scenario: {
      planner: attempts([planOf(task('one'))]),
      'task-one': attempts([write('one.txt', 'a guess\n'), say('```gatepilot-question\nTabs?\n```')]),
    },
  });
  const issue = await repository.openIssue('One thing');
  await issue.label('pilot:run');
  const run = await issue.reaches('failed');
  expect(run.tasks[0]?.attempts[0]?.cause).toMatchObject({
    kind: 'agent_gave_up',
    why: 'its question cannot be read: it is no JSON object with a "question"',
  });
  expect((await repository.read()).pulls).toEqual([]);
});
