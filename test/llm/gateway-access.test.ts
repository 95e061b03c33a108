import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answerJson } from './fake-provider.ts';
import { ask, hello, sendRaw } from './gateway-client.ts';
import { bill, key, plenty, useGateway } from './gateway-stage.ts';

const stage = useGateway();

describe('who is let in', () => {
  it.each([
    ['x-api-key', (token: string) => ({ 'x-api-key': token })],
    ['authorization', (token: string) => ({ 'x-api-key': 'placeholder', authorization: `Bearer ${token}` })],
    ['x-goog-api-key', (token: string) => ({ 'x-api-key': 'placeholder', 'x-goog-api-key': token })],
  ])('takes the token from %s and puts the key in its place', async (_name, headers) => {
    const grant = await stage.grant();
    expect(await ask(grant, { headers: headers(grant.token) })).toMatchObject({
      status: 200,
      body: JSON.stringify(bill),
    });
    const [sent] = stage.provider.seen;
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
    const grant = await stage.grant();
    for (const token of ['', 'gp_made-up', key]) expect((await ask(grant, { token })).status).toBe(401);
    expect(stage.provider.seen).toEqual([]);
  });

  it("does not take one sandbox's token on another one's socket, nor on the host's port", async () => {
    const gateway = await stage.start();
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
    await writeFile(join(stage.folder, 'left-over.sock'), '');
    const grant = await stage.grant();
    expect((await stat(stage.folder)).mode & 0o777).toBe(0o700);
    expect((await stat(grant.socket)).mode & 0o777).toBe(0o666);
    expect(await readdir(stage.folder)).toHaveLength(1);
    await grant.revoke();
    expect(await readdir(stage.folder)).toEqual([]);
  });

  it('refuses a name that would not be safe in a header', async () => {
    const gateway = await stage.start();
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
    const grant = await stage.grant();
    expect((await ask(grant, { path })).status).toBe(403);
    expect(stage.provider.seen).toEqual([]);
  });

  it('answers 403 to every other method and survives what is no HTTP', async () => {
    const grant = await stage.grant();
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask(grant, { method, body: '' })).status).toBe(403);
    expect(await sendRaw(grant, '\u0000\u0001nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400/);
    expect(await sendRaw(grant, `CONNECT evil.test:443 HTTP/1.1\r\nhost: evil.test\r\n\r\n`)).toBe('');
    const twoLengths = `POST /v1/messages HTTP/1.1\r\nhost: a\r\nx-api-key: ${grant.token}\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
    expect(await sendRaw(grant, twoLengths)).toMatch(/^HTTP\/1.1 400/);
    expect(stage.provider.seen).toEqual([]);
    expect((await ask(grant)).status).toBe(200);
  });

  it('passes only headers that the protocols need, in both directions', async () => {
    stage.provider.answer((response) =>
      answerJson(response, bill, 200, {
        'set-cookie': 'session=1',
        'anthropic-organization-id': 'org-1',
        'anthropic-ratelimit-tokens-remaining': '7',
        'retry-after': '3',
      }),
    );
    const grant = await stage.grant({ forwardIdentity: false });
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
    expect(Object.keys(stage.provider.seen[0]?.headers ?? {}).sort()).toEqual([
      'accept-encoding',
      'anthropic-version',
      'connection',
      'content-length',
      'content-type',
      'host',
      'x-api-key',
    ]);
    expect(stage.provider.seen[0]?.headers['accept-encoding']).toBe('identity');
    expect(reply.headers).toMatchObject({ 'anthropic-ratelimit-tokens-remaining': '7', 'retry-after': '3' });
    expect(reply.headers).not.toHaveProperty('set-cookie');
    expect(reply.headers).not.toHaveProperty('anthropic-organization-id');
  });

  it('tells a scripted model who calls, whatever the caller says', async () => {
    const grant = await stage.grant({ forwardIdentity: true });
    await ask(grant, { headers: { 'x-gatepilot-role': 'run-9/pilot/1' } });
    expect(stage.provider.seen[0]?.headers['x-gatepilot-role']).toBe('run-1/coder/a1');
  });

  it('drops a key from the query and keeps what the protocols use', async () => {
    const upstream = { baseUrl: `${stage.provider.url}/v1beta`, apiKey: key, provider: 'google' as const };
    const grant = await stage.grant({ upstream });
    await ask(grant, {
      path: '/v1beta/models/gemini-x:streamGenerateContent?key=stolen&alt=sse',
      body: { contents: [] },
    });
    expect(stage.provider.seen[0]?.url).toBe('/v1beta/models/gemini-x:streamGenerateContent?alt=sse');
    expect(stage.provider.seen[0]?.headers['x-goog-api-key']).toBe(key);
  });

  it('refuses a body that is too large, no JSON, or names no model', async () => {
    const grant = await stage.grant({ maxRequestBytes: 1000 });
    expect((await ask(grant, { body: { ...hello, filler: 'x'.repeat(2000) } })).status).toBe(413);
    expect((await ask(grant, { body: 'not json' })).status).toBe(400);
    expect((await ask(grant, { body: { messages: [] } })).status).toBe(400);
    expect(stage.provider.seen).toEqual([]);
  });

  it('refuses a model that was not granted', async () => {
    const grant = await stage.grant({}, { ...plenty, models: ['m'] });
    expect((await ask(grant)).status).toBe(200);
    expect((await ask(grant, { body: { ...hello, model: 'most-expensive' } })).status).toBe(400);
    expect(stage.provider.seen).toHaveLength(1);
  });
});
