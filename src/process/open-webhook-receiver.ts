import { createProbot } from 'probot';
import { createApp, type IntakePorts } from '../app.ts';
import type { Env } from '../env.ts';
import type { WebOptions } from '../web/start-web.ts';

/** Probot with our function loaded: it verifies signatures and hands deliveries on. */
export async function openWebhookReceiver(env: Env, ports: IntakePorts): Promise<WebOptions['receive']> {
  const probot = createProbot({
    // Given whole, so that nothing is taken from the process's environment; Redis in particular is ours.
    env: {},
    overrides: {
      appId: env.app.id,
      privateKey: env.app.privateKey,
      secret: env.app.webhookSecret,
      baseUrl: env.apiUrl,
      logLevel: 'fatal',
    },
  });
  await probot.load(createApp(ports));
  return async (delivery) => {
    await probot.webhooks.verifyAndReceive(delivery);
  };
}
