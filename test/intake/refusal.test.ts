// What is not a signed delivery of GitHub's is refused with an honest answer, leaves nothing, and harms nobody.
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookPath } from '../../src/core/address/webhook-path.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type IntakeStage, sign, startIntake, toHeaders } from './intake-stage.ts';
import { commentPayload, labelPayload } from './payload.ts';

let redis: TestRedis;
let stage: IntakeStage;
beforeAll(async () => {
  redis = await startTestRedis();
  stage = await startIntake(redis.url);
});
afterAll(async () => {
  await stage.stop();
  await redis.stop();
});

const wanted = labelPayload({ repositoryId: 1, number: 1 });
const body = JSON.stringify(wanted);

async function post(text: string | undefined, headers: Record<string, string>): Promise<number> {
  const response = await fetch(`${stage.url}${webhookPath}`, {
    method: 'POST',
    headers,
    ...(text === undefined ? {} : { body: text }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** The queues' own settings are there from the start; everything else would be a trace of a delivery. */
async function expectNothingKept(): Promise<void> {
  const keys = await stage.keys();
  expect(keys.filter((key) => !key.endsWith(':meta'))).toEqual([]);
}

const good = () => toHeaders({ name: 'issues', id: randomUUID(), body });
const signed = (text: string) => toHeaders({ name: 'issues', id: randomUUID(), body: text });
const withSignature = (signature: string) => ({ ...good(), 'x-hub-signature-256': signature });
const sha1 = `sha1=${createHmac('sha1', 'a secret of the tests, long enough').update(body).digest('hex')}`;

function without(name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(good()).filter(([key]) => key !== name));
}

const { 'x-hub-signature-256': _, ...unsigned } = good();

it.each<[string, string | undefined, Record<string, string>]>([
  ['no signature', body, unsigned],
  ['the old kind of signature only', body, { ...unsigned, 'x-hub-signature': sha1 }],
  ['the old kind of signature in the new header', body, withSignature(sha1)],
  ['a truncated signature', body, withSignature(sign(body).slice(0, -1))],
  ['a longer signature', body, withSignature(`${sign(body)}0`)],
  ['a signature without its name', body, withSignature(sign(body).slice('sha256='.length))],
  ['upper case where hex is lower', body, withSignature(sign(body).toUpperCase())],
  ['an empty signature', body, withSignature('')],
  ['the signature of another secret', body, withSignature(sign(body, 'another secret, also long enough'))],
  ['the signature of another body', `${body} `, good()],
  ['the signature of an empty body', body, withSignature(sign(''))],
  ['no event name', body, without('x-github-event')],
  ['no delivery id', body, without('x-github-delivery')],
  ['an empty body, unsigned', undefined, unsigned],
  ['an empty body, signed', undefined, signed('')],
  ['broken JSON', `${body}}`, signed(`${body}}`)],
  ['text', 'hello', signed('hello')],
  ['a form', `payload=${encodeURIComponent(body)}`, signed(`payload=${encodeURIComponent(body)}`)],
])('refuses %s as the mistake of whoever sends it', async (_name, text, headers) => {
  expect(await post(text, headers)).toBe(400);
  await expectNothingKept();
});

it.each(['null', '0', 'false', '""', '"text"', '42', 'true'])('never keeps the signed JSON value %s', async (text) => {
  expect(await post(text, signed(text))).toBeGreaterThanOrEqual(400);
  await expectNothingKept();
});

it.each(['[]', '{}', '{"action":null}', '{"action":["labeled"]}', '{"__proto__":{"action":"labeled"}}'])(
  'takes the signed JSON value %s without finding anything in it',
  async (text) => {
    expect(await post(text, signed(text))).toBe(200);
    await expectNothingKept();
  },
);

it.each(['unheard_of', 'issues.labeled', 'error', '*', 'ISSUES'])(
  'takes the event name %s without finding anything in it',
  async (name) => {
    expect(await post(body, { ...good(), 'x-github-event': name })).toBe(200);
    await expectNothingKept();
  },
);

it.each(['__proto__', 'constructor', 'hasOwnProperty', 'toString'])(
  'lives on after the event name %s, which JavaScript knows as something else',
  async (name) => {
    await post(body, { ...good(), 'x-github-event': name });
    await expectNothingKept();
    expect((await fetch(`${stage.url}/healthz`)).status).toBe(200);
  },
);

it('says nothing of the secret, of the payload or of itself when it refuses', async () => {
  const text = JSON.stringify(commentPayload({ repositoryId: 1, number: 1, commentId: 1, body: '/pilot run' }));
  const response = await fetch(`${stage.url}${webhookPath}`, {
    method: 'POST',
    headers: withSignature(sign(text, 'no')),
    body: text,
  });
  expect(await response.text()).toBe('the delivery was refused\n');
  expect(response.headers.get('x-powered-by')).toBeNull();
});

it.each([
  ['GET', webhookPath],
  ['PUT', webhookPath],
  ['PATCH', webhookPath],
  ['DELETE', webhookPath],
  ['OPTIONS', webhookPath],
  ['POST', `${webhookPath}/`],
  ['POST', '/'],
  ['POST', '/api/github/webhooks/extra'],
  ['POST', '/api/github/hooks'],
  ['POST', '/healthz'],
  ['PUT', '/readyz'],
  ['GET', '/'],
  ['GET', '/ping'],
  ['GET', '/metrics'],
  ['GET', '/stats'],
  ['GET', '/probot'],
  ['GET', '/probot/setup'],
  ['POST', '/probot/setup'],
  ['GET', '/probot/import'],
  ['POST', '/probot/import'],
  ['GET', '/probot/static/primer.css'],
  ['GET', '/api/runs'],
  ['GET', '/events'],
  ['GET', '/.env'],
  ['GET', '//healthz'],
  ['GET', '/healthz/../.env'],
  ['GET', '/healthz%00'],
])('answers 404 to %s %s, with the right signature too', async (method, path) => {
  const isWithBody = method !== 'GET';
  const response = await fetch(`${stage.url}${path}`, { method, headers: good(), ...(isWithBody ? { body } : {}) });
  expect([response.status, await response.text()]).toEqual([404, 'not found\n']);
  await expectNothingKept();
});

it('answers health and readiness, with a query as well', async () => {
  const answers = await Promise.all(
    ['/healthz', '/readyz', '/healthz?from=probe'].map(async (path) => {
      const response = await fetch(`${stage.url}${path}`);
      return [response.status, await response.text()];
    }),
  );
  expect(answers).toEqual([
    [200, 'ok\n'],
    [200, 'ready\n'],
    [200, 'ok\n'],
  ]);
});

it('takes what GitHub sends with a query behind the path', async () => {
  const response = await fetch(`${stage.url}${webhookPath}?from=github`, {
    method: 'POST',
    headers: signed('{}'),
    body: '{}',
  });
  expect(response.status).toBe(200);
});
