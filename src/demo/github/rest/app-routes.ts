// Routes of Apps and installations.
import { z } from 'zod';
import { issueToken, redeemManifest } from '../action/app.ts';
import { uninstall } from '../action/installation.ts';
import type { AppPermissions, Installation } from '../state/app.ts';
import { accountOf, appOf, covers, findRepository, installationOf, installationsOn } from '../state/find.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { installationView, ownAppView } from '../view/app-view.ts';
import { iso } from '../view/format.ts';
import { repositoryView } from '../view/repository-view.ts';
import { reaches } from './authorize.ts';
import type { Call } from './call.ts';
import { listPage, wrappedPage } from './paginate.ts';
import { created, noContent, ok, type Route, route } from './route.ts';

function callingApp(call: Call) {
  if (call.caller.kind !== 'app') throw new Error('the route is for Apps');
  return call.caller.app;
}

function callingInstallation(call: Call) {
  if (call.caller.kind !== 'installation') throw new Error('the route is for installations');
  return call.caller;
}

/** An installation of the calling App; those of others do not exist for it. */
function ownInstallation(call: Call): Installation {
  const installation = installationOf(call.world, call.number('installation_id'));
  if (installation.appId !== callingApp(call).id) throw notFound();
  return installation;
}

const TokenBody = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).optional(),
});

function createToken(call: Call) {
  const { world } = call;
  const installation = ownInstallation(call);
  const body = call.read(TokenBody);
  const repositories = narrowRepositories(world, installation, body);
  const permissions = narrowPermissions(installation, body.permissions);
  const token = issueToken(world, installation, { permissions, ...(repositories ? { repositories } : {}) });
  return created({
    token: token.value,
    expires_at: iso(token.expiresAt),
    permissions,
    repository_selection: repositories || installation.repositories !== 'all' ? 'selected' : 'all',
    ...(repositories ? { repositories: repositories.map((repository) => repositoryView(world, repository)) } : {}),
  });
}

function narrowRepositories(
  world: World,
  installation: Installation,
  body: z.output<typeof TokenBody>,
): readonly Repository[] | undefined {
  if (!body.repositories && !body.repository_ids) return undefined;
  const byName = (body.repositories ?? []).map((name) => findRepository(world, `${installation.account}/${name}`));
  const byId = (body.repository_ids ?? []).map((id) => world.repositories.get(id));
  return [...byName, ...byId].map((repository) => {
    if (repository && covers(installation, repository)) return repository;
    const what =
      'There is at least one repository that does not exist or is not accessible to the parent installation.';
    throw new Refusal(422, what);
  });
}

function narrowPermissions(installation: Installation, asked: Record<string, string> | undefined): AppPermissions {
  if (!asked) return installation.permissions;
  for (const [name, level] of Object.entries(asked)) {
    const given = installation.permissions[name];
    if (given === undefined || (level !== 'read' && given !== 'write')) {
      throw new Refusal(422, 'The permissions requested are not granted to this installation.');
    }
  }
  const levels = Object.entries(asked).map(([name, level]) => [name, level === 'read' ? 'read' : 'write'] as const);
  return { ...Object.fromEntries(levels), metadata: 'read' };
}

function accessible(call: Call): readonly Repository[] {
  const caller = callingInstallation(call);
  return [...call.world.repositories.values()].filter((repository) => reaches(caller, repository));
}

function installationOnAccount(call: Call, parameter: string) {
  const login = accountOf(call.world, call.parameter(parameter)).login.toLowerCase();
  const appId = callingApp(call).id;
  const found = [...call.world.installations.values()].find(
    (installation) => installation.appId === appId && installation.account.toLowerCase() === login,
  );
  if (!found) throw notFound();
  return ok(installationView(call.world, found));
}

export const appRoutes: readonly Route[] = [
  route('GET /app', 'app', (call) => ok(ownAppView(call.world, callingApp(call)))),
  route('GET /app/installations', 'app', (call) => {
    const appId = callingApp(call).id;
    const own = [...call.world.installations.values()].filter((installation) => installation.appId === appId);
    return listPage(call, own, (installation) => installationView(call.world, installation));
  }),
  route('GET /app/installations/{installation_id}', 'app', (call) =>
    ok(installationView(call.world, ownInstallation(call))),
  ),
  route('DELETE /app/installations/{installation_id}', 'app', (call) => {
    uninstall(call.world, ownInstallation(call), accountOf(call.world, callingApp(call).owner).login);
    return noContent;
  }),
  route('POST /app/installations/{installation_id}/access_tokens', 'app', createToken),
  route('GET /repos/{owner}/{repo}/installation', 'app', (call) => {
    const appId = callingApp(call).id;
    const repository = findRepository(call.world, `${call.parameter('owner')}/${call.parameter('repo')}`);
    const found = repository && installationsOn(call.world, repository).find((one) => one.appId === appId);
    if (!found) throw notFound();
    return ok(installationView(call.world, found));
  }),
  route('GET /orgs/{org}/installation', 'app', (call) => installationOnAccount(call, 'org')),
  route('GET /users/{username}/installation', 'app', (call) => installationOnAccount(call, 'username')),
  route('GET /installation/repositories', 'installation', (call) => {
    const selection = callingInstallation(call).installation.repositories === 'all' ? 'all' : 'selected';
    const view = (repository: Repository) => repositoryView(call.world, repository);
    const extra = { repository_selection: selection };
    return wrappedPage(call, { name: 'repositories', items: accessible(call), view, extra });
  }),
  route('DELETE /installation/token', 'installation', (call) => {
    call.world.tokens.delete(callingInstallation(call).token.value);
    return noContent;
  }),
  route('POST /app-manifests/{code}/conversions', 'nobody', (call) => {
    const app = redeemManifest(call.world, call.parameter('code'));
    return created({
      ...ownAppView(call.world, appOf(call.world, app.id)),
      client_id: app.clientId,
      client_secret: app.clientSecret,
      webhook_secret: app.webhookSecret,
      pem: app.privateKey,
    });
  }),
];
