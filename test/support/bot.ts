// The language of the scenario tests: a whole Gatepilot (web and worker processes, Redis, git, sandboxes, agents) on a
// local GitHub, and verbs for what people do and see. Only GitHub and the model are stood in for.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import { createExchangeChecker } from '../../src/demo/github/schema/check-exchange.ts';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import type { OurProcess } from '../../src/demo/stack/child-process.ts';
import { type ScriptedStack, type Stack, startStack } from '../../src/demo/stack/start-stack.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { mirrorPath } from '../../src/git/mirror-path.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { createStore } from '../../src/store/create-store.ts';
import type { TestOutside } from '../egress/support/outside.ts';
import { outsider, reader, triager, writer } from './people.ts';
import { quiet } from './quiet.ts';
import { findTools } from './redis.ts';
import { createTestRepository, type TestRepository } from './repository.ts';

export interface Bot {
  readonly stack: ScriptedStack;
  readonly store: StorePort;
  readonly logs: string[];
  /** A worker as on another machine: it shares Redis and the artifacts with the others, and no file that it writes besides. */
  startHost(): Promise<OurProcess>;
  /** All that the first machine had on its own disk is gone. */
  loseDisk(): Promise<void>;
  /** Files from which attempts can be gone on with. */
  listCheckpoints(): Promise<string[]>;
  /** What people are told is kept as an artifact. */
  readArtifact(id: string): Promise<string>;
  /** A file of a commit, to the byte, as the first machine has it. */
  readFile(repositoryId: number, commit: string, path: string): Promise<string>;
  /** Refs of our own that the first machine keeps for a thread: what a run has merged, and what it is putting together. */
  readRefs(repositoryId: number, thread: number): Promise<Record<string, string>>;
  /** What the first machine has of prepared dependencies, and of what is being prepared. */
  readLayers(repositoryId: number): Promise<string[]>;
  /** As somebody else at work on the first machine would: a ref of our own stands somewhere else from now on. */
  moveRef(repositoryId: number, name: string, commit: string): Promise<void>;
  /** A repository of its own with the App installed and its people; its default branch asks for our gate. */
  createRepository(options: RepositoryOptions): Promise<TestRepository>;
  /**
   * Every exchange with the local GitHub so far was as GitHub's published schemas say, and no route was missing.
   * Stops the bot when it was not, so that a failed check leaves no processes behind.
   */
  checkHonesty(): Promise<void>;
  stop(): Promise<void>;
}

interface RepositoryOptions {
  readonly name: string;
  /** An account with the App installed; the usual one when it is absent. */
  readonly owner?: string;
  readonly files: Record<string, string>;
  readonly scenario?: Scenario;
  readonly isProtected?: boolean;
  readonly isPrivate?: boolean;
  readonly takesDrafts?: boolean;
}

/** `acp`: test/agent/support/acp-agent.mjs, which does what its prompt says and asks no model. */
export type TestAgent = 'coder' | 'pi' | 'acp';

interface BotOptions {
  /** What works on tasks; a small agent of the tests' own, unless a test is about agents themselves. */
  readonly agent?: TestAgent;
  readonly slots?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Stands for the internet. */
  readonly outside?: TestOutside;
  /** What a worker is started by, where that is not the product's own. */
  readonly workerScript?: string;
  /** How the name of its folder begins. */
  readonly folder?: string;
}

const coder = {
  GATEPILOT_AGENT: 'command',
  GATEPILOT_AGENT_COMMAND: JSON.stringify(['node', '/opt/agent/coder.mjs']),
  GATEPILOT_AGENT_FOLDER: join(import.meta.dirname, 'agent'),
  // Offered besides, and never able to start.
  GATEPILOT_AGENTS: 'away',
  GATEPILOT_AGENT_PROFILES: join(import.meta.dirname, 'agent-profile'),
  // The same script behind another name, at the price of the usual one.
  MODEL_NAMES: 'second',
};

const agentEnv: Readonly<Record<TestAgent, Readonly<Record<string, string>>>> = {
  coder,
  pi: {},
  acp: { GATEPILOT_AGENT: 'acp', GATEPILOT_AGENT_PROFILES: coder.GATEPILOT_AGENT_PROFILES },
};

/** As `npm run install-agent` would, of what is here already. */
async function installAcpAgent(data: string): Promise<void> {
  const modules = join(data, 'agents/acp/node_modules');
  const ours = join(import.meta.dirname, '../../node_modules');
  for (const name of ['@agentclientprotocol/sdk', 'zod'])
    await cp(join(ours, name), join(modules, name), { recursive: true, dereference: true });
  await cp(join(import.meta.dirname, '../agent/support/acp-agent.mjs'), join(modules, 'acp-agent.mjs'));
}

export async function startBot(options: BotOptions = {}): Promise<Bot> {
  const folder = await mkdtemp(join(tmpdir(), options.folder ?? 'gp-scenario-'));
  const { agent = 'coder' } = options;
  if (agent === 'acp') await installAcpAgent(join(folder, 'data'));
  const scenarios = new Map<string, Scenario>();
  const logs: string[] = [];
  const stack = await startStack({
    folder,
    tools: await findTools(['git', 'redis', 'bubblewrap']),
    scenarioFor: ({ run }) => scenarios.get(run.split('.')[0] ?? ''),
    slots: options.slots ?? 4,
    env: { ...agentEnv[agent], ...renderOutside(options.outside), ...options.env },
    ...(options.outside ? { workerScript: 'test/support/worker-beside-outside-main.ts' } : {}),
    ...(options.workerScript === undefined ? {} : { workerScript: options.workerScript }),
    onLog: (source, line) => logs.push(`${source} ${line}`),
    log: quiet,
  });
  const redis = new Redis(stack.redis.url);
  let checked: Checked = { request: -1, delivery: -1 };
  const store = createStore(redis, { prefix: redisPrefix });
  const { control, app } = stack;
  await control.createOrganization({ login: 'acme' });
  await control.installApp({ appId: app.appId, repositories: { allOf: 'acme' } });
  for (const login of [writer, triager, reader, outsider]) await control.createPerson({ login });
  const names = new Map<string, number>();
  /** Files that share a bot need not know what the others call their repositories. */
  const toFreeName = (name: string) => {
    const count = (names.get(name) ?? 0) + 1;
    names.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  };
  const toMirror = (repositoryId: number) =>
    mirrorPath(join(folder, 'data/git'), { key: `${stack.github.host}/${repositoryId}` }).path;
  const stop = async () => {
    redis.disconnect();
    await stack.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return {
    stack,
    store,
    logs,
    async startHost() {
      const data = await mkdtemp(join(folder, 'host-'));
      for (const own of ['artifacts', 'agents']) await symlink(join(folder, 'data', own), join(data, own));
      return await stack.startWorker({ GATEPILOT_DATA: data });
    },
    async loseDisk() {
      for (const own of ['git', 'work', 'sandbox', 'layers'])
        await rm(join(folder, 'data', own), { recursive: true, force: true, maxRetries: 5 });
    },
    async listCheckpoints() {
      const entries = await readdir(join(folder, 'data/artifacts'), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && entry.parentPath.includes('/checkpoints/'))
        .map((entry) => join(entry.parentPath, entry.name));
    },
    readArtifact: (id) => readArtifact(join(folder, 'data/artifacts'), id),
    async readFile(repositoryId, commit, path) {
      const args = ['--git-dir', toMirror(repositoryId), 'cat-file', 'blob', `${commit}:${path}`];
      return (await promisify(execFile)('git', args, { encoding: 'latin1' })).stdout;
    },
    readRefs: (repositoryId, thread) => readRefs(toMirror(repositoryId), `refs/gatepilot/${thread}/`),
    readLayers: (repositoryId) =>
      readdir(join(folder, 'data/layers', encodeURIComponent(`${stack.github.host}/${repositoryId}`))),
    async moveRef(repositoryId, name, commit) {
      await promisify(execFile)('git', ['--git-dir', toMirror(repositoryId), 'update-ref', name, commit]);
    },
    async createRepository({ name, owner = 'acme', files, scenario, isProtected = true, ...kind }) {
      const fullName = toFreeName(`${owner}/${name}`);
      const on = { repository: fullName };
      const source = { commits: [{ message: 'Start', files }] };
      const { id } = await control.createRepository({ ...on, ...kind, source });
      await control.setPermission({ ...on, login: writer, role: 'write' });
      await control.setPermission({ ...on, login: triager, role: 'triage' });
      await control.setPermission({ ...on, login: reader, role: 'read' });
      const checks = [{ context: 'gatepilot/gate', appId: app.appId }];
      if (isProtected) await control.protectBranch({ ...on, branch: 'main', checks });
      const setScenario = (next: Scenario) => void scenarios.set(String(id), next);
      if (scenario) setScenario(scenario);
      return createTestRepository({ stack, store, fullName, id, setScenario });
    },
    async checkHonesty() {
      try {
        checked = await checkHonesty(stack, checked);
      } catch (error) {
        await stop();
        throw error;
      }
    },
    stop,
  };
}

function renderOutside(outside: TestOutside | undefined): Record<string, string> {
  return outside ? { TEST_OUTSIDE: JSON.stringify({ names: [...outside.names], port: outside.port }) } : {};
}

/** Whichever repository it is kept for. */
async function readArtifact(artifacts: string, id: string): Promise<string> {
  const shelves = await readdir(artifacts);
  return await Promise.any(shelves.map((shelf) => readFile(join(artifacts, shelf, id.slice(0, 2), id), 'utf8')));
}

async function readRefs(mirror: string, below: string): Promise<Record<string, string>> {
  // Before anything was fetched there is none.
  if (!(await readdir(mirror).catch(() => undefined))) return {};
  const args = ['--git-dir', mirror, 'for-each-ref', '--format=%(refname) %(objectname)', below];
  const { stdout } = await promisify(execFile)('git', args);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => line.split(' ')));
}

/** How far the exchanges with the local GitHub were looked through, by the highest number of each. */
interface Checked {
  readonly request: number;
  readonly delivery: number;
}

/** Reading GitHub's schemas takes seconds, and it is the same for every bot of a process. */
let checker: ReturnType<typeof createExchangeChecker> | undefined;

async function checkHonesty({ control }: Stack, before: Checked): Promise<Checked> {
  await control.settleDeliveries({});
  checker ??= createExchangeChecker();
  const { checkExchange, checkWebhook } = checker;
  const state = await control.readState();
  const requests = state.requests.filter(({ index }) => index > before.request);
  const deliveries = state.deliveries.filter(({ id }) => id > before.delivery);
  const api = requests.filter(
    ({ transport, token, status, fault }) =>
      transport === 'rest' &&
      status !== null &&
      token !== 'person' &&
      // GitHub's schemas do not say what it answers when it is broken.
      !(fault !== undefined && status >= 500),
  );
  const mistakes = [
    ...api.flatMap(({ method, path, status, requestBody, responseBody }) => {
      const [bare = '', query] = path.split('?');
      const exchange = { method, path: bare, status: status ?? 0, requestBody, responseBody };
      return checkExchange(query === undefined ? exchange : { ...exchange, query });
    }),
    ...deliveries.flatMap(({ event, request }) => checkWebhook({ event, payload: request.payload })),
  ];
  expect(mistakes).toEqual([]);
  expect(api.length).toBeGreaterThan(0);
  expect(await control.readUnimplemented()).toEqual([]);
  return {
    request: Math.max(before.request, ...requests.map(({ index }) => index)),
    delivery: Math.max(before.delivery, ...deliveries.map(({ id }) => id)),
  };
}
