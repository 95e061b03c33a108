// `npm run demo -- --live` with a key, before a server that speaks a provider's protocol and checks it: the whole story, where
// the key is meanwhile, and every mistake that a newcomer can make with it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { startScriptedModel } from '../../src/demo/model/start-scripted-model.ts';
import { createWorldScenario } from '../../src/demo/world/world-scenario.ts';
import { readSurroundings } from '../../src/env.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
/** Like no pattern of a secret, so that nothing is taken out by its looks. */
const key = 'the-key-of-nobody-but-the-provider';

interface Asked {
  readonly headers: string;
  readonly body: string;
}

/** All that the provider was sent, and how it answers: as the script says, to whoever has the key. */
interface Provider {
  readonly url: string;
  readonly asked: readonly Asked[];
  stop(): Promise<void>;
}

let provider: Provider;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gp-live-'));
  provider = await startProvider();
});
afterAll(async () => {
  await provider.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startProvider(): Promise<Provider> {
  const model = await startScriptedModel({ apiKey: key, scenario: await createLiveScenario() });
  const asked: Asked[] = [];
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    asked.push({ headers: JSON.stringify(request.headers), body: body.toString() });
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers;
    const answer = await fetch(`${model.url}${request.url}`, {
      method: 'POST',
      headers: headers as Record<string, string>,
      body,
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'application/json' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
  // Whoever asked may be gone meanwhile.
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    asked,
    async stop() {
      server.close();
      server.closeAllConnections();
      await model.stop();
    },
  };
}

/** The demo's own, where the first agent also shows its model everything that is in reach of a process of the sandbox. */
async function createLiveScenario(): Promise<Scenario> {
  const scenario = await createWorldScenario();
  const looking = {
    kind: 'bash',
    command: "env; cat /proc/*/environ /proc/*/cmdline 2>&1 | tr '\\0' '\\n'; echo I have looked",
  } as const;
  return {
    ...scenario,
    trial: [{ attempts: [[{ kind: 'json', value: { ready: true } }]] }],
    'task-runtime': (scenario['task-runtime'] ?? []).map(({ attempts }) => ({
      attempts: attempts.map((steps) => [looking, ...steps]),
    })),
  };
}

function startDemo(variables: Record<string, string>, ...args: readonly string[]) {
  const child = spawn(process.execPath, ['bin/launch.mjs', 'src/demo/main.ts', '--live', ...args], {
    cwd: root,
    // An empty one is not read from a file .env either.
    env: { ...readSurroundings(), TMPDIR: folder, GATEPILOT_AGENT: 'pi', MODEL_API_KEY: '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const ended = Promise.all([once(child, 'close')]).then(([[code]]) => Number(code));
  return { child, ended, out: () => out };
}

const usual = () => ({
  MODEL_BASE_URL: provider.url,
  MODEL_API_KEY: key,
  // The script is chosen by who asks; real providers are not told.
  MODEL_FORWARD_IDENTITY: 'true',
});

it('goes to a merged pull request, and the key goes to the provider alone', async () => {
  const demo = startDemo(usual(), '--verbose', '--budget', '3');
  const holders = new Set<string>();
  const watching = setInterval(async () => {
    for (const holder of await findHolders()) holders.add(holder);
  }, 500);
  try {
    await until(
      async () => demo.out().includes('Everything stays up') || demo.child.exitCode !== null || undefined,
      async () => demo.out(),
      800_000,
    );
    expect(demo.out()).toContain('the same: what was verified is what was merged');
    expect(demo.out()).toMatch(/provider {2}anthropic at 127\.0\.0\.1:\d+, which takes the key\n/);
    expect(demo.out()).toMatch(/model {5}claude-sonnet-4-5, at \$3 in and \$15 out/);
    expect(demo.out()).toMatch(/agent {5}pi, in the sandbox and without the key\n {2}limit {5}\$3\.00 in a day/);
    expect(await findInFiles(folder)).toEqual([]);
  } finally {
    clearInterval(watching);
    demo.child.kill('SIGTERM');
  }
  expect(await demo.ended, demo.out()).toBe(0);
  expect(demo.out()).toMatch(/\nIt cost \$0\.\d{4}, of a limit of \$3\.00\.\n/);
  expect(demo.out()).not.toContain(key);
  expect(await readdir(folder)).toEqual([]);
  expect(
    [...holders].filter(
      (command) => !/launch\.mjs|src\/demo\/main\.ts|src\/main\.ts web|workers\/main\.ts/.test(command),
    ),
  ).toEqual([]);
  expect(holders.size).toBeGreaterThan(2);
  expect(provider.asked.length).toBeGreaterThan(10);
  expect(provider.asked.every(({ headers }) => headers.includes(`"x-api-key":"${key}"`))).toBe(true);
  expect(provider.asked.some(({ body }) => body.includes('PATH=') && body.includes('I have looked'))).toBe(true);
  expect(provider.asked.filter(({ body }) => body.includes(key))).toEqual([]);
});

it('ends where its limit leaves nothing to go on with, and says what it cost', async () => {
  const demo = startDemo(usual(), '--once', '--budget', '0.01');
  expect(await demo.ended, demo.out()).toBe(1);
  expect(demo.out()).toContain('The run is paused: what is left to spend is too little');
  expect(demo.out()).toMatch(/\nIt cost \$0\.0\d+, of a limit of \$0\.01\.\n$/);
  expect(await readdir(folder)).toEqual([]);
});

it.each<[string, () => Record<string, string>, RegExp]>([
  [
    'a key that the provider refuses',
    () => ({ ...usual(), MODEL_API_KEY: 'a-key-that-nobody-knows' }),
    /^anthropic at 127\.0\.0\.1:\d+ refuses the key in MODEL_API_KEY \(status 401\): look whether it is whole and of this provider, or make a new one there\.\n$/,
  ],
  [
    'no key',
    () => ({ ...usual(), MODEL_API_KEY: '' }),
    /^The environment is not complete: MODEL_API_KEY must be the key of your model provider\.\n$/,
  ],
  [
    'a provider that nobody knows',
    () => ({ ...usual(), MODEL_PROVIDER: 'acme' }),
    /^The environment is not complete: MODEL_PROVIDER must be anthropic, openai, google or compatible\.\n$/,
  ],
  [
    'a model of which nobody knows what it costs',
    () => ({ ...usual(), MODEL_NAME: 'some-model' }),
    /^MODEL_PRICE_INPUT and MODEL_PRICE_OUTPUT are missing: without what some-model costs, .*no limit of money holds\.\n$/,
  ],
  [
    'an agent that is not installed',
    () => ({ ...usual(), GATEPILOT_AGENT: 'claude', GATEPILOT_DATA: folder }),
    /^The agent claude is not installed in .*: run "npm run install-agent -- claude"\.\n$/,
  ],
  [
    'an address at which nobody answers',
    () => ({ ...usual(), MODEL_BASE_URL: 'http://127.0.0.1:9' }),
    /^claude-sonnet-4-5 of anthropic at 127\.0\.0\.1:9 gave no answer: look at .* It was: .*did not answer\n$/,
  ],
  [
    'an address with the key in it',
    () => ({ ...usual(), MODEL_BASE_URL: `http://user:${key}@127.0.0.1:9` }),
    /^claude-sonnet-4-5 of anthropic at 127\.0\.0\.1:9 gave no answer: look at .* It was: a model address carries no credentials and no query\n$/,
  ],
])('says in one sentence what is wrong with %s, and leaves nothing', async (_, variables, sentence) => {
  const demo = startDemo(variables(), '--once');
  expect(await demo.ended).toBe(78);
  expect(demo.out()).toMatch(sentence);
  expect(demo.out()).not.toMatch(/the-key-of|a-key-that/);
  expect(await readdir(folder)).toEqual([]);
});

/** Command lines of processes in whose environment or arguments the key is. */
async function findHolders(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, what: string) => readFile(join('/proc', pid, what), 'latin1').catch(() => '');
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [environment, command] = [await read(pid, 'environ'), (await read(pid, 'cmdline')).replaceAll('\0', ' ')];
      return environment.includes(key) || command.includes(key) ? [command] : [];
    }),
  );
  return found.flat();
}

async function findInFiles(place: string): Promise<string[]> {
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(50);
  const found = await Promise.all(
    files.map(async (file) => ((await readFile(file, 'latin1').catch(() => '')).includes(key) ? [file] : [])),
  );
  return found.flat();
}
