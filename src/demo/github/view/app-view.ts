import type { App, Installation } from '../state/app.ts';
import { accountOf, appOf } from '../state/find.ts';
import type { World } from '../state/world.ts';
import { userView } from './account-view.ts';
import { iso, nodeId } from './format.ts';
import type { Schemas } from './schema.ts';

export function appView(world: World, app: App): NonNullable<Schemas['integration']> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    client_id: app.clientId,
    owner: userView(world, app.owner),
    name: app.name,
    description: null,
    external_url: 'https://example.com/app',
    html_url: `${world.origin}/github-apps/${app.slug}`,
    created_at: iso(app.createdAt),
    updated_at: iso(app.createdAt),
    permissions: { ...app.permissions },
    // The published schema of an App in a webhook does not know it.
    events: app.events.filter((event) => event !== 'merge_group'),
  };
}

/** As only `GET /app` shows it: with the number of installations, and every event. */
export function ownAppView(world: World, app: App): NonNullable<Schemas['integration']> {
  const installations = [...world.installations.values()].filter(({ appId }) => appId === app.id);
  return { ...appView(world, app), events: [...app.events], installations_count: installations.length };
}

export function installationView(world: World, installation: Installation): Schemas['installation'] {
  const app = appOf(world, installation.appId);
  const account = accountOf(world, installation.account);
  return {
    id: installation.id,
    client_id: app.clientId,
    account: userView(world, account.login),
    repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
    access_tokens_url: `${world.origin}/api/v3/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.origin}/api/v3/installation/repositories`,
    html_url: `${world.origin}/github-apps/${app.slug}/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.kind,
    permissions: { ...installation.permissions },
    events: [...installation.events],
    created_at: iso(installation.createdAt),
    updated_at: iso(installation.createdAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
