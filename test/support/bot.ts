// The language of the scenario tests: a whole Gatepilot (web and worker processes, Redis, git, sandboxes, agents) on a
// local GitHub, and verbs for what people do and see. Only GitHub and the model are stood in for.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { Run } from '../../src/core/model/run.ts';
import type { SubjectRecord } from '../../src/core/model/record.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import type { PullSnapshot, RepositorySnapshot } from '../../src/demo/github/state/snapshot.ts';
import { createExchangeChecker } from '../../src/demo/github/schema/check-exchange.ts';
import type { Scenario } from '../../src/demo/model/scenario.ts';
import { type Stack, startStack } from '../../src/demo/stack/start-stack.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { redisPrefix } from '../../src/process/open-foundation.ts';
import { createStore } from '../../src/store/create-store.ts';
import { until } from './until.ts';
import { quiet } from './quiet.ts';
import { findTools } from './redis.ts';

export interface Bot {
  readonly stack: Stack;
  readonly store: StorePort;
  readonly logs: string[];
  /** What people are told is kept as an artifact. */
  readArtifact(id: string): Promise<string>;
  /** A repository of its own with the App installed, a writer `mona` and a reader `rita`. */
  createRepository(options: { name: string; files: Record<string, string>; scenario?: Scenario; isProtected?: boolean }): Promise<TestRepository>;
  /** Every exchange with the local GitHub so far was as GitHub's published schemas say, and no route was missing. */
  checkHonesty(): Promise<void>;
  stop(): Promise<void>;
}

export interface TestRepository {
  readonly fullName: string;
  readonly id: number;
  setScenario(scenario: Scenario): void;
  openIssue(title: string, options?: { body?: string; as?: string }): Promise<Thread>;
  thread(number: number): Thread;
  read(): Promise<RepositorySnapshot>;
  pull(number: number): Promise<PullSnapshot>;
}

export interface Thread {
  readonly number: number;
  label(label: string, as?: string): Promise<void>;
  comment(body: string, as?: string): Promise<number>;
  record(): Promise<SubjectRecord | undefined>;
  /** Waits until the newest run is in one of these states, and gives it. */
  reaches(...states: Run['state']['kind'][]): Promise<Run>;
  /** Waits until what is decided is shown. */
  isShown(): Promise<void>;
  /** The bot's comments on this thread. */
  replies(): Promise<string[]>;
  /** Waits until the bot has put a terminal reaction on the comment, and gives all of its reactions. */
  reactionsOn(commentId: number): Promise<string[]>;
  log(): Promise<string[]>;
}

export const writer = 'mona';
export const reader = 'rita';

export async function startBot(options: { slots?: number } = {}): Promise<Bot> {
  const folder = await mkdtemp(join(tmpdir(), 'gp-scenario-'));
  const scenarios = new Map<string, Scenario>();
  const logs: string[] = [];
  const stack = await startStack({
    folder,
    tools: await findTools(['git', 'redis', 'bubblewrap']),
    scenarioFor: ({ run }) => scenarios.get(run.split('.')[0] ?? ''),
    slots: options.slots ?? 4,
    onLog: (source, line) => logs.push(`${source} ${line}`),
    log: quiet,
  });
  const redis = new Redis(stack.redis.url);
  const store = createStore(redis, { prefix: redisPrefix });
  await stack.control.createOrganization({ login: 'acme' });
  await stack.control.installApp({ appId: stack.app.appId, repositories: { allOf: 'acme' } });
  await stack.control.createPerson({ login: writer });
  await stack.control.createPerson({ login: reader });
  return {
    stack,
    store,
    logs,
    readArtifact: (id) => readFile(join(folder, 'data/artifacts', id.slice(0, 2), id), 'utf8'),
    async createRepository({ name, files, scenario, isProtected = true }) {
      const repository = `acme/${name}`;
      const { control, app } = stack;
      const created = await control.createRepository({ repository, source: { commits: [{ message: 'Start', files }] } });
      await control.setPermission({ repository, login: writer, role: 'write' });
      await control.setPermission({ repository, login: reader, role: 'read' });
      if (isProtected) await control.protectBranch({ repository, branch: 'main', checks: [{ context: 'gatepilot/gate', appId: app.appId }] });
      if (scenario) scenarios.set(String(created.id), scenario);
      return createTestRepository({ stack, store, repository, id: created.id, setScenario: (next) => scenarios.set(String(created.id), next) });
    },
    async checkHonesty() {
      await stack.control.settleDeliveries({});
      const state = await stack.control.readState();
      const checker = createExchangeChecker();
      const api = state.requests.filter(({ transport, token, status }) => transport === 'rest' && status !== null && token !== 'person');
      const mistakes = [
        ...api.flatMap(({ method, path, status, requestBody, responseBody }) => {
          const [bare = '', query] = path.split('?');
          return checker.checkExchange({ method, path: bare, status: status ?? 0, requestBody, responseBody, ...(query === undefined ? {} : { query }) });
        }),
        ...state.deliveries.flatMap(({ event, request }) => checker.checkWebhook({ event, payload: request.payload })),
      ];
      expect(mistakes).toEqual([]);
      expect(api.length).toBeGreaterThan(0);
      expect(await stack.control.readUnimplemented()).toEqual([]);
    },
    async stop() {
      await stack.stop();
      redis.disconnect();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface RepositoryParts {
  readonly stack: Stack;
  readonly store: StorePort;
  readonly repository: string;
  readonly id: number;
  readonly setScenario: (scenario: Scenario) => void;
}

function createTestRepository({ stack, store, repository, id, setScenario }: RepositoryParts): TestRepository {
  const { control } = stack;
  const read = async (): Promise<RepositorySnapshot> => {
    const found = (await control.readState()).repositories.find(({ fullName }) => fullName === repository);
    if (!found) throw new Error(`no repository ${repository}`);
    return found;
  };
  const thread = (number: number): Thread => {
    const subject = toSubjectId(stack.github.host, id, number);
    const findComments = async () => {
      const state = await read();
      return [...state.issues, ...state.pulls].find((candidate) => candidate.number === number)?.comments ?? [];
    };
    const load = () => store.load(subject);
    const explain = async () => {
      const { record, outbox } = await load();
      const log = (await store.readLog(subject, 0)).map(({ kind, text }) => `${kind}: ${text}`);
      return `state ${JSON.stringify(record?.run?.state)}\noutbox ${JSON.stringify(outbox)}\n${log.join('\n')}`;
    };
    return {
      number,
      label: (label, as = writer) => control.label({ as, repository, number, label }),
      comment: async (body, as = writer) => (await control.comment({ as, repository, number, body })).id,
      record: async () => (await load()).record,
      reaches: (...states) =>
        until(async () => {
          const run = (await load()).record?.run;
          return run && states.includes(run.state.kind) ? run : undefined;
        }, explain),
      isShown: async () => {
        await until(async () => {
          const { record, inbox, outbox } = await load();
          const isQuiet = inbox.length === 0 && outbox.length === 0;
          return record && isQuiet && record.presentation.done >= record.presentation.wanted ? true : undefined;
        }, explain);
      },
      replies: async () => (await findComments()).filter(({ authorIsBot }) => authorIsBot).map(({ body }) => body),
      reactionsOn: (commentId) =>
        until(async () => {
          const comment = (await findComments()).find(({ id: candidate }) => candidate === commentId);
          const ours = (comment?.reactions ?? []).filter(({ user }) => user.endsWith('[bot]')).map(({ content }) => content);
          return ours.includes('+1') || ours.includes('confused') ? ours : undefined;
        }, explain),
      log: async () => (await store.readLog(subject, 0)).map(({ text }) => text),
    };
  };
  return {
    fullName: repository,
    id,
    setScenario,
    thread,
    read,
    async openIssue(title, { body = '', as = writer } = {}) {
      const { number } = await control.openIssue({ as, repository, title, body });
      return thread(number);
    },
    async pull(number) {
      const pull = (await read()).pulls.find((candidate) => candidate.number === number);
      if (!pull) throw new Error(`no pull request #${number} in ${repository}`);
      return pull;
    },
  };
}
