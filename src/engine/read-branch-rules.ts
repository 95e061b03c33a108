import type { BranchRules } from '../core/model/branch-rules.ts';
import { listRuns, type SubjectRecord } from '../core/model/record.ts';
import { ExternalError } from './external-error.ts';
import type { Showing } from './showing.ts';

/** By branch, each asked once. What could not be read is not known, and keeps nothing from being shown. */
export async function readBranchRules(
  { github, repository }: Pick<Showing, 'github' | 'repository'>,
  record: SubjectRecord,
): Promise<ReadonlyMap<string, BranchRules>> {
  const known = new Map<string, BranchRules>();
  for (const branch of listBranches(record)) {
    try {
      const rules = await github.readBranchRules(repository, branch);
      if (rules) known.set(branch, rules);
    } catch (error) {
      if (!(error instanceof ExternalError)) throw error;
    }
  }
  return known;
}

/** Those for which a gate is shown that tells of them. */
function listBranches(record: SubjectRecord): ReadonlySet<string> {
  const { pull, vouchedHead } = record;
  const branches = listRuns(record).flatMap(({ pullRequest, base }) => (pullRequest ? [base.branch] : []));
  if (pull?.isFork && pull.state === 'open' && vouchedHead?.head !== pull.head) branches.push(pull.baseBranch);
  return new Set(branches);
}
