// A body that is too large costs neither memory nor the server: it is refused when that is known, not when it is over.

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookPath } from '../../src/core/address/webhook-path.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type IntakeStage, sign, startIntake } from './intake-stage.ts';
import { labelPayload } from './payload.ts';

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

const megabyte = 1024 * 1024;
const limit = 25 * megabyte;

function renderHead(extra: string): string {
  return [
    `POST ${webhookPath} HTTP/1.1`,
    'host: bot.example.com',
    'x-github-event: issues',
    `x-github-delivery: ${randomUUID()}`,
    `x-hub-signature-256: sha256=${'0'.repeat(64)}`,
    extra,
    '',
    '',
  ].join('\r\n');
}

interface Conversation {
  readonly socket: Socket;
  /** All that the server said until it closed the connection. */
  readonly answer: Promise<string>;
}

async function open(): Promise<Conversation> {
  const socket = connect(Number(new URL(stage.url).port), '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  const answer = new Promise<string>((resolve) => {
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    // A reset after the answer is how a server stops a sender that does not stop by itself.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  return { socket, answer };
}

it('refuses a body that announces itself as too large before any of it is sent', async () => {
  const { socket, answer } = await open();
  socket.write(renderHead(`content-length: ${limit + 1}`));
  const text = await answer;
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text.toLowerCase()).toContain('connection: close');
});

it('refuses an endless body as soon as it is too large, and says so', async () => {
  const { socket, answer } = await open();
  socket.write(renderHead('transfer-encoding: chunked'));
  const chunk = Buffer.concat([
    Buffer.from(`${megabyte.toString(16)}\r\n`),
    Buffer.alloc(megabyte, ' '),
    Buffer.from('\r\n'),
  ]);
  let sent = 0;
  while (!socket.destroyed && sent < 200 * megabyte) {
    const isFree = socket.write(chunk);
    sent += megabyte;
    if (!isFree) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
  }
  expect(await answer).toMatch(/^HTTP\/1\.1 413 /);
  // What was taken beyond the limit is what buffers of sockets hold.
  expect(sent).toBeLessThan(limit + 16 * megabyte);
});

it('refuses a length that is no number, or that is contradicted', async () => {
  for (const extra of [
    'content-length: many',
    'content-length: -1',
    'content-length: 5\r\ntransfer-encoding: chunked',
  ]) {
    const { socket, answer } = await open();
    socket.write(renderHead(extra));
    expect(await answer).toMatch(/^HTTP\/1\.1 400 /);
  }
});

it('lives on when a sender goes away in the middle', async () => {
  const { socket, answer } = await open();
  socket.write(`${renderHead('content-length: 1000')}half`);
  socket.destroy();
  await answer;
  expect((await fetch(`${stage.url}/healthz`)).status).toBe(200);
});

it('takes a payload of exactly the limit', async () => {
  const payload = { ...labelPayload({ repositoryId: 8, number: 8 }), padding: '' };
  const padding = 'x'.repeat(limit - Buffer.byteLength(JSON.stringify(payload)));
  const body = JSON.stringify({ ...payload, padding });
  expect(Buffer.byteLength(body)).toBe(limit);
  const headers = {
    'x-github-event': 'issues',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': sign(body),
  };
  const response = await fetch(`${stage.url}${webhookPath}`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  expect((await stage.load(8, 8)).inbox).toHaveLength(1);
});
