// Dependencies: set up once from the base branch, with the hosts that may be reached for that, and there for agents and verify
// commands, which have no network. Registries of the tests stand for those of the internet.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openOutside, publicAddress, type TestOutside } from '../egress/support/outside.ts';
import { type Bot, startBot } from '../support/bot.ts';
import { npmFiles, npmSettings } from '../support/npm-project.ts';
import { attempts, bash, done, planOf, task, write } from '../support/plan.ts';
import { packWheel } from '../support/python-package.ts';
import { until } from '../support/until.ts';

const wheel = packWheel(
  'greeting',
  { 'greeting.py': 'def greet(name):\n    return "hello " + name\n\ndef main():\n    print(greet("shell"))\n' },
  { greet: 'greeting:main' },
);
const perlModule = 'package Greeting; sub greet { return "hello $_[0]" } 1;\n';

let outside: TestOutside;
let bot: Bot;
/** What was asked for, in order. */
const asked: string[] = [];
/** Requests that are never answered. */
const held: string[] = [];
beforeAll(async () => {
  const hosts = ['registry.npmjs.org', 'pypi.org', 'files.pythonhosted.org', 'modules.example.com'];
  const names = Object.fromEntries(hosts.map((host) => [host, [publicAddress]]));
  outside = await openOutside({
    names,
    onRequest(request, response) {
      asked.push(`${request.headers.host}${request.url}`);
      if (request.url === '/slow.tgz') held.push(request.url);
      else if (request.url === '/simple/greeting/')
        response
          .setHeader('content-type', 'text/html')
          .end(wheel.renderIndex('https://files.pythonhosted.org/packages'));
      else if (request.url === `/packages/${wheel.fileName}`) response.end(wheel.wheel);
      else if (request.url === '/Greeting.pm') response.end(perlModule);
      else response.writeHead(404).end('there is no such thing');
    },
  });
  bot = await startBot({ outside, env: { GATEPILOT_NETWORK: hosts.join(',') } });
});
afterAll(async () => {
  await bot.checkHonesty();
  await bot.stop();
  outside.stop();
});

it('65 no-network-verify: where the set-up fails, that is the cause, with its output, and no agent is paid', async () => {
  const lock = npmFiles(outside.cert);
  const repository = await bot.createRepository({
    name: 'broken-packages',
    files: {
      ...lock,
      'package-lock.json': lock['package-lock.json'].replaceAll('greeting-1.0.0.tgz', 'greeting-9.9.9.tgz'),
      '.github/gatepilot.yml': npmSettings,
    },
    scenario: { planner: attempts([planOf(task('a'))]), 'task-a': attempts([write('a.txt', 'a\n'), done]) },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('failed');
  await issue.isShown();
  expect(run.state).toMatchObject({
    cause: { kind: 'setup', failures: [{ command: expect.stringContaining('npm ci') }] },
  });
  const [comment = ''] = await issue.replies();
  expect(comment).toContain('Dependencies could not be set up from the base branch');
  expect(comment).toContain('404');
  expect(run.tasks[0]?.attempts).toEqual([]);
});

it('65 no-network-verify: so is a project of Python, whose tests and programs come from an index', async () => {
  asked.length = 0;
  const repository = await bot.createRepository({
    name: 'of-python',
    files: {
      '.gitignore': '__pycache__/\n',
      'requirements.txt': `--trusted-host pypi.org\n--trusted-host files.pythonhosted.org\ngreeting==1.0.0 --hash=sha256:${wheel.sha256}\n`,
      'test_app.py':
        'import unittest, greeting\n\nclass Test(unittest.TestCase):\n    def test(self):\n        self.assertEqual(greeting.greet("you"), "hello you")\n',
      '.github/gatepilot.yml':
        'verify: { commands: ["python3 -m unittest -v test_app", "test \\"$(greet)\\" = \\"hello shell\\""] }\nreview: { enabled: false }\n',
    },
    scenario: {
      planner: attempts([planOf(task('a', { workflow: 'direct' }))]),
      'task-a': attempts([bash('python3 -m unittest test_app > a.txt 2>&1'), done]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('ready', 'failed');
  expect(run.tasks[0]?.attempts[0]?.cause).toBeUndefined();
  expect(run.state).toMatchObject({ kind: 'ready' });
  expect(run.verification?.report.setup).toMatchObject({ source: 'detected', layer: expect.anything() });
  expect(await bot.readArtifact(run.tasks[0]?.attempts[0]?.patch ?? '')).toContain('+OK');
  expect(asked).toEqual([`pypi.org/simple/greeting/`, `files.pythonhosted.org/packages/${wheel.fileName}`]);
});

it('a stop ends a set-up at once, leaves nothing of it, and is no failure', async () => {
  const repository = await bot.createRepository({
    name: 'stopped-in-set-up',
    files: {
      ...npmFiles(outside.cert),
      '.github/gatepilot.yml': `verify: { commands: [npm test], baseline: false }\nreview: { enabled: false }\nsetup: { commands: ["sleep 0.1; NODE_EXTRA_CA_CERTS=ca.pem node -e \\"fetch('https://modules.example.com/slow.tgz')\\""], network: [modules.example.com] }\n`,
    },
    scenario: {
      planner: attempts([planOf(task('a', { workflow: 'direct' }))]),
      'task-a': attempts([write('a.txt', 'a\n'), done]),
    },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  await until(async () => (held.length > 0 ? true : undefined));
  await issue.comment('/pilot stop');
  const run = await issue.reaches('stopped', 'failed');
  expect(run.state.kind).toBe('stopped');
  expect(run.tasks[0]?.attempts[0]?.cause).toBeUndefined();
  await until(async () => ((await bot.readLayers(repository.id)).length === 0 ? true : undefined));
});

it('a host that is not listed is named, with what to do', async () => {
  const repository = await bot.createRepository({
    name: 'of-another-host',
    files: {
      'ca.pem': outside.cert,
      '.github/gatepilot.yml': `verify: { commands: ["true"] }\nreview: { enabled: false }\nsetup: { commands: ["NODE_EXTRA_CA_CERTS=ca.pem node -e \\"fetch('https://pypi.org/x')\\""], network: [modules.example.com] }\n`,
    },
    scenario: { planner: attempts([planOf(task('a'))]), 'task-a': attempts([write('a.txt', 'a\n'), done]) },
  });
  const issue = await repository.openIssue('Do it');
  await issue.label('pilot:run');
  const run = await issue.reaches('failed');
  await issue.isShown();
  expect(run.state).toMatchObject({ cause: { kind: 'setup', denied: ['pypi.org'] } });
  const [comment = ''] = await issue.replies();
  expect(comment).toContain('It asked for hosts that are not listed: `pypi.org`.');
  expect(comment).toContain('List what it needs in `setup.network`');
});

it('what the settings say is set up, of any language; where nothing is, the verdict says so', async () => {
  const files = {
    'ca.pem': outside.cert,
    'check.sh': 'perl -I"$GATEPILOT_DEPS/lib" -MGreeting -e "print Greeting::greet(shift)" you\n',
    'fetch.mjs': [
      'import { mkdirSync, writeFileSync } from "node:fs";',
      'const folder = process.env.GATEPILOT_DEPS + "/lib";',
      'mkdirSync(folder);',
      'await fetch("https://telemetry.example.com/").catch(() => undefined);',
      'const answer = await fetch("https://modules.example.com/Greeting.pm");',
      'writeFileSync(folder + "/Greeting.pm", await answer.text());\n',
    ].join('\n'),
  };
  const verify = 'verify: { commands: [sh check.sh], baseline: false }\nreview: { enabled: false }\nmax_attempts: 1\n';
  const setup = 'setup: { commands: ["NODE_EXTRA_CA_CERTS=ca.pem node fetch.mjs"], network: [modules.example.com] }\n';
  const scenario = {
    planner: attempts([planOf(task('a', { workflow: 'direct' }))]),
    'task-a': attempts([write('a.txt', 'a\n'), done]),
  };
  const [prepared, bare] = await Promise.all(
    [`${verify}${setup}`, verify].map(async (settings, at) => {
      const repository = await bot.createRepository({
        name: `perl-${at}`,
        files: { ...files, '.github/gatepilot.yml': settings },
        scenario,
      });
      const issue = await repository.openIssue('Do it');
      await issue.label('pilot:run');
      const run = await issue.reaches('ready', 'failed');
      await issue.isShown();
      return { ...run, replies: (await issue.replies()).join('\n') };
    }),
  );
  expect(prepared?.state.kind).toBe('ready');
  expect(prepared?.verification?.report.setup).toMatchObject({ source: 'settings' });
  expect(prepared?.replies).toContain('set-up: 1 host reached, 1 denied');
  expect(prepared?.replies).toContain('- `telemetry.example.com`: not on the list');
  expect(bare?.tasks[0]?.attempts[0]?.cause).toMatchObject({
    kind: 'verify_red',
    failures: [{ output: expect.stringContaining("Can't locate Greeting.pm") }],
  });
});
