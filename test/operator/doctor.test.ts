// What an operator is told of an installation, from a shell: on a local GitHub, real Redis, git and sandboxes.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import type { AppCreated } from '../../src/demo/github/action/setup-input.ts';
import { createExchangeChecker } from '../../src/demo/github/schema/check-exchange.ts';
import { type StartedLocalGithub, startLocalGithub } from '../../src/demo/github/start-local-github.ts';
import { readSurroundings } from '../../src/env.ts';
import type { Finding } from '../../src/operator/doctor/finding.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { readAppFile } from '../../src/setup/read-app-file.ts';
import { createStore } from '../../src/store/create-store.ts';
import { parkEvent } from '../support/park-event.ts';
import { findTools, startTestRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const script = resolve(import.meta.dirname, '../../src/operator/doctor-main.ts');
const wanted = await readAppFile();
const modelKey = 'mk-a-key-that-nobody-may-see';

let folder: string;
let github: StartedLocalGithub;
let redis: TestRedis;
let app: AppCreated;
let receiver: Server;
let webhookUrl: string;
/** Whether webhooks are taken. */
let takes = true;
const widget = 'acme/widget';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gp-doctor-'));
  [github, redis] = await Promise.all([startLocalGithub({ dataFolder: join(folder, 'github') }), startTestRedis()]);
  receiver = createServer((_, response) => void response.writeHead(takes ? 200 : 500).end());
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/api/github/webhooks`;
  app = await install({});
  await github.control.createRepository({
    repository: widget,
    source: {
      commits: [
        {
          message: 'Begin',
          files: {
            '.github/gatepilot.yml': 'verify:\n  commands: [npm test]\n',
            '.github/workflows/ci.yml': 'on: push\n',
          },
        },
      ],
    },
  });
  await github.control.installApp({ appId: app.appId, repositories: [widget] });
  await protect({ strict: true, appId: app.appId });
});
afterAll(async () => {
  await Promise.all([github.stop(), redis.stop()]);
  receiver.close();
  receiver.closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function install({
  without,
  name = 'Gatepilot',
}: {
  readonly without?: string;
  readonly name?: string;
}): Promise<AppCreated> {
  const permissions = Object.fromEntries(
    Object.entries(wanted.default_permissions).filter(([permission]) => permission !== without),
  );
  return await github.control.createApp({ name, permissions, events: wanted.default_events, webhookUrl });
}

async function protect({ strict, appId }: { readonly strict?: boolean; readonly appId?: number }): Promise<void> {
  const check = { context: 'gatepilot/gate', ...(appId === undefined ? {} : { appId }) };
  await github.control.protectBranch({
    repository: widget,
    branch: 'main',
    ruleset: true,
    checks: [check],
    ...(strict === undefined ? {} : { strict }),
  });
}

interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], more: Readonly<Record<string, string>> = {}, as = app): Promise<Told> {
  const tools = await findTools(['bubblewrap', 'git']);
  const folders = [tools.bubblewrap?.bwrap, tools.bubblewrap?.tini, tools.bubblewrap?.prlimit, tools.git];
  const own = folders.map((path) => resolve(path ?? '/usr/bin/git', '..'));
  const env: NodeJS.ProcessEnv = {
    PATH: [...own, readSurroundings().PATH].join(':'),
    APP_ID: String(as.appId),
    PRIVATE_KEY: as.privateKey,
    WEBHOOK_SECRET: as.webhookSecret,
    GHE_HOST: github.host,
    GHE_PROTOCOL: 'http',
    MODEL_API_KEY: modelKey,
    REDIS_URL: redis.url,
    GATEPILOT_DATA: join(folder, 'data'),
    ...more,
  };
  return await promisify(execFile)(process.execPath, [script, ...args], { env, cwd: folder }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Told) => error,
  );
}

async function examine(args: readonly string[] = [], more: Readonly<Record<string, string>> = {}, as = app) {
  const { code, stdout, stderr } = await run(['--json', ...args], more, as);
  expect(stderr).toBe('');
  const { ok, findings } = JSON.parse(stdout) as { readonly ok: boolean; readonly findings: readonly Finding[] };
  expect(code).toBe(ok ? 0 : 1);
  for (const secret of [modelKey, as.webhookSecret, as.privateKey]) expect(stdout).not.toContain(secret);
  return { code, findings, of: (check: string) => findings.filter((finding) => finding.check === check) };
}

it('finds nothing wrong where nothing is, and says which guarantee holds', async () => {
  const { code, stdout } = await run([]);
  expect(stdout.split('\n').filter((line) => line.startsWith('fail'))).toEqual([]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ok +env +the environment is complete\.$/m);
  expect(stdout).toMatch(/^ok +github\.app +GitHub accepts the key of the App gatepilot\.$/m);
  expect(stdout).toMatch(/^ok +github\.webhook +webhooks go to http:\/\/127\.0\.0\.1:\d+\/api\/github\/webhooks\.$/m);
  expect(stdout).toMatch(/^ok +github\.deliveries +all of the last \d+ deliveries were taken\.$/m);
  expect(stdout).toMatch(/^ok +redis\.fsync /m);
  expect(stdout).toMatch(/^ok +git +git version 2\./m);
  expect(stdout).toMatch(/^(ok|warn) +sandbox\.bubblewrap +proved here .*memory (hard|soft)/m);
  expect(stdout).toMatch(/^ok +model\.provider +anthropic at api\.anthropic\.com, with a key that was not tried\.$/m);
  expect(stdout).toMatch(/^ok +repository\.gate +acme\/widget: gatepilot\/gate is required on main, of this App\.$/m);
  expect(stdout).toMatch(/^ok +repository\.guarantee +acme\/widget: Every merge into `main` is of what was verified/m);
  expect(stdout).toMatch(/^ok +repository\.reach +acme\/widget: .* verified and reviewed, starts up to 1 workflows/m);
  expect(stdout).toMatch(/^ok +repository\.settings +acme\/widget: .* right, with 1 settings\.$/m);
});

it('fails the line of a permission that the App has not, with what to do, and the line of an installation', async () => {
  const poor = await install({ without: 'merge_queues', name: 'Poor' });
  await github.control.installApp({ appId: poor.appId, repositories: [widget] });
  const { code, of, findings } = await examine([], {}, poor);
  expect(code).toBe(1);
  expect(of('github.permission.merge_queues')).toEqual([
    {
      check: 'github.permission.merge_queues',
      verdict: 'fail',
      what: 'the App has not the permission merge_queues: read',
      mend: 'Set merge_queues to read on its page on GitHub, under "Permissions & events"; each installation then has to accept it.',
    },
  ]);
  const others = findings.filter(({ check }) => check.startsWith('github.permission.') && !check.endsWith('queues'));
  expect(others).toHaveLength(Object.keys(wanted.default_permissions).length - 1);
  expect(others.every(({ verdict }) => verdict === 'ok')).toBe(true);
  expect(of('github.installation')).toMatchObject([
    { verdict: 'fail', what: expect.stringContaining('merge_queues: read'), mend: expect.stringContaining('accept') },
  ]);
  // Required of another App than this one.
  expect(of('repository.gate')).toMatchObject([{ verdict: 'fail', what: expect.stringContaining('another App') }]);
});

it('says what of the rules of a repository keeps a promise from holding', async () => {
  const judge = async () => {
    const { of } = await examine(['--repository', 'Acme/Widget']);
    return [of('repository.gate'), of('repository.guarantee')].flat().map(({ verdict }) => verdict);
  };
  await protect({});
  expect(await judge()).toEqual(['warn', 'warn']);
  await github.control.unprotectBranch({ repository: widget, branch: 'main' });
  expect(await judge()).toEqual(['fail', 'warn']);
  await protect({ strict: true, appId: app.appId });
  expect(await judge()).toEqual(['ok', 'ok']);
});

it('says what is wrong with settings, why no run starts on them, and that a delivery was not taken', async () => {
  await github.control.unprotectBranch({ repository: widget, branch: 'main' });
  const settings = async (text: string) => {
    await github.control.pushCommit({
      repository: widget,
      branch: 'main',
      as: 'acme',
      message: 'Settings',
      files: { '.github/gatepilot.yml': text },
    });
    return (await examine(['--repository', widget])).of('repository.settings');
  };
  expect(await settings('verify:\n  commands: [npm test]\nmax_task: 3\n')).toMatchObject([
    { verdict: 'warn', what: expect.stringContaining('did you mean max_tasks?'), repository: widget },
  ]);
  expect(await settings('sandbox:\n  provider: gvisor\nverify:\n  commands: [npm test]\n')).toMatchObject([
    { verdict: 'fail', what: expect.stringContaining('names a sandbox that is not offered here (`gvisor`)') },
  ]);
  takes = false;
  await settings('verify:\n  commands: [npm test]\n');
  await until(async () => (await examine()).of('github.deliveries')[0]?.verdict === 'fail' || undefined);
});

it('tells of events that nobody could decide on', async () => {
  const store = createStore(redis.connect(), { prefix: redisPrefix });
  const subject = toSubjectId('github.test', 7, 1);
  const event = {
    kind: 'issue_closed',
    deliveryId: 'd1',
    actor: { id: 1, login: 'mona', kind: 'person' },
  } as const;
  await parkEvent(store, subject, event);
  await store.lookAgainAt(subject, 1_000);
  const { of, code } = await examine();
  expect(code).toBe(1);
  expect(of('stuck.dead-letters')).toMatchObject([{ verdict: 'fail', mend: expect.stringContaining('dead-letters') }]);
  expect(of('stuck.overdue')).toMatchObject([{ verdict: 'fail', what: '1 records have been due for minutes' }]);
  await store.remove(subject);
  await store.close();
});

it('makes a line of whatever is refused or away, and goes on where it can', async () => {
  const other = await install({ name: 'Other' });
  const wrong = await examine(
    [],
    { REDIS_URL: 'redis://:sesame@127.0.0.1:1' },
    { ...app, privateKey: other.privateKey },
  );
  expect(wrong.of('github.app')).toMatchObject([{ verdict: 'fail', mend: expect.stringContaining('APP_ID') }]);
  expect(wrong.of('redis')).toMatchObject([{ verdict: 'fail', what: expect.stringContaining('not reached') }]);
  expect(wrong.of('repository.gate')).toEqual([]);
  const nowhere = await examine(['--repository', 'acme/nowhere']);
  expect(nowhere.of('repository')).toMatchObject([
    { verdict: 'fail', what: expect.stringContaining('no installation') },
  ]);
  expect((await examine([], { APP_ID: 'x' })).findings).toMatchObject([{ check: 'env', verdict: 'fail' }]);
});

it('ends with 2 where it is asked for what it does not know', async () => {
  expect(await run(['--repository', 'widget'])).toMatchObject({ code: 2, stdout: '' });
  expect(await run(['--verbose'])).toMatchObject({ code: 2, stdout: '' });
});

it('asks of GitHub only what GitHub answers', async () => {
  const { requests } = await github.control.readState();
  const { checkExchange } = createExchangeChecker();
  const asked = requests.filter(({ transport, method }) => transport === 'rest' && method === 'GET');
  expect(asked.length).toBeGreaterThan(20);
  for (const { method, path, status, requestBody, responseBody } of asked) {
    const [bare = '', query] = path.split('?');
    const exchange = { method, path: bare, status: status ?? 0, requestBody, responseBody };
    expect(checkExchange(query === undefined ? exchange : { ...exchange, query }), path).toEqual([]);
  }
});
