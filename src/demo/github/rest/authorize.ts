// Whether the caller may do what a route does. What may not be seen is 404; what may be seen but not done is 403.
import type { AppPermissions } from '../state/app.ts';
import { covers, findRepository } from '../state/find.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { requireRole } from '../state/role.ts';
import type { Call, Caller } from './call.ts';
import type { Need, RepositoryNeed } from './route.ts';

export function requireKind(caller: Caller, kind: Exclude<Need['kind'], 'repository'>): void {
  if (kind === 'nobody' || caller.kind === kind) return;
  if (kind === 'app') throw new Refusal(401, 'A JSON web token could not be decoded');
  if (caller.kind === 'none') throw new Refusal(401, 'Requires authentication');
  throw new Refusal(403, 'Resource not accessible by integration');
}

/** The repository of a `/repos/{owner}/{repo}` route, when the caller may use the route. */
export function authorizeRepository(call: Call, need: RepositoryNeed): Repository {
  const repository = findRepository(call.world, `${call.parameter('owner')}/${call.parameter('repo')}`);
  if (!repository) throw notFound();
  const { caller } = call;
  const publicRead = !repository.isPrivate && need.level === 'read' && need.role === 'read';
  switch (caller.kind) {
    case 'person':
      requireRole(repository, caller.account.login, need.role);
      return repository;
    case 'installation':
      if (reaches(caller, repository)) requirePermission(call, repository, need);
      else if (!publicRead) throw repository.isPrivate ? notFound() : new Refusal(403, notAccessible);
      return repository;
    case 'app':
      throw new Refusal(401, 'Bad credentials');
    case 'none':
      if (publicRead) return repository;
      throw repository.isPrivate ? notFound() : new Refusal(401, 'Requires authentication');
  }
}

const notAccessible = 'Resource not accessible by integration';

/** Whether the token covers the repository: the installation does, and the token was not narrowed to others. */
export function reaches(caller: Extract<Caller, { kind: 'installation' }>, repository: Repository): boolean {
  const narrowed = caller.token.repositories;
  return covers(caller.installation, repository) && (narrowed === undefined || narrowed.has(repository.id));
}

function requirePermission(call: Call, repository: Repository, need: RepositoryNeed): void {
  if (call.caller.kind !== 'installation') return;
  const { permissions } = call.caller.token;
  const names = need.permissions === 'issue' ? issuePermissions(call, repository) : need.permissions;
  if (!names.some((name) => allows(permissions, name, need.level))) throw new Refusal(403, notAccessible);
}

export function allows(permissions: AppPermissions, name: string, level: 'read' | 'write'): boolean {
  // Every token can read metadata.
  if (name === 'metadata' && level === 'read') return true;
  const given = permissions[name];
  return given === 'write' || given === level;
}

/** The issue side of a pull request can be used with either permission. */
function issuePermissions(call: Call, repository: Repository): readonly string[] {
  const number = call.hasParameter('issue_number')
    ? call.number('issue_number')
    : call.hasParameter('comment_id')
      ? repository.comments.get(call.number('comment_id'))?.number
      : undefined;
  const issue = number === undefined ? undefined : repository.issues.get(number);
  return issue?.pull ? ['issues', 'pull_requests'] : ['issues'];
}
