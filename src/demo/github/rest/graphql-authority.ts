import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { requireRole } from '../state/role.ts';
import { allows, reaches } from './authorize.ts';
import type { GraphqlCaller } from './graphql-operation.ts';

/** What may not be seen is not there. */
export function requireSight(caller: GraphqlCaller, repository: Repository): void {
  if (caller.kind === 'person') return requireRole(repository, caller.account.login, 'read');
  if (!reaches(caller, repository)) throw notFound();
  requirePermission(caller, 'pull_requests', 'read');
}

export function requirePermission(
  { token }: Extract<GraphqlCaller, { kind: 'installation' }>,
  name: string,
  level: 'read' | 'write',
): void {
  if (!allows(token.permissions, name, level)) throw new Refusal(403, 'Resource not accessible by integration');
}
