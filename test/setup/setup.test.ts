// From nothing to an environment file: the App is registered at GitHub and its secrets reach one file and nobody else.
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseEnv as parseFile } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type StartedLocalGithub, startLocalGithub } from '../../src/demo/github/start-local-github.ts';
import { parseEnv } from '../../src/env.ts';
import { pressButton, readForm, runSetup, type SetupProcess, startSetupProcess } from './setup-process.ts';

const webhookUrl = 'https://bot.example.com/api/github/webhooks';
let root: string;
let github: StartedLocalGithub;
let folder: string;
const running: SetupProcess[] = [];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'gp-setup-'));
  github = await startLocalGithub({ dataFolder: join(root, 'github') });
  await github.control.createPerson({ login: 'mona' });
});
beforeEach(() => {
  folder = mkdtempSync(join(root, 'folder-'));
});
afterAll(async () => {
  await Promise.all(running.map((each) => each.kill()));
  await github.stop();
  rmSync(root, { recursive: true });
});

function argumentsFor(...more: string[]): string[] {
  return [
    '--webhook-url',
    webhookUrl,
    '--ghe-host',
    github.host,
    '--ghe-protocol',
    'http',
    '--file',
    join(folder, '.env'),
    ...more,
  ];
}

async function startHere(...more: string[]): Promise<SetupProcess> {
  const started = await startSetupProcess(argumentsFor(...more), folder);
  running.push(started);
  return started;
}

let names = 0;
/** A person may name the App as they like; here names have to differ, as on GitHub. */
async function register(url: string): Promise<string> {
  names += 1;
  const { action, manifest } = await readForm(url);
  return await pressButton({
    action,
    manifest: JSON.stringify({ ...JSON.parse(manifest), name: `Gatepilot ${names}` }),
  });
}

async function open(url: string) {
  const response = await fetch(url, { redirect: 'manual' });
  return { status: response.status, text: await response.text(), location: response.headers.get('location') };
}

function change(url: string, name: string, value: string | undefined): string {
  const changed = new URL(url);
  if (value === undefined) changed.searchParams.delete(name);
  else changed.searchParams.set(name, value);
  return changed.href;
}

it('registers the App that app.yml describes and writes what the bot starts with', async () => {
  const setup = await startHere();
  const back = await register(setup.url);
  const answer = await open(back);
  expect(answer.status).toBe(302);
  expect(answer.location).toMatch(/\/github-apps\/gatepilot-\d+\/installations\/new$/);
  const ended = await setup.ended;
  expect(ended).toMatchObject({ code: 0, complaint: '' });

  const file = join(folder, '.env');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const written = parseFile(await readFile(file, 'utf8'));
  const env = parseEnv({ ...written, MODEL_API_KEY: 'of a provider' });
  expect(env).toMatchObject({ host: github.host, apiUrl: `${github.apiUrl}/api/v3`, gitRoot: `http://${github.host}` });
  // So that limits of money hold in what most people start with.
  expect(env.model.prices).toEqual({ [env.model.name]: { input: 3, output: 15 } });
  // What is printed may be scrolled back to, and holds no secret.
  for (const secret of [env.app.webhookSecret, written['PRIVATE_KEY'] ?? 'none'])
    expect(ended.out).not.toContain(secret);

  const app = (await github.control.readState()).apps.find(({ id }) => id === env.app.id);
  const { default_permissions: permissions, default_events: events } = parse(
    await readFile('app.yml', 'utf8'),
  ) as Record<string, unknown>;
  expect(app).toMatchObject({ permissions, webhookUrl });
  expect(app?.events.toSorted()).toEqual(events);
  expect(Object.keys(app?.permissions ?? {}).toSorted()).toEqual(Object.keys(permissions as object).toSorted());
});

it('makes nothing of the code when the state is wrong, missing or was used', async () => {
  const setup = await startHere();
  const back = await register(setup.url);
  const state = new URL(back).searchParams.get('state') ?? '';
  const wrong = [undefined, '', `${state.slice(0, -1)}x`, `${state}0`, 'é'.repeat(48)];
  for (const value of wrong) expect((await open(change(back, 'state', value))).status).toBe(400);
  for (const value of [undefined, '']) expect((await open(change(back, 'code', value))).status).toBe(400);
  expect(existsSync(join(folder, '.env'))).toBe(false);
  // None of these spent the code or the state.
  const [first, second] = await Promise.all([open(back), open(back)]);
  expect([first.status, second.status].toSorted()).toEqual([302, 400]);
  expect((await setup.ended).code).toBe(0);
});

it('ends when its work is done, whatever connections a browser keeps open for later', async () => {
  const setup = await startHere();
  const spare = connect(Number(new URL(setup.url).port), '127.0.0.1');
  spare.on('error', () => undefined);
  await once(spare, 'connect');
  await open(await register(setup.url));
  expect((await setup.ended).code).toBe(0);
  spare.destroy();
});

it('shows its form to whoever has the token, and to nobody else', async () => {
  const setup = await startHere();
  const { origin, pathname } = new URL(setup.url);
  expect(pathname).toMatch(/^\/[0-9a-f]{48}$/);
  const others = ['/', '/registered', `/${'0'.repeat(48)}`, pathname.slice(0, -1), `${pathname}/`, '/manifest'];
  for (const path of others) {
    const { status, text: page } = await open(`${origin}${path}`);
    expect([400, 404]).toContain(status);
    expect(page).not.toContain('manifest');
  }
  const response = await fetch(setup.url);
  expect(response.status).toBe(200);
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('content-security-policy')).toContain(`form-action http://${github.host} 'self'`);
  await setup.kill();
});

it('is over for its token as soon as an App is registered', async () => {
  const setup = await startHere();
  const back = await register(setup.url);
  const [returned, late] = await Promise.all([open(back), open(setup.url)]);
  expect(returned.status).toBe(302);
  expect([410, 200]).toContain(late.status);
  expect((await setup.ended).code).toBe(0);
  await expect(fetch(setup.url)).rejects.toThrow();
});

it('ends in one sentence when GitHub does not know the code, and leaves no file', async () => {
  const setup = await startHere();
  const back = await register(setup.url);
  expect(await open(change(back, 'code', 'f'.repeat(40)))).toMatchObject({
    status: 502,
    text: 'The set-up failed; the terminal says why.',
  });
  expect(await setup.ended).toMatchObject({
    code: 1,
    complaint: 'The set-up failed: GitHub answered 404 to the manifest code. Run it again.\n',
  });
  expect(existsSync(join(folder, '.env'))).toBe(false);
});

it('leaves a code that nobody can trade a second time', async () => {
  const setup = await startHere();
  const back = await register(setup.url);
  const code = new URL(back).searchParams.get('code') ?? '';
  await open(back);
  await setup.ended;
  const again = await fetch(`${github.apiUrl}/api/v3/app-manifests/${code}/conversions`, { method: 'POST' });
  expect(again.status).toBe(404);
});

it('leaves a file that is there alone, unless it is told to replace it', async () => {
  const file = join(folder, '.env');
  writeFileSync(file, 'APP_ID=1\n', { mode: 0o644 });
  expect(await runSetup(argumentsFor(), folder)).toEqual({
    code: 73,
    out: '',
    complaint: `${file} is there already; move it away, or say --force to replace it.\n`,
  });
  expect(await readFile(file, 'utf8')).toBe('APP_ID=1\n');

  const setup = await startHere('--force');
  await open(await register(setup.url));
  expect((await setup.ended).code).toBe(0);
  expect(await readFile(file, 'utf8')).toMatch(/^# Written by "npm run setup"/);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('writes nothing over a file that appeared while the browser was away', async () => {
  const setup = await startHere();
  const back = await register(setup.url);
  writeFileSync(join(folder, '.env'), 'mine\n');
  expect((await open(back)).status).toBe(502);
  expect((await setup.ended).code).toBe(1);
  expect(await readFile(join(folder, '.env'), 'utf8')).toBe('mine\n');
});

it('finds out before anything is registered that the file cannot be written', async () => {
  const ended = await runSetup([...argumentsFor(), '--file', join(folder, 'no-such-folder', '.env')], folder);
  expect(ended).toMatchObject({ code: 73, out: '' });
  expect(ended.complaint).toMatch(
    /no-such-folder is no folder that can be written to; say --file with another one\.\n$/,
  );
});

it('says in one sentence that its port is taken', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const address = holder.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const ended = await runSetup(argumentsFor('--port', String(port)), folder);
  holder.close();
  expect(ended).toMatchObject({ code: 1, out: '' });
  expect(ended.complaint).toBe(
    `The set-up failed: listen EADDRINUSE: address already in use 127.0.0.1:${port}. Run it again.\n`,
  );
});

it.each([
  [[], '--webhook-url is missing or no address.'],
  [['--webhook-url', 'bot.example.com'], '--webhook-url is missing or no address.'],
  [['--webhook-url', 'javascript:alert(1)'], '--webhook-url is missing or no address.'],
  [
    ['--webhook-url', 'https://bot.example.com/hooks'],
    '--webhook-url takes an address whose path ends with /api/github/webhooks: nothing else is served.',
  ],
  [['--webhook-url'], '--webhook-url needs a value.'],
  [['--webhook-url', webhookUrl, '--org', '--force'], '--org needs a value.'],
  [['--webhook-url', webhookUrl, '--what', 'x'], '"--what" is not known.'],
  [['now'], '"now" is not known.'],
  [['--webhook-url', webhookUrl, '--ghe-host', 'https://github.example.com'], '--ghe-host takes a host name.'],
  [['--webhook-url', webhookUrl, '--ghe-host', 'a/b'], '--ghe-host takes a host name.'],
  [['--webhook-url', webhookUrl, '--ghe-protocol', 'ftp'], '--ghe-protocol takes https or http.'],
  [['--webhook-url', webhookUrl, '--port', '99999'], '--port takes a number up to 65535.'],
  [['--webhook-url', webhookUrl, '--port', 'any'], '--port takes a number up to 65535.'],
])('answers %j with one sentence and the usage', async (args, sentence) => {
  const { code, out, complaint } = await runSetup(args, folder);
  expect([code, out]).toEqual([64, '']);
  const [first, second] = complaint.split('\n');
  expect(first).toBe(sentence);
  expect(second).toMatch(/^usage: npm run setup -- --webhook-url /);
});

it('refuses a page that reaches it under another name', async () => {
  const setup = await startHere();
  const { port, pathname } = new URL(setup.url);
  const ask = async (host: string) => {
    const asked = request({ host: '127.0.0.1', port, path: pathname, headers: { host } }).end();
    const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
    });
    return { status: response.statusCode, page: await text(response) };
  };
  for (const host of [
    `evil.example.com:${port}`,
    'evil.example.com',
    `127.0.0.1.evil.example.com:${port}`,
    `localhost.evil.example.com:${port}`,
  ])
    expect(await ask(host)).toEqual({ status: 421, page: 'not here' });
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, '[::1]:8080', 'localhost:8080', '127.0.0.1']) {
    const { status, page } = await ask(host);
    expect(status).toBe(200);
    expect(page).toContain(`http://${host}/registered`);
  }
  // It listens on this one address only: every other address of this machine would reach a server on all of them.
  await expect(fetch(`http://127.0.0.2:${port}${pathname}`)).rejects.toThrow();
  await setup.kill();
});

it.each([
  ['https://bot.example.com', webhookUrl],
  ['https://bot.example.com/', webhookUrl],
  [`${webhookUrl}/`, webhookUrl],
  ['https://example.com/bot/api/github/webhooks', 'https://example.com/bot/api/github/webhooks'],
])('has GitHub deliver to what is served, for %s', async (given, wanted) => {
  const setup = await startHere('--webhook-url', given);
  const { manifest } = await readForm(setup.url);
  expect(JSON.parse(manifest)).toMatchObject({ hook_attributes: { url: wanted } });
  await setup.kill();
});

it('goes back through a tunnel that has another port, and says how to make one', async () => {
  const setup = await startHere();
  const { port } = new URL(setup.url);
  const tunnel = createServer((socket) => {
    const onward = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const)
      one.on('error', () => other.destroy()).pipe(other);
  });
  await new Promise<void>((resolve) => tunnel.listen(0, '127.0.0.1', resolve));
  const address = tunnel.address();
  const there = typeof address === 'object' && address ? address.port : 0;
  const back = await register(setup.url.replace(`127.0.0.1:${port}`, `localhost:${there}`));
  expect(back).toContain(`http://localhost:${there}/registered?`);
  expect((await open(back)).status).toBe(302);
  const ended = await setup.ended;
  tunnel.close();
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.out).toContain(`ssh -L ${port}:127.0.0.1:${port} `);
});

it('registers for an organisation when one is named', async () => {
  const setup = await startHere('--org', 'acme inc');
  const { action, manifest } = await readForm(setup.url);
  const state = new URL(action).searchParams.get('state');
  expect(action).toBe(`http://${github.host}/organizations/acme%20inc/settings/apps/new?state=${state}`);
  expect(JSON.parse(manifest)).toMatchObject({ hook_attributes: { url: webhookUrl, active: true }, public: false });
  await setup.kill();
});
