import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelLimits, SandboxModelGrant } from '../../src/engine/port/model.ts';
import type { UsageRecord } from '../../src/llm/gateway/gateway-context.ts';
import { type GatewayOptions, type RunningGateway, startGateway } from '../../src/llm/gateway/start-gateway.ts';
import { answerJson, type FakeProvider, renderEvents, startFakeProvider } from './fake-provider.ts';
import { ask, hello, open, sendRaw } from './gateway-client.ts';

const key = 'sk-the-real-key';
const plenty: ModelLimits = { tokens: 1_000_000, requests: 100 };
const bill = { usage: { input_tokens: 10, output_tokens: 5 } };

let provider: FakeProvider;
let folder: string;
let records: UsageRecord[];
const gateways: RunningGateway[] = [];

beforeEach(async () => {
  provider = await startFakeProvider();
  provider.answer((response) => answerJson(response, bill));
  folder = await mkdtemp(join(tmpdir(), 'gw-'));
  records = [];
});

afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
  await provider.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<GatewayOptions> = {}): Promise<RunningGateway> {
  const upstream = { baseUrl: provider.url, apiKey: key, provider: 'anthropic' as const };
  const gateway = await startGateway({ upstream, folder, onUsage: (record) => records.push(record), ...options });
  gateways.push(gateway);
  return gateway;
}

async function grantOne(options: Partial<GatewayOptions> = {}, limits = plenty): Promise<SandboxModelGrant> {
  return (await start(options)).grant({ run: 'run-1', role: 'coder', attempt: 'a1', limits });
}

describe('who is let in', () => {
  it.each([
    ['x-api-key', (token: string) => ({ 'x-api-key': token })],
    ['authorization', (token: string) => ({ 'x-api-key': 'placeholder', authorization: `Bearer ${token}` })],
    ['x-goog-api-key', (token: string) => ({ 'x-api-key': 'placeholder', 'x-goog-api-key': token })],
  ])('takes the token from %s and puts the key in its place', async (_name, headers) => {
    const grant = await grantOne();
    expect(await ask(grant, { headers: headers(grant.token) })).toMatchObject({
      status: 200,
      body: JSON.stringify(bill),
    });
    const [sent] = provider.seen;
    expect(sent).toMatchObject({
      method: 'POST',
      url: '/v1/messages',
      headers: { 'x-api-key': key },
      body: JSON.stringify(hello),
    });
    expect(JSON.stringify(sent)).not.toContain(grant.token);
    expect(JSON.stringify(sent)).not.toContain('placeholder');
  });

  it('answers 401 to no token, a made-up one and the real key', async () => {
    const grant = await grantOne();
    for (const token of ['', 'gp_made-up', key]) expect((await ask(grant, { token })).status).toBe(401);
    expect(provider.seen).toEqual([]);
  });

  it("does not take one sandbox's token on another one's socket, nor on the host's port", async () => {
    const gateway = await start();
    const caller = { role: 'coder', attempt: 'a1', limits: plenty };
    const [one, two] = await Promise.all([
      gateway.grant({ run: 'r1', ...caller }),
      gateway.grant({ run: 'r2', ...caller }),
    ]);
    const host = gateway.grantHost({ run: 'r3', ...caller });
    expect((await ask(one, { token: two.token })).status).toBe(401);
    expect((await ask(host, { token: one.token })).status).toBe(401);
    expect((await ask(one, { token: host.token })).status).toBe(401);
    expect((await ask(one)).status).toBe(200);
    expect((await ask(host)).status).toBe(200);
  });

  it('keeps its sockets in a folder for itself and lets any user of a sandbox write to them', async () => {
    await writeFile(join(folder, 'left-over.sock'), '');
    const grant = await grantOne();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(grant.socket)).mode & 0o777).toBe(0o666);
    expect(await readdir(folder)).toHaveLength(1);
    await grant.revoke();
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a name that would not be safe in a header', async () => {
    const gateway = await start();
    const grant = gateway.grant({ run: 'r/1', role: 'coder', attempt: 'a\r\nx: y', limits: plenty });
    await expect(grant).rejects.toThrow('not a name');
  });
});

describe('what is let through', () => {
  it.each([
    '/',
    '/v1/messages/',
    '/v1/messages/../files',
    '/v1/../v1/messages',
    '/v1/%6dessages',
    '//v1/messages',
    '/v1/messages%2f..%2ffiles',
    '/v1/messages;x',
    '/v1/models',
    '/v1/files',
    '/v1/organizations/me',
    '/v1/chat/completions',
    '/v1beta/models/m:generateContent',
    '/__aimock/journal',
    'http://evil.test/v1/messages',
    'https://api.anthropic.com/v1/messages',
    '*',
  ])('answers 403 to %s', async (path) => {
    const grant = await grantOne();
    expect((await ask(grant, { path })).status).toBe(403);
    expect(provider.seen).toEqual([]);
  });

  it('answers 403 to every other method and survives what is no HTTP', async () => {
    const grant = await grantOne();
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(grant, { method, body: '' })).status).toBe(403);
    expect(await sendRaw(grant, '\u0000\u0001nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    expect(await sendRaw(grant, `CONNECT evil.test:443 HTTP/1.1\r\nhost: evil.test\r\n\r\n`)).toBe('');
    const twoLengths = `POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: ${grant.token}\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect(await sendRaw(grant, twoLengths)).toMatch(/^HTTP\/1.1 400/);
    expect(provider.seen).toEqual([]);
    expect((await ask(grant)).status).toBe(200);
  });

  it('passes only headers that the protocols need, in both directions', async () => {
    provider.answer((response) =>
      answerJson(response, bill, 200, {
        'set-cookie': 'session=1',
        'anthropic-organization-id': 'org-1',
        'anthropic-ratelimit-tokens-remaining': '7',
        'retry-after': '3',
      }),
    );
    const grant = await grantOne({ forwardIdentity: false });
    const reply = await ask(grant, {
      headers: {
        'anthropic-version': '2023-06-01',
        'accept-encoding': 'gzip',
        'x-gatepilot-role': 'run-9/pilot/1',
        'x-forwarded-for': '1.2.3.4',
        'openai-organization': 'org-2',
        cookie: 'a=b',
        te: 'trailers',
      },
    });
    expect(Object.keys(provider.seen[0]?.headers ?? {}).sort()).toEqual([
      'accept-encoding',
      'anthropic-version',
      'connection',
      'content-length',
      'content-type',
      'host',
      'x-api-key',
    ]);
    expect(provider.seen[0]?.headers['accept-encoding']).toBe('identity');
    expect(reply.headers).toMatchObject({ 'anthropic-ratelimit-tokens-remaining': '7', 'retry-after': '3' });
    expect(reply.headers).not.toHaveProperty('set-cookie');
    expect(reply.headers).not.toHaveProperty('anthropic-organization-id');
  });

  it('tells a scripted model who calls, whatever the caller says', async () => {
    const grant = await grantOne({ forwardIdentity: true });
    await ask(grant, { headers: { 'x-gatepilot-role': 'run-9/pilot/1' } });
    expect(provider.seen[0]?.headers['x-gatepilot-role']).toBe('run-1/coder/a1');
  });

  it('drops a key from the query and keeps what the protocols use', async () => {
    const upstream = { baseUrl: `${provider.url}/v1beta`, apiKey: key, provider: 'google' as const };
    const grant = await grantOne({ upstream });
    await ask(grant, {
      path: '/v1beta/models/gemini-x:streamGenerateContent?key=stolen&alt=sse',
      body: { contents: [] },
    });
    expect(provider.seen[0]?.url).toBe('/v1beta/models/gemini-x:streamGenerateContent?alt=sse');
    expect(provider.seen[0]?.headers['x-goog-api-key']).toBe(key);
  });

  it('refuses a body that is too large, no JSON, or names no model', async () => {
    const grant = await grantOne({ maxRequestBytes: 1000 });
    expect((await ask(grant, { body: { ...hello, filler: 'x'.repeat(2000) } })).status).toBe(413);
    expect((await ask(grant, { body: 'not json' })).status).toBe(400);
    expect((await ask(grant, { body: { messages: [] } })).status).toBe(400);
    expect(provider.seen).toEqual([]);
  });

  it('refuses a model that was not granted', async () => {
    const grant = await grantOne({}, { ...plenty, models: ['m'] });
    expect((await ask(grant)).status).toBe(200);
    expect((await ask(grant, { body: { ...hello, model: 'most-expensive' } })).status).toBe(400);
    expect(provider.seen).toHaveLength(1);
  });
});

describe('budgets', () => {
  it('answers 400 once the tokens are spent, in words that agents do not retry', async () => {
    const grant = await grantOne({}, { tokens: 20, requests: 100 });
    expect((await ask(grant)).status).toBe(200);
    expect((await ask(grant)).status).toBe(200);
    const refused = await ask(grant);
    expect(refused.status).toBe(400);
    expect(refused.body).toContain('out of budget');
    expect(JSON.parse(refused.body).error.message).not.toMatch(/\d/);
    expect(grant.usage()).toMatchObject({ requests: 2, inputTokens: 20, outputTokens: 10, exact: true });
  });

  it('answers 400 once the requests are spent', async () => {
    const grant = await grantOne({}, { tokens: 1_000_000, requests: 1 });
    expect((await ask(grant)).status).toBe(200);
    expect((await ask(grant)).status).toBe(400);
  });

  it('holds what an open request may use, and lets others try again later', async () => {
    const held = Promise.withResolvers<void>();
    provider.answer((response) => void held.promise.then(() => answerJson(response, bill)));
    const grant = await grantOne({}, { tokens: 100, requests: 100 });
    const first = ask(grant);
    await expect.poll(() => provider.seen.length).toBe(1);
    expect(await ask(grant)).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
    held.resolve();
    expect((await first).status).toBe(200);
    expect((await ask(grant)).status).toBe(200);
  });

  it('counts the cost in whole millionths of a dollar, and says when a price is not known', async () => {
    const gateway = await start({ prices: { m: { input: 3, output: 15.01 } } });
    const caller = { run: 'r', role: 'coder', attempt: '1', limits: plenty };
    const known = await gateway.grant(caller);
    await ask(known);
    expect(await known.revoke()).toMatchObject({ costMicrodollars: 106 });
    const unknown = await gateway.grant(caller);
    await ask(unknown, { body: { ...hello, model: 'other' } });
    expect(await unknown.revoke()).toMatchObject({ costMicrodollars: undefined });
    expect(records.map(({ run, role, attempt, model, status }) => ({ run, role, attempt, model, status }))).toEqual([
      { run: 'r', role: 'coder', attempt: '1', model: 'm', status: 200 },
      { run: 'r', role: 'coder', attempt: '1', model: 'other', status: 200 },
    ]);
  });
});

describe('ends', () => {
  const started = { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } };

  it('cuts an open stream on revoke and charges the bound for what was not told', async () => {
    provider.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(renderEvents([started]));
    });
    const grant = await grantOne();
    const response = await open(grant);
    const broken = new Promise((resolve) => response.on('error', resolve));
    await new Promise((resolve) => response.once('data', resolve));
    const usage = await grant.revoke();
    await broken;
    await provider.brokenOff;
    expect(usage).toMatchObject({ requests: 1, inputTokens: 10, outputTokens: 100, exact: false });
    expect(await grant.revoke()).toEqual(usage);
    await expect(ask(grant)).rejects.toThrow(/ENOENT|ECONNREFUSED/);
  });

  it('answers 401 to the token of a revoked host grant', async () => {
    const gateway = await start();
    const grant = gateway.grantHost({ run: 'r', role: 'planner', attempt: '1', limits: plenty });
    expect((await ask(grant)).status).toBe(200);
    await grant.revoke();
    expect((await ask(grant)).status).toBe(401);
  });

  it('revokes while a body is still on its way', async () => {
    const grant = await grantOne();
    const head = [
      'POST /v1/messages HTTP/1.1',
      'host: a',
      `x-api-key: ${grant.token}`,
      'content-length: 100',
      'expect: 100-continue',
    ];
    const socket = connect(grant.socket);
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    const [goOn] = await once(socket, 'data');
    expect(String(goOn)).toContain('100 Continue');
    socket.write('{');
    const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
    expect(await grant.revoke()).toMatchObject({ requests: 0 });
    await closed;
  });

  it('takes the request of a client that goes away with it', async () => {
    provider.answer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(renderEvents([started]));
    });
    const grant = await grantOne();
    const response = await open(grant);
    response.on('error', () => {});
    response.destroy();
    await provider.brokenOff;
    await expect.poll(() => records).toHaveLength(1);
  });

  it('ends an answer that is larger than allowed', async () => {
    provider.answer((response) => answerJson(response, { filler: 'x'.repeat(100_000) }));
    // Where it breaks depends on the pieces it comes in: before the head is out, or after.
    const reply = await ask(await grantOne({ maxResponseBytes: 10_000 })).catch(() => undefined);
    expect(reply?.complete ?? false).toBe(false);
    expect(records).toMatchObject([{ usage: { exact: false } }]);
  });

  it('ends a request to a provider that goes silent', async () => {
    provider.answer(() => {});
    const grant = await grantOne({ idleMs: 50 });
    expect((await ask(grant)).status).toBe(502);
    expect(grant.usage()).toMatchObject({ requests: 1, outputTokens: 100, exact: false });
  });

  it('passes errors of the provider on, charges nothing for them, and hides those about the key', async () => {
    const grant = await grantOne();
    for (const status of [429, 500, 529]) {
      provider.answer((response) =>
        answerJson(response, { error: { message: 'busy' } }, status, { 'retry-after': '9' }),
      );
      expect(await ask(grant)).toMatchObject({
        status,
        headers: { 'retry-after': '9' },
        body: expect.stringContaining('busy'),
      });
    }
    provider.answer((response) => answerJson(response, { error: { message: `bad key ${key}` } }, 401));
    const reply = await ask(grant);
    expect(reply.status).toBe(401);
    expect(reply.body).not.toContain(key);
    expect(grant.usage()).toMatchObject({
      requests: 4,
      inputTokens: 0,
      outputTokens: 0,
      costMicrodollars: 0,
      exact: true,
    });
  });

  it('answers 502 and charges nothing when the provider cannot be reached', async () => {
    const grant = await grantOne();
    await provider.stop();
    expect((await ask(grant)).status).toBe(502);
    expect(grant.usage()).toMatchObject({ requests: 1, outputTokens: 0, exact: true });
  });
});
