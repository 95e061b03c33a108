// A large run through the whole bot: a repository of more than five thousand files, twelve tasks in four batches, and
// failures of every kind. What a maintainer reads afterwards is kept in .cache/bench: `npm run bench -- large` shows it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, bash, done, filesWith, planOf, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const folders = 60;
const filesPerFolder = 85;

function manyFiles(): Record<string, string> {
  const check =
    'if ls src/*/broken* >/dev/null 2>&1; then for f in src/*/broken*; do echo "FAIL: $f"; done; exit 1; fi\necho ok\n';
  const made: Record<string, string> = filesWith({ check, policy: 'max_attempts: 2\n' });
  for (let folder = 0; folder < folders; folder += 1)
    for (let file = 0; file < filesPerFolder; file += 1)
      made[`lib/part-${folder}/module-${file}.js`] = `export const value = ${file};\n`;
  return made;
}

function own(key: string, dependsOn: readonly string[] = []) {
  return task(key, { dependsOn, ownedPaths: [`src/${key}/**`] });
}

const good = (key: string): Step => write(`src/${key}/index.js`, `export const ${key} = true;\n`);
const works = (key: string): Scenario => ({
  [`task-${key}`]: attempts([good(key), { kind: 'say', text: `The module ${key} is there.` }]),
});
const worksOnceTold = (key: string, words: string): Scenario => ({
  [`task-${key}`]: attempts([
    { kind: 'when', text: words, steps: [good(key)], otherwise: [write(`src/${key}/broken.js`, 'oops\n')] },
    { kind: 'say', text: `The module ${key} is there.` },
  ]),
});

const advice = 'Call the file index.js.';
const decision = { failureAnalysis: [], strategies: [], routedContext: [], skip: [], learnings: [] };
const retryDifferently = (key: string) => ({
  ...{ task: key, action: 'retry_different', guidance: advice, reason: 'The name of its file is refused.' },
});

const afterFirst = {
  ...decision,
  failureAnalysis: [
    { task: 'parse', cause: 'spec_ambiguity', why: 'The task does not say how the file is called.' },
    { task: 'fetch', cause: 'infrastructure', why: 'The process of the agent was killed.' },
    { task: 'port', cause: 'code', why: 'It keeps writing into a folder that is not its own.' },
  ],
  strategies: [
    retryDifferently('parse'),
    { task: 'fetch', action: 'retry', reason: 'Nothing but time has to change.' },
  ],
  batches: [
    ['parse', 'fetch', 'check', 'format'],
    ['store', 'export', 'legacy'],
    ['query', 'manual'],
  ],
  verdict: 'continue',
  verdictReason: 'Two of the three failures can be helped.',
};

const afterSecond = {
  ...decision,
  failureAnalysis: [{ task: 'format', cause: 'spec_ambiguity', why: 'It met the same rule about names.' }],
  strategies: [retryDifferently('format')],
  skip: [{ task: 'legacy', reason: 'What it was to replace is gone since batch 2.' }],
  batches: [
    ['format', 'store', 'export'],
    ['query', 'manual'],
  ],
  verdict: 'continue',
  verdictReason: 'The name is the only mistake, and one task has become pointless.',
};

const scenario: Scenario = {
  planner: attempts([
    planOf(
      own('parse'),
      own('types'),
      own('fetch'),
      own('port'),
      own('check', ['types']),
      own('format', ['types']),
      own('store', ['fetch']),
      own('tune', ['port']),
      own('export', ['check']),
      own('query', ['store']),
      own('legacy', ['check']),
      own('manual', ['export']),
    ),
  ]),
  pilot: [
    { when: 'batch that ended: 1', attempts: [[{ kind: 'json', value: afterFirst }]] },
    { when: 'batch that ended: 2', attempts: [[{ kind: 'json', value: afterSecond }]] },
  ],
  ...worksOnceTold('parse', advice),
  ...worksOnceTold('format', advice),
  'task-fetch': attempts([bash('kill -9 $PPID'), done], [good('fetch'), done]),
  'task-port': attempts([write('lib/part-0/module-0.js', 'export const value0 = 1;\n'), done]),
  ...works('types'),
  ...works('check'),
  ...works('store'),
  ...works('tune'),
  ...works('export'),
  ...works('query'),
  ...works('legacy'),
  ...works('manual'),
};

it('large-run: twelve tasks in four batches with mixed failures on five thousand files end with every task accounted for', async () => {
  const files = manyFiles();
  expect(Object.keys(files).length).toBeGreaterThan(5_000);
  const repository = await bot.createRepository({ name: 'large', files, scenario });
  const issue = await repository.openIssue('Read, check and export the input');
  await issue.label('pilot:run');
  // Each batch has the patience of a whole small run.
  for (const batches of [1, 2, 3]) await issue.reachesWhere(({ behind }) => behind.length >= batches);
  const run = await issue.reaches('ready', 'failed');
  await issue.isShown();

  expect(run.behind).toEqual([
    ['parse', 'types', 'fetch', 'port'],
    ['parse', 'fetch', 'check', 'format'],
    ['format', 'store', 'export'],
    ['query', 'manual'],
  ]);
  expect(
    Object.fromEntries(run.tasks.map(({ key, state, attempts: made }) => [key, [state.kind, made.length]])),
  ).toEqual({
    ...{ parse: ['merged', 2], types: ['merged', 1], fetch: ['merged', 2], port: ['failed', 1] },
    ...{ check: ['merged', 1], format: ['merged', 2], store: ['merged', 1], tune: ['blocked', 0] },
    ...{ export: ['merged', 1], query: ['merged', 1], legacy: ['skipped', 0], manual: ['merged', 1] },
  });
  expect(run.boundaries.map(({ source }) => source.kind)).toEqual(['pilot', 'pilot']);

  const shown = await repository.pull(run.pullRequest?.number ?? 0);
  const folder = join(import.meta.dirname, '../../.cache/bench');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'large-pull-request.md'), shown.body);
  const [first = ''] = shown.body.split('\n');
  expect(first).toBe(
    `Part of #1, asked for by @\u200bmona. 9 of 12 tasks are in this branch; 1 failed, 1 blocked, 1 left out.`,
  );
  for (const { key } of run.tasks) expect(shown.body).toContain(`- \`${key}\` Task ${key}`);
  const story = shown.body.split('\n').filter((line) => /^\| \d \|/.test(line));
  expect(story).toEqual([
    '| 1 | `types` | `parse`, `fetch`, `port` | the gate pilot: Two of the three failures can be helped. |',
    '| 2 | `parse`, `fetch`, `check` | `format` | the gate pilot: The name is the only mistake, and one task has become pointless. |',
    '| 3 | `format`, `store`, `export` | – | the next batch, as planned |',
    '| 4 | `query`, `manual` | – | verification of the whole |',
  ]);
  // A part of what was asked is not offered for a merge without a person who looks at it.
  expect(shown.checks).toMatchObject([{ name: 'gatepilot/gate', conclusion: 'failure' }]);
});
