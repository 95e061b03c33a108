/** What GitHub's rulesets want of whoever merges into a branch. Classic branch protection is not among it: no App without administration may read that. */
export interface BranchRules {
  /** Merges go through GitHub's merge queue only. */
  readonly hasMergeQueue: boolean;
  /** Only a head that holds the branch as it is now may be merged. */
  readonly wantsUpToDate: boolean;
}
