// Repositories and the people in them.
import type { Role } from '../state/account.ts';
import { isAtLeast } from '../state/account.ts';
import { accountOf, repositoryById } from '../state/find.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { requireRole, roleOf } from '../state/role.ts';
import type { World } from '../state/world.ts';
import { publicUserView, userView } from '../view/account-view.ts';
import { fullRepositoryView } from '../view/repository-view.ts';
import { reaches } from './authorize.ts';
import type { Call } from './call.ts';
import { needs, noContent, ok, type Route, repositoryRoute, route } from './route.ts';

function permissionsOf(role: Role) {
  return {
    admin: isAtLeast(role, 'admin'),
    maintain: isAtLeast(role, 'maintain'),
    push: isAtLeast(role, 'write'),
    triage: isAtLeast(role, 'triage'),
    pull: isAtLeast(role, 'read'),
  };
}

/** The older field knows four levels only: maintain counts as write, triage as read. */
function legacyPermission(role: Role): string {
  return { none: 'none', read: 'read', triage: 'read', write: 'write', maintain: 'write', admin: 'admin' }[role];
}

function permissionAnswer(world: World, repository: Repository, login: string) {
  const account = world.accounts.get(login.toLowerCase());
  if (!account) throw new Refusal(404, `${login} is not a user`);
  const role = roleOf(repository, account.login);
  const user = { ...userView(world, account.login), permissions: permissionsOf(role), role_name: role };
  return ok({ permission: legacyPermission(role), role_name: role, user });
}

/** The same repository by its id. Rights are those of the route by name. */
function getById(call: Call) {
  const repository = repositoryById(call.world, call.number('repository_id'));
  const { caller } = call;
  if (caller.kind === 'person') requireRole(repository, caller.account.login, 'read');
  else if (repository.isPrivate && !(caller.kind === 'installation' && reaches(caller, repository))) throw notFound();
  return ok(fullRepositoryView(call.world, repository));
}

export const repositoryRoutes: readonly Route[] = [
  repositoryRoute('GET ', needs.metadata, ({ call, world, repository }) => {
    const view = fullRepositoryView(world, repository);
    if (call.caller.kind !== 'person') return ok(view);
    return ok({ ...view, permissions: permissionsOf(roleOf(repository, call.caller.account.login)) });
  }),
  route('GET /repositories/{repository_id}', 'nobody', getById),
  repositoryRoute('GET /collaborators/{username}/permission', needs.metadata, ({ call, world, repository }) =>
    permissionAnswer(world, repository, call.parameter('username')),
  ),
  repositoryRoute('GET /collaborators/{username}', needs.metadata, ({ call, repository }) => {
    const login = call.parameter('username').toLowerCase();
    const given = login === repository.owner.toLowerCase() ? 'admin' : repository.roles.get(login);
    if (given === undefined || given === 'none') throw notFound();
    return noContent;
  }),
  route('GET /users/{username}', 'nobody', (call) =>
    ok(publicUserView(call.world, accountOf(call.world, call.parameter('username')))),
  ),
  route('GET /user', 'person', (call) => {
    if (call.caller.kind !== 'person') throw notFound();
    return ok(publicUserView(call.world, call.caller.account));
  }),
];
