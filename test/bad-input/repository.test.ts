// Repositories as they are in the wild: nothing set up, half set up, wrongly set up. No run starts on a guess, and
// whoever asked is told what to add or mend.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, it } from 'vitest';
import { writer } from '../support/people.ts';
import { oneTask, simpleFiles } from '../support/plan.ts';
import { createTestRepository, type TestRepository } from '../support/repository.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { until } from '../support/until.ts';
import { askInVain, runToEnd } from './run-to-end.ts';

// They run at the same time, and each waits for whole runs.

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot();
});
afterAll(() => bot.release());

const readme = { 'README.md': '# Bare\n' };
const policyOf = (text: string) => ({ ...simpleFiles, '.github/gatepilot.yml': text });
const verify = 'verify:\n  commands:\n    - sh check.sh\n';

it.concurrent('a repository without configuration and tests is refused, with what to add', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'bare', files: readme });
  const reply = await askInVain(repository);
  expect(reply).toContain(`@${writer} `);
  expect(reply).toContain('nothing unverified is ever pushed');
  expect(reply).toContain('Add `verify: { commands: ["…"] }` to `.github/gatepilot.yml`');
  expect(reply).toContain('a `test` script to `package.json`');
});

it.concurrent('a label is refused as a comment is, and can be put on again', async ({ expect }) => {
  const repository = await bot.createRepository({ name: 'bare-label', files: readme });
  const issue = await repository.openIssue('Do it');
  for (const count of [1, 2]) {
    await issue.label('pilot:run');
    const replies = await until(async () => {
      const shown = await issue.replies();
      return shown.length === count ? shown : undefined;
    });
    await issue.isShown();
    expect(replies.at(-1)).toContain('Nothing here says how to verify a change');
    expect((await repository.read()).issues[0]?.labels).toEqual([]);
  }
});

it.concurrent.for<[string, string]>([
  ['the placeholder of npm', '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}'],
  ['broken JSON', '{"scripts":{"test":"node --test"'],
  ['no test script', '{"scripts":{"build":"true"}}'],
])('a package.json with %s says nothing about verification', async ([what, text], { expect }) => {
  const repository = await bot.createRepository({
    name: `package-${what.replaceAll(' ', '-')}`.toLowerCase(),
    files: { ...readme, 'package.json': text },
  });
  expect(await askInVain(repository)).toContain('Nothing here says how to verify a change');
});

it.concurrent('a test script in package.json is what verifies, and that is shown', async ({ expect }) => {
  const script = 'test ! -e broken && echo tested';
  const repository = await bot.createRepository({
    name: 'package-only',
    files: { ...readme, 'package.json': JSON.stringify({ name: 'x', scripts: { test: script } }) },
    scenario: oneTask(),
  });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state).toMatchObject({ kind: 'ready' });
  expect(run.policy).toMatchObject({ verify: ['npm test'], verifySource: 'detected' });
  expect(run.verification?.report.commands).toMatchObject([{ command: 'npm test', exit: { kind: 'exited', code: 0 } }]);
  const log = await bot.readArtifact(run.verification?.report.commands[0]?.log ?? '');
  expect(log).toContain('tested');
  expect(sticky).toContain('| `npm test` | passed |');
});

it.concurrent('a configuration that cannot be read is refused, with the line', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'syntax',
    files: policyOf('verify:\n  commands:\n    - sh check.sh\n  timeout_minutes: [1\nmax_tasks: 3\n'),
    scenario: oneTask(),
  });
  const reply = await askInVain(repository);
  expect(reply).toContain('`.github/gatepilot.yml` has mistakes where guessing would make the gate weaker');
  expect(reply).toMatch(/line [45], column \d+:/);
});

it.concurrent('a bad value and an unknown key do not apply, the rest does, and both are shown with their line', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'bad-keys',
    files: policyOf(`${verify}max_atempts: 7\nmax_tasks: 5\npilot:\n  max_skip_ratio: 7\n  timeout_seconds: 20\n`),
    scenario: oneTask(),
  });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(run.policy).toMatchObject({ maxAttempts: 3, maxTasks: 5, maxSkipRatio: 0.5, pilotMs: 20_000 });
  expect(sticky).toMatch(
    /`\.github\/gatepilot\.yml`: line 4, column 1: max\\_atempts: .*did you mean max\\_attempts\?/,
  );
  expect(sticky).toMatch(
    /`\.github\/gatepilot\.yml`: line 7, column \d+: pilot\.max\\_skip\\_ratio: found 7, expected/,
  );
});

it.concurrent('a bad value keeps what the file said before, also where it says how to verify', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'last-good',
    isProtected: false,
    files: policyOf(`${verify}max_tasks: 5\nmax_attempts: 2\n`),
    scenario: oneTask(),
  });
  const bad = 'verify:\n  commands: 7\nmax_tasks: many\nmax_attempts: 1\n';
  await repository.push('main', policyOf(bad.replace('max_attempts: 1', 'max_attempts: 4')));
  await repository.push('main', policyOf(bad));
  const { run, sticky } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(run.policy).toMatchObject({ verify: ['sh check.sh'], maxTasks: 5, maxAttempts: 1 });
  expect(sticky).toMatch(
    /`\.github\/gatepilot\.yml`: line 3, column \d+: max\\_tasks: found .*, and what the file said before is in force/,
  );
});

it.concurrent('a mistake about how to verify is refused, with the line', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'bad-verify',
    files: policyOf('verify:\n  comands:\n    - sh check.sh\n'),
    scenario: oneTask(),
  });
  const reply = await askInVain(repository);
  expect(reply).toMatch(/line 2, column 3: verify\.comands: .*did you mean verify\.commands\?/);
});

it.concurrent('a configuration that names an image that nobody offers is refused, and says who could', async ({
  expect,
}) => {
  const repository = await bot.createRepository({
    name: 'unoffered',
    files: policyOf(`${verify}setup:\n  image: debian:12\n`),
    scenario: oneTask(),
  });
  const reply = await askInVain(repository);
  expect(reply).toContain('names an image that is not offered here (`debian:12`); there is none');
  expect(reply).toContain('The operator offers images in `GATEPILOT_OCI_IMAGES`');
});

it.concurrent('a setting that asks for what happens anyway is no obstacle', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'available',
    files: policyOf(
      `${verify}gate:\n  other_prs: observe\nmode:\n  plan_approval: never\nsandbox:\n  provider: auto\n`,
    ),
    scenario: oneTask(),
  });
  expect((await runToEnd(repository)).run.state.kind).toBe('ready');
});

it.concurrent('a repository without a commit is refused', async ({ expect }) => {
  const repository = await createEmptyRepository();
  const issue = await repository.openIssue('Do it');
  const comment = await issue.comment('/pilot run');
  expect(await issue.reactionsOn(comment)).toEqual(['confused']);
  await issue.isShown();
  expect(await issue.answerTo(comment)).toBe(`@${writer} The repository is empty: there is nothing to work on yet.`);
  expect((await issue.record())?.run).toBeUndefined();
});

/** The control port complains that there is no branch, which is exactly what is wanted here; the repository is there. */
async function createEmptyRepository(): Promise<TestRepository> {
  const { stack, store } = bot;
  const path = await mkdtemp(join(tmpdir(), 'gp-empty-'));
  const fullName = 'acme/empty';
  await promisify(execFile)('git', ['init', '--quiet', path]);
  await stack.control.createRepository({ repository: fullName, source: { path } }).catch(() => undefined);
  await rm(path, { recursive: true });
  const found = (await stack.control.readState()).repositories.find((candidate) => candidate.fullName === fullName);
  if (!found) throw new Error('the empty repository was not made');
  await stack.control.setPermission({ repository: fullName, login: writer, role: 'write' });
  return createTestRepository({ stack, store, fullName, id: found.id, setScenario: () => undefined });
}
