// The operator's programs around the work: what they forbid does not happen, on GitHub's own account, and people are told
// in one sentence. What they allow later goes on from where it was.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Bot, startBot } from '../support/bot.ts';
import { attempts, done, planOf, simpleFiles, task, write } from '../support/plan.ts';

let folder: string;
let bot: Bot;

const moments = ['before-plan', 'before-attempt', 'before-push', 'before-merge'] as const;
type Moment = (typeof moments)[number];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gp-hook-scenario-'));
  await mkdir(join(folder, 'hooks'));
  for (const name of moments) {
    const path = join(folder, 'hooks', name);
    // Each moment has a file that forbids it, and a list of what it was asked about.
    await writeFile(
      path,
      `#!/bin/sh\ncat >> ${folder}/${name}.asked\n! cat ${folder}/${name}.forbidden >&2 2>/dev/null\n`,
    );
    await chmod(path, 0o755);
  }
  bot = await startBot({ env: { GATEPILOT_HOOKS: join(folder, 'hooks') } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  for (const name of moments)
    for (const of of ['asked', 'forbidden']) await rm(join(folder, `${name}.${of}`), { force: true });
});

const forbid = (name: Moment) => writeFile(join(folder, `${name}.forbidden`), 'not on Fridays\n');
const allow = (name: Moment) => rm(join(folder, `${name}.forbidden`));

async function listAsked(name: Moment): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, `${name}.asked`), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function open(name: string) {
  const scenario = {
    planner: attempts([planOf(task('one', { ownedPaths: ['one.txt'] }))]),
    'task-one': attempts([write('one.txt', 'one\n'), done]),
  };
  const repository = await bot.createRepository({ name, files: simpleFiles, scenario });
  const issue = await repository.openIssue('Do it');
  return { repository, issue };
}

it.each([
  ['before-plan', '/pilot retry'],
  ['before-attempt', '/pilot retry'],
  ['before-push', '/pilot resume'],
] as const)(
  '%s: a run that the operator forbids ends with that, and goes on once it is allowed',
  async (name, command) => {
    await forbid(name);
    const { repository, issue } = await open(name);
    await issue.label('pilot:run');
    await issue.reaches('failed');
    await issue.isShown();
    const [sticky = ''] = await issue.replies();
    expect(sticky).toContain(`The operator's program \`${name}\` said no: it exited with 1: not on Fridays.`);
    const state = await repository.read();
    expect([state.pulls, Object.keys(state.branches)]).toEqual([[], ['main']]);
    await allow(name);
    await issue.comment(command);
    await issue.reaches('ready');
    const [asked] = await listAsked(name);
    expect(asked).toMatchObject({ hook: name, run: 'r1', repository: repository.fullName });
  },
);

it('before-merge: a merge that the operator forbids is refused with that, and made once it is allowed', async () => {
  const { repository, issue } = await open('before-merge');
  await issue.label('pilot:run');
  const ready = await issue.reaches('ready');
  await forbid('before-merge');
  const pull = repository.thread(ready.pullRequest?.number ?? 0);
  const refused = await pull.comment('/pilot merge');
  expect(await pull.reactionsOn(refused)).toEqual(['confused']);
  await issue.isShown();
  expect((await pull.replies())[0]).toContain(
    "the operator's program before-merge said no: it exited with 1: not on Fridays",
  );
  expect((await repository.read()).pulls).toMatchObject([{ state: 'open' }]);
  await allow('before-merge');
  await pull.comment('/pilot merge');
  expect((await issue.reaches('merged')).state).toMatchObject({ isProven: true });
  expect(await listAsked('before-push')).toMatchObject([{ paths: ['one.txt'], head: ready.pullRequest?.head }]);
});
