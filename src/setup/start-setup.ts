// The App manifest flow on loopback: a page that sends the manifest to GitHub, and the way back with the code. The
// address carries a token that works until one App is registered, so nobody else on this machine or in this browser can
// finish the set-up.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { serve } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { isLoopbackName } from '../core/address/loopback-name.ts';
import type { SetupArguments } from './arguments.ts';
import { type Converted, convertCode } from './convert-code.ts';
import { renderManifest } from './render-manifest.ts';
import { writeEnvironmentFile } from './write-environment-file.ts';

export interface RunningSetup {
  /** The address to open. */
  readonly url: string;
  readonly port: number;
  /** Resolves when the environment file is written. */
  readonly done: Promise<Converted>;
  stop(): void;
}

export async function startSetup(options: SetupArguments): Promise<RunningSetup> {
  const token = randomBytes(24).toString('hex');
  let state: string | undefined = randomBytes(24).toString('hex');
  const finished = Promise.withResolvers<Converted>();
  const app = new Hono();
  app.use(async (context, next) => {
    // The process ends with its work: a connection that a browser keeps for later would hold it.
    context.header('connection', 'close');
    // A page elsewhere must not reach us under a name of its own.
    if (!isLoopbackName(context.req.header('host'))) return context.text('not here', 421);
    return await next();
  });
  app.get(`/${token}`, async (context) => {
    // Without a state GitHub's answer would be refused, and the App would be left without an owner of its key.
    if (state === undefined) return context.text('This set-up is over. Run it again.', 410);
    const manifest = await renderManifest({
      webhookUrl: options.webhookUrl,
      // The way back is the way here: a tunnel has a port of its own at its other end.
      redirectUrl: `http://${context.req.header('host')}/registered`,
    });
    const owner =
      options.organisation === undefined
        ? '/settings'
        : `/organizations/${encodeURIComponent(options.organisation)}/settings`;
    const action = `${options.githubUrl}${owner}/apps/new?state=${state}`;
    return showForm(context, action, manifest);
  });
  app.get('/registered', async (context) => {
    const code = context.req.query('code') ?? '';
    if (code === '' || !isSame(context.req.query('state') ?? '', state))
      return context.text('This is not the answer that was waited for.', 400);
    state = undefined;
    try {
      const converted = await convertCode(options.apiUrl, code);
      await writeEnvironmentFile(options, converted);
      finished.resolve(converted);
      return context.redirect(`${converted.html_url}/installations/new`);
    } catch (error) {
      finished.reject(error);
      return context.text('The set-up failed; the terminal says why.', 502);
    }
  });
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: options.port }, ({ port }) =>
      resolve({ server, port }),
    );
    server.once('error', reject);
  });
  return { url: `http://127.0.0.1:${port}/${token}`, port, done: finished.promise, stop: () => stop(server) };
}

/** Browsers open connections that they may need; an answer that is under way gets its moment. */
function stop(server: ReturnType<typeof serve>): void {
  server.close();
  setTimeout(() => {
    if ('closeAllConnections' in server) server.closeAllConnections();
  }, 500).unref();
}

function isSame(given: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return false;
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function showForm(context: Context, action: string, manifest: string) {
  const { origin } = new URL(action);
  // Where GitHub answers with a redirect at once, browsers hold the way back to us against the form as well.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; form-action ${origin} 'self'`;
  context.header('content-security-policy', policy);
  context.header('referrer-policy', 'no-referrer');
  return context.html(html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>Set up Gatepilot</title>
        <style>
          body { font: 16px/1.5 system-ui; max-width: 40rem; margin: 10vh auto; padding: 0 1rem; color-scheme: light dark; }
          button { font: inherit; padding: 0.6rem 1.2rem; border: 0; border-radius: 6px; background: #1f883d; color: #fff; cursor: pointer; }
        </style>
      </head>
      <body>
        <h1>Set up Gatepilot</h1>
        <p>GitHub will show which permissions and events the App asks for, and let you name it. Afterwards you choose the repositories that it may work on.</p>
        <form action="${action}" method="post">
          <input type="hidden" name="manifest" value="${manifest}" />
          <button type="submit">Register the App on ${origin}</button>
        </form>
      </body>
    </html>`);
}
