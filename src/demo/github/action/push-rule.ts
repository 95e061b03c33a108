// What branch protection says to a push, by whatever way it comes. Pushes by git ask in the bare repository's update
// hook, which is told the answers beforehand; see git/update-hook.ts.
import { isAncestor } from '../git/refs.ts';
import { isAtLeast } from '../state/account.ts';
import type { Actor } from '../state/actor.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import { roleOf } from '../state/role.ts';
import { missingChecks } from './merge-blockers.ts';

/** Whether the branch's protection applies to this actor at all. */
export function isHeldBack(repository: Repository, actor: Actor, branch: string): boolean {
  const protection = repository.protection.get(branch);
  if (!protection) return false;
  return protection.enforceAdmins || !isAtLeast(roleOf(repository, actor.login), 'admin');
}

export async function requirePushAllowed(
  repository: Repository,
  of: { actor: Actor; branch: string; before: string | undefined; after: string | undefined },
): Promise<void> {
  const { before, after } = of;
  if (after === undefined && of.branch === repository.defaultBranch) {
    throw new Refusal(422, 'Cannot delete the default branch');
  }
  const protection = repository.protection.get(of.branch);
  if (!protection || !isHeldBack(repository, of.actor, of.branch)) return;
  if (after === undefined) throw new Refusal(422, 'Cannot delete a protected branch');
  if (before !== undefined && !(await isAncestor(repository.git, before, after))) {
    throw new Refusal(422, 'Cannot force-push to a protected branch');
  }
  if (protection.hasMergeQueue) throw new Refusal(422, 'Changes must be made through the merge queue');
  if (protection.requiredApprovals > 0) throw new Refusal(422, 'Changes must be made through a pull request.');
  const [missing] = missingChecks(repository, protection.requiredChecks, after);
  if (missing) throw new Refusal(422, missing.message);
}

/** The commits that every required check of a branch has passed on: what the update hook lets in. */
export function acceptableCommits(repository: Repository, branch: string): readonly string[] {
  const protection = repository.protection.get(branch);
  if (!protection || protection.requiredApprovals > 0 || protection.hasMergeQueue) return [];
  const candidates = new Set([...repository.checkRuns.values()].map((run) => run.headSha));
  for (const status of repository.statuses) candidates.add(status.sha);
  return [...candidates].filter((sha) => missingChecks(repository, protection.requiredChecks, sha).length === 0);
}
