// Installing an App on repositories, and the webhooks about it, which go to that App whether it subscribed or not.
import type { App, Installation } from '../state/app.ts';
import { accountOf, appOf, covers } from '../state/find.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { organizationView, userView } from '../view/account-view.ts';
import { installationView } from '../view/app-view.ts';
import { iso, nodeId } from '../view/format.ts';
import { startDelivery } from '../webhook/deliver.ts';

export function install(
  world: World,
  app: App,
  of: { account: string; repositories: 'all' | readonly Repository[] },
): Installation {
  const account = accountOf(world, of.account);
  const old = [...world.installations.values()].find((one) => one.appId === app.id && one.account === account.login);
  if (old) throw new Refusal(422, `${app.slug} is installed on ${account.login} already`);
  const installation: Installation = {
    id: world.nextId(),
    appId: app.id,
    account: account.login,
    repositories: of.repositories === 'all' ? 'all' : new Set(of.repositories.map(({ id }) => id)),
    permissions: app.permissions,
    events: app.events,
    createdAt: world.now(),
  };
  world.installations.set(installation.id, installation);
  const repositories = covered(world, installation).map(shortView);
  emitInstallation(world, installation, {
    event: 'installation',
    action: 'created',
    sender: account.login,
    payload: { repositories, requester: null },
  });
  return installation;
}

/** The installation's tokens stop working with it. */
export function uninstall(world: World, installation: Installation, sender: string): void {
  const repositories = covered(world, installation).map(shortView);
  const payload = { repositories, requester: null };
  emitInstallation(world, installation, { event: 'installation', action: 'deleted', sender, payload });
  world.installations.delete(installation.id);
}

export function changeRepositories(
  world: World,
  installation: Installation,
  of: { added?: Repository; removed?: Repository },
): void {
  if (installation.repositories === 'all') {
    throw new Refusal(422, 'The installation has all repositories of the account');
  }
  if (of.added) installation.repositories.add(of.added.id);
  if (of.removed) installation.repositories.delete(of.removed.id);
  tellOfRepositories(world, installation, of);
}

export function tellOfRepositories(
  world: World,
  installation: Installation,
  of: { added?: Repository; removed?: Repository },
): void {
  emitInstallation(world, installation, {
    event: 'installation_repositories',
    action: of.added ? 'added' : 'removed',
    sender: installation.account,
    payload: {
      repository_selection: installation.repositories === 'all' ? 'all' : 'selected',
      repositories_added: of.added ? [shortView(of.added)] : [],
      repositories_removed: of.removed ? [shortView(of.removed)] : [],
      requester: null,
    },
  });
}

/** What GitHub sends when a webhook is set up, so that its owner can see that it arrives. */
export function ping(world: World, app: App): void {
  const created = iso(app.createdAt);
  const hook = {
    type: 'App',
    id: app.hookId,
    name: 'web',
    active: true,
    app_id: app.id,
    events: [...app.events],
    config: { content_type: 'json', insecure_ssl: '0', secret: '********', url: app.webhookUrl ?? '' },
    created_at: created,
    updated_at: created,
    deliveries_url: `${world.origin}/api/v3/app/hook/deliveries`,
  };
  const payload = { zen: 'Keep it logically awesome.', hook_id: app.hookId, hook };
  startDelivery(world, { app, event: 'ping', action: null, installationId: null, repositoryId: null, payload });
}

function covered(world: World, installation: Installation): readonly Repository[] {
  return [...world.repositories.values()].filter((repository) => covers(installation, repository));
}

function shortView(repository: Repository) {
  return {
    id: repository.id,
    node_id: nodeId('Repository', repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.isPrivate,
  };
}

function emitInstallation(
  world: World,
  installation: Installation,
  of: { event: string; action: string; sender: string; payload: Readonly<Record<string, unknown>> },
): void {
  const account = accountOf(world, installation.account);
  world.changes.add({ at: world.now(), kind: `${of.event}.${of.action}`, actor: of.sender });
  startDelivery(world, {
    app: appOf(world, installation.appId),
    event: of.event,
    action: of.action,
    installationId: installation.id,
    repositoryId: null,
    payload: {
      action: of.action,
      installation: installationView(world, installation),
      ...of.payload,
      ...(account.kind === 'Organization' ? { organization: organizationView(world, account) } : {}),
      sender: userView(world, of.sender),
    },
  });
}
