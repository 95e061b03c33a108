// What the tests of the local GitHub share: one started for a test file, with an App on one private repository, a
// receiver for its webhooks, and git. Nothing here reaches into the process: it is driven as a bot and people would.
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { AppCreated } from '../../src/demo/github/action/setup-input.ts';
import { createExchangeChecker } from '../../src/demo/github/schema/check-exchange.ts';
import { type StartedLocalGithub, startLocalGithub } from '../../src/demo/github/start-local-github.ts';

export const owner = 'acme';
const repo = 'widget';
export const repository = `${owner}/${repo}`;
export const here = { owner, repo };

interface ReceivedWebhook {
  readonly guid: string;
  readonly event: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly signatureIsGood: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: payloads are read by tests that state what they hold.
  readonly payload: any;
}

interface GitRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestWorld extends StartedLocalGithub {
  readonly app: AppCreated;
  readonly installationId: number;
  readonly webhooks: ReceivedWebhook[];
  /** What the receiver answers from now on. */
  answerWebhooksWith(status: number): void;
  /** Waits until a webhook of that kind arrived, `event` or `event.action`. */
  webhook(kind: string, fits?: (webhook: ReceivedWebhook) => boolean): Promise<ReceivedWebhook>;
  readonly asApp: Octokit;
  readonly asBot: Octokit;
  as(token: string): Octokit;
  readonly folder: string;
  /** Runs git; with a token it is sent as a header, as the bot does. */
  git(args: readonly string[], token?: string): Promise<GitRun>;
  /** Mistakes against GitHub's schemas in all answers and webhooks so far. */
  readSchemaMistakes(): Promise<string[]>;
}

export async function startWorld(): Promise<TestWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-'));
  const github = await startLocalGithub({ dataFolder: join(folder, 'data') });
  const { control } = github;
  const receiver = await startReceiver(() => app.webhookSecret);
  const app = await control.createApp({ name: 'Gate Pilot', owner, webhookUrl: receiver.url });
  await control.createPerson({ login: 'alice', name: 'Alice', email: 'alice@example.com' });
  await control.createPerson({ login: 'stranger' });
  await control.createRepository({
    repository,
    isPrivate: true,
    source: { commits: [{ message: 'Begin', files: { 'README.md': 'hello\n', 'src/a.txt': 'one\ntwo\nthree\n' } }] },
  });
  await control.setPermission({ repository, login: 'alice', role: 'write' });
  const { installationId } = await control.installApp({ appId: app.appId, repositories: [repository] });
  const baseUrl = `${github.apiUrl}/api/v3`;
  const identity = { appId: app.appId, privateKey: app.privateKey };
  return {
    ...github,
    app,
    installationId,
    folder,
    webhooks: receiver.webhooks,
    answerWebhooksWith: receiver.answerWith,
    webhook: receiver.wait,
    asApp: new Octokit({ baseUrl, authStrategy: createAppAuth, auth: identity, log: silent }),
    asBot: new Octokit({ baseUrl, authStrategy: createAppAuth, auth: { ...identity, installationId }, log: silent }),
    as: (token) => new Octokit({ baseUrl, auth: token, log: silent }),
    git: (args, token) => runGit(folder, args, token),
    readSchemaMistakes: () => readSchemaMistakes(github),
    stop: async () => {
      await github.stop();
      receiver.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ignore = () => {};
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

async function startReceiver(secret: () => string) {
  const webhooks: ReceivedWebhook[] = [];
  const waiting = new Set<() => void>();
  let status = 200;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const signature = `sha256=${createHmac('sha256', secret()).update(body).digest('hex')}`;
    webhooks.push({
      guid: String(request.headers['x-github-delivery']),
      event: String(request.headers['x-github-event']),
      headers: request.headers,
      signatureIsGood: request.headers['x-hub-signature-256'] === signature,
      payload: JSON.parse(body),
    });
    for (const wake of [...waiting]) wake();
    response.writeHead(status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const find = (kind: string, fits: (webhook: ReceivedWebhook) => boolean) =>
    webhooks.find((one) => [one.event, `${one.event}.${one.payload.action}`].includes(kind) && fits(one));
  const wait = async (kind: string, fits: (webhook: ReceivedWebhook) => boolean = () => true) => {
    const deadline = Date.now() + 15_000;
    for (;;) {
      const found = find(kind, fits);
      if (found) return found;
      const leftMs = deadline - Date.now();
      if (leftMs <= 0) throw new Error(`no webhook ${kind}; there are ${webhooks.map((one) => one.event).join(', ')}`);
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          waiting.delete(done);
          resolve();
        };
        const timer = setTimeout(done, leftMs);
        waiting.add(done);
      });
    }
  };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    webhooks,
    wait,
    answerWith: (next: number) => {
      status = next;
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function runGit(folder: string, args: readonly string[], token: string | undefined): Promise<GitRun> {
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const header = token === undefined ? [] : ['-c', `http.extraHeader=Authorization: Basic ${basic}`];
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Alice',
    GIT_AUTHOR_EMAIL: 'alice@example.com',
    GIT_COMMITTER_NAME: 'Alice',
    GIT_COMMITTER_EMAIL: 'alice@example.com',
  };
  return new Promise((resolve) => {
    const child = execFile('git', [...header, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout: stdout.trim(), stderr });
    });
    child.stdin?.end();
  });
}

/** What GitHub itself does although its schemas do not have it. */
const publishedGaps = [
  // A bot's commits carry `id+name[bot]@users.noreply.github.com`.
  /\/(author|committer)\/email: must match format "email"/,
  // Refused requests that many operations do not list.
  /no schema for status 422/,
];

async function readSchemaMistakes({ control }: StartedLocalGithub): Promise<string[]> {
  const checker = createExchangeChecker();
  const { requests, deliveries } = await control.readState();
  // Injected faults are not GitHub's usual answers, and 500 is reported on its own.
  const exchanges = requests.filter(
    (one) => one.transport === 'rest' && one.status !== null && one.fault === undefined,
  );
  const ofAnswers = exchanges.flatMap((one) => {
    const [path = '', query] = one.path.split('?');
    const { method, status, requestBody, responseBody } = one;
    const exchange = {
      method,
      path,
      status: status ?? 0,
      requestBody,
      responseBody,
      ...(query === undefined ? {} : { query }),
    };
    return checker.checkExchange(exchange).filter(({ side }) => side === 'response');
  });
  const ofWebhooks = deliveries.flatMap((one) =>
    checker.checkWebhook({ event: one.event, payload: one.request.payload }),
  );
  const mistakes = [...ofAnswers, ...ofWebhooks].map((one) => `${one.subject} ${one.pointer}: ${one.message}`);
  return [...new Set(mistakes.filter((mistake) => !publishedGaps.some((gap) => gap.test(mistake))))];
}
