import { isAtLeast, type Role } from './account.ts';
import { Refusal } from './refusal.ts';
import type { Repository } from './repository.ts';

/** What a person may do in a repository. A public repository can be read by everybody. */
export function roleOf(repository: Repository, login: string): Role {
  if (login.toLowerCase() === repository.owner.toLowerCase()) return 'admin';
  const given = repository.roles.get(login.toLowerCase());
  if (given !== undefined && given !== 'none') return given;
  return repository.isPrivate ? 'none' : 'read';
}

/** Refuses as GitHub does: 404 for what may not be seen, 403 for what may not be done. */
export function requireRole(repository: Repository, login: string, needed: Role): void {
  const role = roleOf(repository, login);
  if (role === 'none') throw new Refusal(404, 'Not Found');
  if (!isAtLeast(role, needed)) {
    throw new Refusal(403, `${login} has the role ${role} in ${repository.fullName} and needs ${needed}`);
  }
}

export type Association = 'OWNER' | 'COLLABORATOR' | 'MEMBER' | 'CONTRIBUTOR' | 'NONE';

/** `author_association`. A person with a role counts as a collaborator: membership of organisations is not kept. */
export function associationOf(repository: Repository, login: string): Association {
  if (login.toLowerCase() === repository.owner.toLowerCase()) return 'OWNER';
  const role = repository.roles.get(login.toLowerCase());
  if (role !== undefined && role !== 'none') return 'COLLABORATOR';
  const merged = [...repository.issues.values()].some(
    (issue) => issue.author.toLowerCase() === login.toLowerCase() && issue.pull?.merged,
  );
  return merged ? 'CONTRIBUTOR' : 'NONE';
}

export function isAtLeastIn(repository: Repository, login: string, needed: Role): boolean {
  return isAtLeast(roleOf(repository, login), needed);
}
