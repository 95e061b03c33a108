import type { BranchRules } from '../model/branch-rules.ts';
import type { Run } from '../model/run.ts';

/** Why what GitHub's rules say of the base branch keeps a merge of ours from being made. */
export function refuseByRules(
  { base, policy }: Run,
  { number, rules }: { readonly number: number; readonly rules: BranchRules | undefined },
): string | undefined {
  if (rules?.hasMergeQueue)
    return (
      `${base.branch} takes merges through its merge queue only, and GitHub lets no App put anything there: ` +
      `please choose "Merge when ready" on #${number}`
    );
  // The merge call has no precondition on the base: what moves it between our last look and the call is found only afterwards.
  if (policy.isStrict && !rules?.wantsUpToDate)
    return (
      `gate.strict has merges made only where GitHub itself keeps a moved base off, and no ruleset of ${base.branch} is known to: ` +
      'have one ask for "Require branches to be up to date before merging" or "Require merge queue"'
    );
  return undefined;
}
