import { createProbot, type Probot } from 'probot';
import { createApp, type IntakePorts } from '../app.ts';
import type { Env } from '../env.ts';
import { type AppFile, readAppFile } from '../setup/read-app-file.ts';
import type { WebOptions } from '../web/start-web.ts';
import { findMissingRights } from './find-missing-rights.ts';

const slugPauseMs = 60_000;

const howToGive =
  'give it that on its page on GitHub, under "Permissions & events"; each installation then has to accept added permissions';

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
  const wanted = await readAppFile();
  await probot.load(createApp({ ...ports, slug: learnSlug(probot, { ...ports, wanted }) }));
  return async (delivery) => {
    await probot.webhooks.verifyAndReceive(delivery);
  };
}

interface Asking extends Pick<IntakePorts, 'log'> {
  readonly wanted: AppFile;
}

/** Asked beside everything else and again until it is told: a webhook waits for no answer of GitHub. */
function learnSlug(probot: Probot, { log, wanted }: Asking): IntakePorts['slug'] {
  let slug: string | undefined;
  const ask = async () => {
    const octokit = await probot.auth();
    const { data: app } = await octokit.rest.apps.getAuthenticated();
    slug = app?.slug;
    const missing = app ? findMissingRights(wanted, app) : [];
    if (missing.length > 0) log.error({ missing, mend: howToGive }, 'the App has not all that app.yml asks for');
    log.info({ slug }, 'GitHub says how our App is called');
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
