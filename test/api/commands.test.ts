// Commands by the API: kept once per key, answered with what was decided, refused with a name when something is wrong.
import { request as httpRequest } from 'node:http';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStore } from '../../src/store/create-store.ts';
import { startAdmin } from '../../src/web/admin/start-admin.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type AdminStage, prefix, repository, startAdminStage } from './admin-stage.ts';
import { type AskedStore, createAskedStore } from './asked-store.ts';

let redis: TestRedis;
let stage: AdminStage;
let asked: AskedStore;
let answering: 'at once' | 'never' = 'at once';
const known = `${repository.host}/${repository.id}/12`;

beforeAll(async () => {
  redis = await startTestRedis();
  asked = createAskedStore([known as AskedStore['kept'][number]['subject']]);
  // Whoever is woken decides.
  const wake = async () => {
    if (answering === 'never') return;
    for (const { event } of asked.kept) {
      if (event.kind === 'requested') asked.answer(event.key, { outcome: 'done', text: `${event.command} is done` });
    }
  };
  stage = await startAdminStage(redis, { store: { submit: asked.submit }, answers: asked, queue: { wake } });
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
});

const json = { 'content-type': 'application/json' };

interface Posted {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function post(key: string, body: unknown, more: { number?: number; headers?: object } = {}): Promise<Posted> {
  const response = await fetch(`${stage.url}${stage.pathOf(more.number ?? 12)}/commands`, {
    method: 'POST',
    headers: { ...json, 'idempotency-key': key, ...more.headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

/** Headers and paths as they are written here, which fetch would mend or forbid. */
function raw(options: { method?: string; path: string; headers?: Record<string, string>; body?: string }) {
  return new Promise<{ status: number; text: string; type: string | undefined }>((resolve, reject) => {
    const { body, ...rest } = options;
    const request = httpRequest({ host: '127.0.0.1', port: stage.admin.port, agent: false, ...rest }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      const type = response.headers['content-type'];
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, type }));
    });
    request.once('error', reject);
    request.end(body);
  });
}

const codeOf = (text: string) => (JSON.parse(text) as { error: { code: string } }).error.code;

describe('a command', () => {
  it('is kept as a request and answered with what was decided', async () => {
    const { status, text } = await post('k-1', { command: 'stop', as: 'mona' });
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { subject: known, key: 'k-1', state: 'answered', answer: { outcome: 'done', text: 'stop is done' } },
    ]);
    expect(asked.kept.at(-1)?.event).toEqual({
      kind: 'requested',
      key: `${known}/k-1`,
      command: 'stop',
      actor: { id: 0, login: 'mona', kind: 'person' },
    });
  });

  it('gives the same bytes when it is asked for again', async () => {
    const first = await post('k-2', { command: 'stop' });
    const second = await post('k-2', { command: 'stop' });
    expect(second.text).toBe(first.text);
    expect(asked.kept.filter(({ event }) => event.kind === 'requested' && event.key === `${known}/k-2`)).toHaveLength(
      1,
    );
  });

  it('has one effect when it is asked for many times at once', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => post('k-3', { command: 'status' })));
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(asked.kept.filter(({ event }) => event.kind === 'requested' && event.key === `${known}/k-3`)).toHaveLength(
      1,
    );
  });

  it.each([
    ['command', { command: 'merge' }],
    ['person', { command: 'stop', as: 'hubot' }],
  ])('is refused when its key was used with another %s', async (_what, body) => {
    const key = `k-4-${_what}`;
    await post(key, { command: 'stop' });
    const { status, text } = await post(key, body);
    expect([status, codeOf(text)]).toEqual([422, 'idempotency_key_reused']);
  });

  it('that is not decided in time is told to be pending, and where to ask', async () => {
    answering = 'never';
    const { status, text, headers } = await post('k/5', { command: 'stop' });
    expect([status, JSON.parse(text)]).toEqual([202, { subject: known, key: 'k/5', state: 'pending' }]);
    const location = `${stage.url}${headers.get('location')}`;
    expect(await (await fetch(location)).json()).toMatchObject({ state: 'pending' });
    asked.answer(`${known}/k/5`, { outcome: 'started', text: 'stopping' });
    expect(await (await fetch(location)).text()).toBe((await post('k/5', { command: 'stop' })).text);
    answering = 'at once';
  });

  it('is refused where nothing is known', async () => {
    const { status, text } = await post('k-6', { command: 'stop' }, { number: 13 });
    expect([status, codeOf(text)]).toEqual([404, 'unknown_subject']);
  });
});

describe('what is wrong has a name', () => {
  it.each<[string, string, unknown, number, string]>([
    ['a key with a space', 'a b', { command: 'stop' }, 400, 'idempotency_key_missing'],
    ['a key without end', 'k'.repeat(201), { command: 'stop' }, 400, 'idempotency_key_missing'],
    ['no JSON', 'k', 'stop', 400, 'bad_json'],
    ['no command', 'k', {}, 400, 'bad_request'],
    ['an empty command', 'k', { command: ' ' }, 400, 'bad_request'],
    ['two lines', 'k', { command: 'stop\nrun' }, 400, 'bad_request'],
    ['a field too many', 'k', { command: 'stop', force: true }, 400, 'bad_request'],
    ['a person who cannot be', 'k', { command: 'stop', as: '@all' }, 400, 'bad_request'],
    ['a list', 'k', ['stop'], 400, 'bad_request'],
    ['a body without end', 'k', { command: 'x'.repeat(70_000) }, 413, 'body_too_large'],
  ])('%s', async (_what, key, body, status, code) => {
    const answer = await post(key, body);
    expect([answer.status, codeOf(answer.text)]).toEqual([status, code]);
  });

  it('and is one envelope with the id of the request', async () => {
    const { text, headers } = await post('a b', { command: 'stop' });
    expect(JSON.parse(text)).toEqual({
      error: { code: 'idempotency_key_missing', message: expect.stringContaining('Idempotency-Key') },
      requestId: headers.get('x-request-id'),
    });
  });

  it('no key', async () => {
    const path = `${stage.pathOf(12)}/commands`;
    const { status, text } = await raw({ method: 'POST', path, headers: { ...json }, body: '{"command":"stop"}' });
    expect([status, codeOf(text)]).toEqual([400, 'idempotency_key_missing']);
  });

  it.each([
    ['GET', '/'],
    ['GET', '/api'],
    ['GET', '/healthz'],
    ['POST', '/api/github/webhooks'],
    ['PUT', '/api/subjects'],
    ['OPTIONS', '/api/subjects'],
    ['GET', '/api/subjects/'],
    ['GET', '/api/repositories/a%2Fb/7/subjects/12'],
    ['GET', '/api/repositories/%ff/7/subjects/12'],
    ['GET', '/api/repositories/git.test/7/subjects/012'],
    ['GET', '/api/repositories/git.test/7/subjects/../12'],
  ])('%s %s is nothing', async (method, path) => {
    const { status, text, type } = await raw({ method, path, headers: method === 'GET' ? {} : { ...json } });
    expect([status, type]).toEqual([404, 'application/json; charset=utf-8']);
    expect(['not_found', 'unknown_subject']).toContain(codeOf(text));
  });
});

describe('nobody else', () => {
  const path = '/api/subjects';

  it.each(['attacker.example', 'attacker.example:3001', '127.0.0.1.attacker.example', '10.0.0.1', '0.0.0.0'])(
    'reaches it under the name "%s"',
    async (host) => {
      const { status, text } = await raw({ path, headers: { host } });
      expect([status, codeOf(text)]).toEqual([403, 'bad_host']);
    },
  );

  it.each(['127.0.0.1:3001', 'localhost', 'localhost:9', '[::1]:3001'])('but %s is the operator', async (host) => {
    expect((await raw({ path, headers: { host } })).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['another origin', { origin: 'https://attacker.example' }],
    ['another port of this machine', { origin: 'http://localhost:1', host: 'localhost:3001' }],
    ['no origin', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('speaks from a page of %s', async (_what, headers) => {
    const { status, text } = await raw({ path, headers });
    expect([status, codeOf(text)]).toEqual([403, 'cross_site']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'posts a form as %s',
    async (type) => {
      const { status, text } = await post('k', '{"command":"stop"}', { headers: { 'content-type': type } });
      expect([status, codeOf(text)]).toEqual([415, 'json_required']);
    },
  );

  it('reaches it over an address that is not of loopback', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal);
    if (outside) await expect(fetch(`http://${outside.address}:${stage.admin.port}${path}`)).rejects.toThrow();
    const nothing = async () => undefined;
    const options = { store: stage.store, queue: { wake: nothing, dispatch: nothing, wakeAfresh: nothing } };
    const ports = {
      ...options,
      feed: stage.feed,
      answers: asked,
      artifacts: { read: async () => undefined },
      deadLetters: { list: async () => [], replay: async () => false },
      deletions: stage.deletions,
      audit: stage.audit,
      forget: async () => ({ kind: 'unknown' }) as const,
      clock: { now: () => 0, sleep: async () => undefined },
    };
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'localhost.attacker.example'])
      await expect(startAdmin({ ...ports, log: quiet, hash: (text) => text, host, port: 0 })).rejects.toThrow(
        /loopback/,
      );
  });
});

describe('when the store does not answer', () => {
  it('says that trying again makes sense, and nothing of what went wrong', async () => {
    const broken = redis.connect();
    const store = createStore(broken, { prefix });
    const lame = await startAdminStage(redis, {
      store: { ...store, listSubjects: () => Promise.reject(new Error('secret place')), isReady: async () => false },
    });
    const response = await fetch(`${lame.url}/api/subjects`);
    const text = await response.text();
    expect([response.status, codeOf(text)]).toEqual([503, 'not_ready']);
    expect(text).not.toContain('secret place');
    await lame.stop();
  });
});
