import { createProbot, type Probot } from 'probot';
import { createApp, type IntakePorts } from '../app.ts';
import type { Env } from '../env.ts';
import type { WebOptions } from '../web/start-web.ts';

const slugPauseMs = 60_000;

/** Probot with our function loaded: it verifies signatures and hands deliveries on. */
export async function openWebhookReceiver(env: Env, ports: Omit<IntakePorts, 'slug'>): Promise<WebOptions['receive']> {
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
  await probot.load(createApp({ ...ports, slug: learnSlug(probot, ports) }));
  return async (delivery) => {
    await probot.webhooks.verifyAndReceive(delivery);
  };
}

/** Asked beside everything else and again until it is told: a webhook waits for no answer of GitHub. */
function learnSlug(probot: Probot, { log }: Pick<IntakePorts, 'log'>): IntakePorts['slug'] {
  let slug: string | undefined;
  const ask = async () => {
    const octokit = await probot.auth();
    slug = (await octokit.rest.apps.getAuthenticated()).data?.slug;
  };
  const learn = () => {
    ask().catch((error: unknown) => {
      log.warn({ error: String(error) }, 'GitHub does not say how our App is called; it is asked again in a minute');
      setTimeout(learn, slugPauseMs).unref();
    });
  };
  learn();
  return () => slug;
}
