import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDiskArtifacts } from '../artifact/create-disk-artifacts.ts';
import { redact } from '../core/sanitise/redact.ts';
import { createDeadLetters } from '../engine/dead-letters.ts';
import { forgetSubject } from '../engine/forget-subject.ts';
import type { ForgetRequest } from '../engine/port/forgetting.ts';
import { EnvironmentMistake } from '../env.ts';
import { type RunningAdmin, startAdmin } from '../web/admin/start-admin.ts';
import { startWeb } from '../web/start-web.ts';
import type { Foundation } from './open-foundation.ts';
import { openHooks } from './open-hooks.ts';
import { openWebhookReceiver } from './open-webhook-receiver.ts';
import { systemClock } from './system-clock.ts';

export interface RunningWebProcess {
  /** Of the public server. */
  readonly port: number;
  /** Of the operator's API on loopback, unless it is off. */
  readonly adminPort: number | undefined;
  close(): Promise<void>;
}

export async function startWebProcess(foundation: Foundation): Promise<RunningWebProcess> {
  const { env, log, store, queue, hash } = foundation;
  const { host, proposesSettings } = env;
  const receive = await openWebhookReceiver(env, {
    ...{ store, queue, log, hash, host, proposesSettings, clock: systemClock },
    appId: env.app.id,
  });
  const web = await startWeb({ ...env.listen, receive, isReady: () => store.isReady(), log });
  log.info({ host: env.listen.host, port: web.port }, 'listening for webhooks');
  const admin = await openAdmin(foundation).catch(async (error: unknown) => {
    await web.close();
    throw error;
  });
  return {
    port: web.port,
    adminPort: admin?.port,
    close: async () => void (await Promise.all([web.close(), admin?.close()])),
  };
}

async function openAdmin(foundation: Foundation): Promise<RunningAdmin | undefined> {
  const { env, log, store, queue, answers, lost, feed, deletions, audit, hash } = foundation;
  if (env.adminPort === undefined) return undefined;
  const clock = {
    now: () => Date.now(),
    sleep: (ms: number, signal?: AbortSignal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
  };
  try {
    const folder = join(env.dataFolder, 'artifacts');
    const artifacts = createDiskArtifacts({ folder, redact: (text) => redact(text).text });
    const hooks = await openHooks({ folder: env.hookFolder, environment: env.surroundings });
    const forget = (request: ForgetRequest) => forgetSubject({ store, deletions, audit, clock, hooks }, request);
    const deadLetters = createDeadLetters({ store, lost, queue, log });
    const ports = { store, queue, answers, artifacts, deadLetters, feed, deletions, audit, forget, clock, log, hash };
    const admin = await startAdmin({ ...ports, host: '127.0.0.1', port: env.adminPort });
    log.info({ port: admin.port }, "the operator's API listens on loopback");
    return admin;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    throw new EnvironmentMistake(`ADMIN_PORT ${env.adminPort} is taken: set another port, or "off".`);
  }
}
