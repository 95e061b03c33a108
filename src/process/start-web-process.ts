import { type RunningWeb, startWeb } from '../web/start-web.ts';
import type { Foundation } from './open-foundation.ts';
import { openWebhookReceiver } from './open-webhook-receiver.ts';

export async function startWebProcess({ env, log, store, queue, hash }: Foundation): Promise<RunningWeb> {
  const receive = await openWebhookReceiver(env, { store, queue, log, host: env.host, appId: env.app.id, hash });
  const web = await startWeb({ ...env.listen, receive, isReady: () => store.isReady(), log });
  log.info({ host: env.listen.host, port: web.port }, 'listening for webhooks');
  return web;
}
