import type { BranchRules } from '../model/branch-rules.ts';
import type { RunPolicy } from '../model/run.ts';
import { quoteCode } from './quote-inline.ts';

const required = 'That holds as long as this check is required there.';
const byHand = 'A merge made by hand may meet a base that moved since, and is compared afterwards.';
const byCommand =
  'The merge command reads head and base right before it merges; a base that moves in that very moment is found by ' +
  'comparing the merged tree, and told here.';
const refused =
  'The merge command is refused, since `gate.strict` has merges made only where GitHub keeps a moved base off.';

interface Bound {
  readonly base: { readonly branch: string };
  readonly policy: Pick<RunPolicy, 'isStrict'>;
}

/** Which of the guarantees holds for a merge by this verdict; `rules` is undefined where they could not be read. */
export function renderGuarantees({ base, policy }: Bound, rules: BranchRules | undefined): string {
  const branch = quoteCode(base.branch);
  if (rules?.hasMergeQueue)
    return `Every merge into ${branch} is of what was verified: a ruleset has it go through the merge queue, whose commit needs this check as well. ${required}`;
  if (rules?.wantsUpToDate)
    return `Every merge into ${branch} is of what was verified, by command or by hand: a ruleset lets only heads be merged that hold the branch as it is then. ${required}`;
  const otherwise = `${policy.isStrict ? refused : byCommand} ${byHand}`;
  if (rules) return `No ruleset of ${branch} asks for branches that are up to date or for a merge queue. ${otherwise}`;
  return `It is not known at this moment whether a ruleset of ${branch} asks for branches that are up to date or for a merge queue, with which every merge is of what was verified. Where none does, this holds. ${otherwise}`;
}
