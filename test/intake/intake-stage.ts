// The product's own web process, in this process, on a Redis of its own: what GitHub would reach.
import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { webhookPath } from '../../src/core/address/webhook-path.ts';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { parseEnv } from '../../src/env.ts';
import { type Foundation, openFoundation } from '../../src/process/open-foundation.ts';
import { type RunningWebProcess, startWebProcess } from '../../src/process/start-web-process.ts';

export const appId = 4711;
export const webhookSecret = 'a secret of the tests, long enough';
export const host = 'github.com';

export interface IntakeStage {
  readonly url: string;
  readonly foundation: Foundation;
  readonly web: RunningWebProcess;
  /** Signs and posts, as GitHub does. */
  deliver(delivery: Delivery): Promise<{ status: number; text: string }>;
  load(repositoryId: number, number: number): ReturnType<Foundation['store']['load']>;
  /** Every key in Redis. */
  keys(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface Delivery {
  /** As in `X-GitHub-Event`. */
  readonly name: string;
  readonly payload: unknown;
  /** As in `X-GitHub-Delivery`; a fresh one when absent. */
  readonly id?: string;
}

export async function startIntake(redisUrl: string): Promise<IntakeStage> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const env = parseEnv({
    APP_ID: String(appId),
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: webhookSecret,
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
    REDIS_URL: redisUrl,
    MODEL_API_KEY: 'none is asked',
    LOG_LEVEL: 'silent',
  });
  const foundation = await openFoundation(env, []);
  const redis = new Redis(redisUrl, { lazyConnect: true });
  redis.on('error', () => undefined);
  const web = await startWebProcess(foundation);
  const url = `http://127.0.0.1:${web.port}`;
  return {
    url,
    foundation,
    web,
    async deliver({ name, payload, id = randomUUID() }) {
      const body = JSON.stringify(payload);
      const response = await fetch(`${url}${webhookPath}`, {
        method: 'POST',
        headers: toHeaders({ name, id, body }),
        body,
      });
      return { status: response.status, text: await response.text() };
    },
    keys: () => redis.keys('*'),
    load: (repositoryId, number) => foundation.store.load(toSubjectId(host, repositoryId, number)),
    async stop() {
      await web.close();
      await foundation.close();
      redis.disconnect();
    },
  };
}

export function toHeaders({ name, id, body }: { name: string; id: string; body: string }): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-github-event': name,
    'x-github-delivery': id,
    'x-hub-signature-256': sign(body),
  };
}

export function sign(body: string, secret = webhookSecret): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}
