// Decides which Apps hear of an event and with what payload around it.
import type { Actor } from '../state/actor.ts';
import type { AppPermissions, Installation } from '../state/app.ts';
import { accountOf, appOf, installationsOn } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { organizationView, userView } from '../view/account-view.ts';
import { nodeId } from '../view/format.ts';
import { repositoryView } from '../view/repository-view.ts';
import { startDelivery } from './deliver.ts';

export interface RepositoryEvent {
  readonly event: string;
  readonly action?: string;
  readonly actor: Actor;
  readonly payload: Readonly<Record<string, unknown>>;
  /** For the change log. */
  readonly number?: number;
  /** Only this App hears of it, whether it subscribed or not: its own checks. */
  readonly onlyAppId?: number;
}

/** Any one of these permissions lets an App hear of the event. */
const neededPermissions: Readonly<Record<string, readonly string[]>> = {
  issues: ['issues'],
  issue_comment: ['issues', 'pull_requests'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  pull_request_review_comment: ['pull_requests'],
  check_run: ['checks'],
  check_suite: ['checks'],
  push: ['contents'],
  create: ['contents'],
  delete: ['contents'],
  status: ['statuses'],
  merge_group: ['merge_queues'],
};

export function emit(world: World, repository: Repository, event: RepositoryEvent): void {
  logChange(world, repository, event);
  for (const installation of installationsOn(world, repository)) {
    if (!hears(installation, event)) continue;
    startDelivery(world, {
      app: appOf(world, installation.appId),
      event: event.event,
      action: event.action ?? null,
      installationId: installation.id,
      repositoryId: repository.id,
      payload: {
        ...(event.action === undefined ? {} : { action: event.action }),
        ...event.payload,
        ...(event.event === 'push' ? {} : { repository: repositoryView(world, repository) }),
        ...organizationPart(world, repository),
        sender: userView(world, event.actor.login),
        installation: { id: installation.id, node_id: nodeId('Installation', installation.id) },
      },
    });
  }
}

function hears(installation: Installation, event: RepositoryEvent): boolean {
  if (event.onlyAppId !== undefined) {
    return event.onlyAppId === installation.appId && allows(installation.permissions, ['checks']);
  }
  return (
    installation.events.includes(event.event) && allows(installation.permissions, neededPermissions[event.event] ?? [])
  );
}

function allows(permissions: AppPermissions, anyOf: readonly string[]): boolean {
  return anyOf.some((name) => permissions[name] !== undefined);
}

function organizationPart(world: World, repository: Repository) {
  const owner = accountOf(world, repository.owner);
  return owner.kind === 'Organization' ? { organization: organizationView(world, owner) } : {};
}

function logChange(world: World, repository: Repository, event: RepositoryEvent): void {
  world.changes.add({
    at: world.now(),
    kind: event.action === undefined ? event.event : `${event.event}.${event.action}`,
    repository: repository.fullName,
    actor: event.actor.login,
    ...(event.number === undefined ? {} : { number: event.number }),
  });
}
