// What a person's browser does on GitHub when they register an App from a manifest and install it. Everybody is signed
// in as the account that is named in the form: there are no passwords here.
import { randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { createApp, subscribableEvents } from '../action/app.ts';
import { install } from '../action/installation.ts';
import type { App } from '../state/app.ts';
import { accountOf, repositoryOf } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';

const Manifest = z.object({
  name: z.string(),
  redirect_url: z.string().optional(),
  setup_url: z.string().optional(),
  hook_attributes: z.object({ url: z.string(), active: z.boolean().optional() }).optional(),
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])).default({}),
  default_events: z.array(z.string()).default([]),
});

/** The owner is the first account that can own something. */
function ownerOf(world: World): string {
  const owner = [...world.accounts.values()].find(({ kind }) => kind !== 'Bot');
  if (!owner) throw new Refusal(422, 'There is nobody to own the App');
  return owner.login;
}

async function registerApp(world: World, manifest: z.output<typeof Manifest>): Promise<App> {
  const hook = manifest.hook_attributes;
  return createApp(world, {
    name: manifest.name,
    owner: ownerOf(world),
    permissions: manifest.default_permissions,
    events: manifest.default_events.filter((event) => subscribableEvents.includes(event)),
    webhookUrl: hook === undefined || hook.active === false ? null : hook.url,
    webhookSecret: randomBytes(20).toString('hex'),
  });
}

function appBySlug(world: World, slug: string): App {
  const app = [...world.apps.values()].find((one) => one.slug === slug);
  if (!app) throw new Refusal(404, 'Not Found');
  return app;
}

export function browserRoutes(world: World): Hono {
  const routes = new Hono();
  routes.onError((error, context) => {
    const status = error instanceof Refusal && error.status === 404 ? 404 : 422;
    return context.text(`${error.message}\n`, status);
  });
  const register = async (manifestText: unknown, state: string | undefined) => {
    const manifest = Manifest.parse(JSON.parse(z.string().parse(manifestText)));
    if (manifest.redirect_url === undefined) throw new Refusal(422, 'The manifest has no redirect_url');
    const app = await registerApp(world, manifest);
    const code = randomBytes(20).toString('hex');
    world.manifestCodes.set(code, app.id);
    const target = new URL(manifest.redirect_url);
    target.searchParams.set('code', code);
    if (state !== undefined) target.searchParams.set('state', state);
    return target.href;
  };
  routes.post('/settings/apps/new', async (context) => {
    const form = await context.req.parseBody();
    return context.redirect(await register(form.manifest, context.req.query('state')));
  });
  routes.post('/organizations/:org/settings/apps/new', async (context) => {
    const form = await context.req.parseBody();
    return context.redirect(await register(form.manifest, context.req.query('state')));
  });
  routes.get('/github-apps/:slug', (context) => context.redirect(`${context.req.path}/installations/new`));
  routes.get('/github-apps/:slug/installations/new', (context) =>
    context.html(installPage(world, appBySlug(world, context.req.param('slug')))),
  );
  routes.post('/github-apps/:slug/installations/new', async (context) => {
    const app = appBySlug(world, context.req.param('slug'));
    const form = await context.req.parseBody({ all: true });
    const names = z
      .array(z.string())
      .min(1)
      .parse([form.repository ?? []].flat());
    const repositories = names.map((name) => repositoryOf(world, name));
    const account = accountOf(world, repositories[0]?.owner ?? '').login;
    const installation = install(world, app, { account, repositories });
    return context.html(html`<!doctype html><title>Installed</title><p>Installed as ${installation.id}.</p>`);
  });
  return routes;
}

function installPage(world: World, app: App) {
  const boxes = [...world.repositories.values()].map(
    ({ fullName }) =>
      html`<p><label><input type="checkbox" name="repository" value="${fullName}"> ${fullName}</label></p>`,
  );
  return html`<!doctype html><title>Install ${app.name}</title><h1>Install ${app.name}</h1>
    <form method="post">${boxes}<button>Install</button></form>`;
}
