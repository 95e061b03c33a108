// What the App on GitHub lacks of app.yml is told when a web process starts, and not by a gate that never opens.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IntakePorts } from '../../src/app.ts';
import { createExchangeChecker } from '../../src/demo/github/schema/check-exchange.ts';
import { type StartedLocalGithub, startLocalGithub } from '../../src/demo/github/start-local-github.ts';
import type { LogPort } from '../../src/engine/port/log.ts';
import { parseEnv } from '../../src/env.ts';
import { openWebhookReceiver } from '../../src/process/open-webhook-receiver.ts';
import { type AppFile, readAppFile } from '../../src/setup/read-app-file.ts';
import { quiet } from '../support/quiet.ts';
import { until } from '../support/until.ts';

const app = await readAppFile();

let folder: string;
let github: StartedLocalGithub;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gp-rights-'));
  github = await startLocalGithub({ dataFolder: join(folder, 'github') });
});
afterAll(async () => {
  await github.stop();
  rmSync(folder, { recursive: true });
});

/** What is missing, as the log says it once GitHub has answered; undefined where nothing is. */
async function readMissing(name: string, permissions: AppFile['default_permissions'], events: readonly string[]) {
  const { appId, privateKey, webhookSecret } = await github.control.createApp({
    name,
    permissions,
    events: [...events],
  });
  const said = new Map<string, Readonly<Record<string, unknown>>>();
  const say: LogPort['error'] = (facts, message) => void said.set(message, facts);
  const env = parseEnv({
    APP_ID: String(appId),
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: webhookSecret,
    GHE_HOST: github.host,
    GHE_PROTOCOL: 'http',
    MODEL_API_KEY: 'no model is asked',
  });
  const store = undefined as unknown as IntakePorts['store'];
  const queue = undefined as unknown as IntakePorts['queue'];
  const clock = { now: () => 0 };
  const about = { host: env.host, appId, hash: (text: string) => text, proposesSettings: false, clock };
  await openWebhookReceiver(env, { store, queue, ...about, log: { ...quiet, info: say, error: say } });
  await until(async () => said.get('GitHub says how our App is called'));
  return said.get('the App has not all that app.yml asks for')?.['missing'];
}

it('says nothing of an App that has what app.yml asks for, or more', async () => {
  expect(await readMissing('Exact', app.default_permissions, app.default_events)).toBeUndefined();
  const more = { ...app.default_permissions, merge_queues: 'write', actions: 'read' } as const;
  expect(await readMissing('More', more, [...app.default_events, 'status'])).toBeUndefined();
});

it('names every permission and every event that it has not', async () => {
  const { merge_queues: _, ...without } = app.default_permissions;
  const events = app.default_events.filter((name) => name !== 'merge_group' && name !== 'push');
  expect(await readMissing('Less', { ...without, contents: 'read' }, events)).toEqual([
    'the permission contents: write',
    'the permission merge_queues: read',
    'the event merge_group',
    'the event push',
  ]);
});

it('is asked of a GitHub that answers as GitHub does', async () => {
  const { requests } = await github.control.readState();
  const answers = requests.filter(({ method, path }) => method === 'GET' && path.endsWith('/app'));
  expect(answers).toHaveLength(3);
  const { checkExchange } = createExchangeChecker();
  for (const { method, path, status, requestBody, responseBody } of answers)
    expect(checkExchange({ method, path, status: status ?? 0, requestBody, responseBody })).toEqual([]);
});
