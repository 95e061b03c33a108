// Agents that crash, cheat or do nothing. Nothing of what they did is pushed, the worker lives on, and the issue says
// what happened and which task it was.
import { afterAll, beforeAll, it } from 'vitest';
import type { Cause } from '../../src/core/model/cause.ts';
import type { Scenario, Step } from '../../src/demo/model/scenario.ts';
import { attempts, bash, done, filesWith, planOf, simpleFiles, task, write } from '../support/plan.ts';
import { type SharedBot, shareBot } from '../support/share-bot.ts';
import { type EndedRun, findPushed, runToEnd, taskOf } from './run-to-end.ts';

// They run at the same time, and each waits for whole runs.

let bot: SharedBot;
beforeAll(async () => {
  bot = await shareBot('pi');
});
afterAll(() => bot.release());

const once = 'max_attempts: 1\n';
const green = filesWith({ check: 'echo ok\n', policy: once });

interface Misdeed {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly ownedPaths?: readonly string[];
  readonly files?: Record<string, string>;
}

/** A plan of one task, `bad`, whose only attempt does this. */
async function misbehave({ name, steps, ownedPaths = ['bad.txt'], files = green }: Misdeed) {
  const scenario: Scenario = {
    planner: attempts([planOf(task('bad', { ownedPaths }))]),
    'task-bad': attempts([...steps, done]),
  };
  const repository = await bot.createRepository({ name, files, scenario });
  return { repository, ...(await runToEnd(repository)) };
}

function causeOf({ run }: Pick<EndedRun, 'run'>): Cause | undefined {
  const { state } = taskOf(run, 'bad');
  return state.kind === 'failed' ? state.cause : undefined;
}

it.concurrent('an agent that kills everything it can reach fails alone, and another run goes on', async ({
  expect,
}) => {
  const other = await bot.createRepository({
    name: 'bystander',
    files: simpleFiles,
    scenario: { planner: attempts([planOf(task('good'))]), 'task-good': attempts([write('good.txt', 'good\n'), done]) },
  });
  const worker = bot.stack.worker.pid;
  const [killed, bystander] = await Promise.all([
    misbehave({ name: 'kills', steps: [write('bad.txt', 'half\n'), bash('kill -9 -1')] }),
    runToEnd(other),
  ]);
  expect(killed.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'tasks_failed', failed: ['bad'] } });
  expect(causeOf(killed)).toMatchObject({ kind: 'agent_crashed' });
  expect(killed.sticky).toContain('**Failed.** No task succeeded (`bad`)');
  expect(killed.sticky).toContain("The agent's process ended early");
  expect(await findPushed(killed.repository)).toEqual([]);
  expect(bystander.run.state.kind).toBe('ready');
  expect(bot.stack.worker.pid).toBe(worker);
  expect(() => process.kill(worker, 0)).not.toThrow();
});

it.concurrent('a crash is tried again, and the second attempt counts', async ({ expect }) => {
  const repository = await bot.createRepository({
    name: 'crashes-once',
    files: simpleFiles,
    scenario: {
      planner: attempts([planOf(task('bad', { ownedPaths: ['bad.txt'] }))]),
      'task-bad': attempts([bash('kill -9 -1'), done], [write('bad.txt', 'whole\n'), done]),
    },
  });
  const { run, sticky } = await runToEnd(repository);
  expect(run.state.kind).toBe('ready');
  expect(taskOf(run, 'bad').attempts).toMatchObject([{ cause: { kind: 'agent_crashed' } }, { number: 2 }]);
  expect(sticky).toContain("- `bad` attempt 1: The agent's process ended early");
});

it.concurrent('an edit outside of the paths of the task is refused, with the paths and the patch', async ({
  expect,
}) => {
  const ended = await misbehave({
    name: 'outside',
    steps: [
      write('bad.txt', 'mine\n'),
      write('README.md', '# Mine now\n'),
      bash('mkdir -p src && echo x > src/new.txt'),
    ],
  });
  expect(causeOf(ended)).toEqual({ kind: 'scope_violation', paths: ['README.md', 'src/new.txt'] });
  expect(ended.sticky).toContain('It changed files that its task does not own: `README.md`, `src/new.txt`.');
  const [attempt] = taskOf(ended.run, 'bad').attempts;
  expect(await bot.readArtifact(attempt?.patch ?? '')).toContain('+# Mine now');
  expect(await findPushed(ended.repository)).toEqual([]);
});

it.concurrent('a deleted or renamed file of somebody else counts as an edit', async ({ expect }) => {
  const ended = await misbehave({ name: 'renames', steps: [bash('git mv README.md bad.txt || mv README.md bad.txt')] });
  expect(causeOf(ended)).toEqual({ kind: 'scope_violation', paths: ['README.md'] });
});

it.concurrent.for([
  ['owns everything', []],
  ['owns the folder by name', ['.github/**']],
] as const)('workflows cannot be changed by a task that %s', async ([what, ownedPaths], { expect }) => {
  const steps = [write('.github/workflows/ci.yml', 'on: push\n'), write('bad.txt', 'bad\n')];
  const ended = await misbehave({
    name: `workflow-${what.replaceAll(' ', '-')}`,
    steps,
    ownedPaths: [...ownedPaths, 'bad.txt'].slice(ownedPaths.length === 0 ? 1 : 0),
  });
  expect(ended.run.state.kind).toBe('failed');
  expect(causeOf(ended)).toEqual({ kind: 'scope_violation', paths: ['.github/workflows/ci.yml'] });
  expect(ended.sticky).toContain('`.github/workflows/ci.yml`');
  expect(await findPushed(ended.repository)).toEqual([]);
});

it.concurrent('a symbolic link out of the workspace is not taken, and nobody reads through it', async ({ expect }) => {
  const ended = await misbehave({ name: 'symlink', steps: [bash('ln -s /etc/passwd bad.txt')] });
  expect(causeOf(ended)).toMatchObject({ kind: 'content_refused', path: 'bad.txt' });
  expect(ended.sticky).toContain('Its result was refused: new and changed symbolic links are not taken (`bad.txt`).');
  expect(await findPushed(ended.repository)).toEqual([]);
});

it.concurrent('an agent that changes nothing has not done its task, whatever it says', async ({ expect }) => {
  const ended = await misbehave({ name: 'nothing', steps: [bash('true')] });
  expect(causeOf(ended)).toEqual({ kind: 'no_change', said: 'Done.' });
  expect(ended.sticky).toContain('The agent ended without changing a file.');
});

it.concurrent('a change that fails the tests of the repository is not pushed, and the failure is shown', async ({
  expect,
}) => {
  const files = filesWith({
    check: 'if [ -e bad.txt ]; then echo "FAIL: bad.txt is bad"; exit 3; fi\n',
    policy: once,
  });
  const ended = await misbehave({ name: 'red', steps: [write('bad.txt', 'bad\n')], files });
  expect(causeOf(ended)).toMatchObject({
    kind: 'verify_red',
    failures: [{ command: 'sh check.sh', exit: { kind: 'exited', code: 3 } }],
  });
  expect(ended.sticky).toContain('Verification failed: `sh check.sh` exited with 3.');
  expect(await findPushed(ended.repository)).toEqual([]);
});

it.concurrent('what an agent commits, stages or configures by itself changes nothing but its files', async ({
  expect,
}) => {
  const tricks = [
    'git config user.name Mallory; git config core.hooksPath /workspace',
    'git add -A && git commit -q --allow-empty -m "by Mallory" || true',
    'mkdir -p .git/hooks && printf "#!/bin/sh\\ntouch /tmp/owned\\n" > .git/hooks/post-checkout && chmod +x .git/hooks/post-checkout',
  ];
  const ended = await misbehave({ name: 'commits', steps: [write('bad.txt', 'fine\n'), ...tricks.map(bash)] });
  expect(ended.run.state.kind).toBe('ready');
  const { commits } = await ended.repository.pull(ended.run.pullRequest?.number ?? 0);
  expect(commits.map(({ message, author }) => [message.split('\n')[0], author])).toEqual([
    ['Task bad', expect.stringContaining('gatepilot')],
  ]);
});
