// What branch protection says against a merge, or against a push to the branch. Conflicts are not its business.
import { isAncestor } from '../git/refs.ts';
import { isAtLeast } from '../state/account.ts';
import type { PullIssue } from '../state/find.ts';
import type { Repository, RequiredCheck } from '../state/repository.ts';
import { roleOf } from '../state/role.ts';

export interface MergeBlocker {
  readonly kind: 'check' | 'behind' | 'review' | 'queue';
  readonly message: string;
}

export async function readMergeBlockers(
  repository: Repository,
  pull: PullIssue,
  sides: { headSha: string; baseSha: string },
): Promise<readonly MergeBlocker[]> {
  const protection = repository.protection.get(pull.pull.baseRef);
  if (!protection) return [];
  const blockers: MergeBlocker[] = [
    ...missingChecks(repository, protection.requiredChecks, sides.headSha),
    ...reviewBlockers(repository, pull, protection.requiredApprovals),
  ];
  if (protection.hasMergeQueue)
    blockers.push({ kind: 'queue', message: 'Changes must be made through the merge queue' });
  if (protection.strict && !(await isAncestor(repository.git, sides.baseSha, sides.headSha))) {
    blockers.push({ kind: 'behind', message: 'The head branch is not up to date with the base branch.' });
  }
  return blockers;
}

/** Required checks that have not passed on a commit. `neutral` and `skipped` pass, as on GitHub. */
export function missingChecks(
  repository: Repository,
  required: readonly RequiredCheck[],
  sha: string,
): readonly MergeBlocker[] {
  return required.flatMap((check) => {
    const outcome = outcomeOf(repository, check, sha);
    if (outcome === 'passed') return [];
    const verb = { missing: 'is expected', pending: 'is in progress', failed: 'is failing' }[outcome];
    return [{ kind: 'check', message: `Required status check "${check.context}" ${verb}.` }];
  });
}

type CheckOutcome = 'passed' | 'pending' | 'failed' | 'missing';

function outcomeOf(repository: Repository, check: RequiredCheck, sha: string): CheckOutcome {
  const run = [...repository.checkRuns.values()].findLast(
    (one) => one.headSha === sha && one.name === check.context && (check.appId === null || one.appId === check.appId),
  );
  if (run) {
    if (run.status !== 'completed') return 'pending';
    return ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '') ? 'passed' : 'failed';
  }
  // A status carries no App, so it never satisfies a check that is pinned to one.
  if (check.appId !== null) return 'missing';
  const status = repository.statuses.findLast((one) => one.sha === sha && one.context === check.context);
  if (!status) return 'missing';
  if (status.state === 'success') return 'passed';
  return status.state === 'pending' ? 'pending' : 'failed';
}

function reviewBlockers(repository: Repository, pull: PullIssue, required: number): readonly MergeBlocker[] {
  const latest = new Map<string, string>();
  for (const review of pull.pull.reviews) {
    const counts = review.state === 'APPROVED' || review.state === 'CHANGES_REQUESTED';
    if (counts && isAtLeast(roleOf(repository, review.author), 'write')) latest.set(review.author, review.state);
  }
  const states = [...latest.values()];
  if (required === 0) return [];
  if (states.includes('CHANGES_REQUESTED')) return [{ kind: 'review', message: 'Changes were requested.' }];
  const approvals = states.filter((state) => state === 'APPROVED').length;
  if (approvals >= required) return [];
  const message = `At least ${required} approving review is required by reviewers with write access.`;
  return [{ kind: 'review', message }];
}
