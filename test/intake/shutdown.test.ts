// The end of the web process: what is under way is answered, and nobody can hold it up by saying nothing.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookPath } from '../../src/core/address/webhook-path.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { type IntakeStage, startIntake, toHeaders } from './intake-stage.ts';
import { labelPayload } from './payload.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(async () => {
  await redis.stop();
});

async function openConnection(stage: IntakeStage) {
  const socket = connect(Number(new URL(stage.url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

it('answers and keeps the delivery that is under way', async () => {
  const stage = await startIntake(redis.url);
  const body = JSON.stringify(labelPayload({ repositoryId: 1, number: 1 }));
  const headers = Object.entries({ host: 'bot.example.com', ...toHeaders({ name: 'issues', id: randomUUID(), body }) });
  const head = [`POST ${webhookPath} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  const socket = await openConnection(stage);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString();
  });
  socket.write(`${head.join('\r\n')}\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`);
  // The server has read the head when it says so.
  await once(socket, 'data');
  const stopping = stage.web.close();
  socket.write(body);
  await once(socket, 'data');
  expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
  socket.destroy();
  await stopping;
  expect((await stage.load(1, 1)).inbox).toHaveLength(1);
  await expect(fetch(`${stage.url}/healthz`)).rejects.toThrow();
  await stage.stop();
});

it('ends although somebody holds a connection and says nothing', async () => {
  const stage = await startIntake(redis.url);
  const silent = await openConnection(stage);
  const slow = await openConnection(stage);
  slow.on('error', () => undefined);
  slow.write(`POST ${webhookPath} HTTP/1.1\r\nhost: bot.example.com\r\n`);
  await Promise.all([stage.stop(), once(silent, 'close'), once(slow, 'close')]);
});
