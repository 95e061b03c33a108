// How much of a pull request that no run made is looked at: risk decides, as for what a run made. What its base changed as well since
// they parted is to people what tasks that met in a file are to a run.
import { findMatching, findProtected } from '../gate/list-touched.ts';
import { type ReviewPlan, reviewFocuses } from '../model/review.ts';
import type { Run } from '../model/run.ts';
import { choose, pathsAtMost, selective, targeted } from './plan-review.ts';

export interface PullRisk {
  /** What it would change; of a rename both names. */
  readonly paths: readonly string[];
  /** In which it does not fit together with its base. */
  readonly conflicts: readonly string[];
  /** What its base changed since the commit that both have. */
  readonly changedByBase: readonly string[];
}

export function planPullReview(run: Pick<Run, 'policy' | 'reads'>, risk: PullRisk): ReviewPlan {
  // Whoever asks has them review, whatever the settings say of what runs make.
  const { reviewers = [...reviewFocuses], fullPaths = [] } = run.policy.review ?? {};
  const full = findGrave(run, risk, fullPaths);
  if (full) return { depth: 'full', why: full.why, reviewers: [...reviewers], paths: full.paths.slice(0, pathsAtMost) };
  const met = risk.paths.filter((path) => risk.changedByBase.includes(path));
  if (met.length > 0) {
    const why = `its base changed ${met.length === 1 ? 'one of its files' : `${met.length} of its files`} as well`;
    return { depth: 'targeted', why, reviewers: choose({ reviewers }, targeted), paths: met.slice(0, pathsAtMost) };
  }
  return {
    depth: 'selective',
    why: 'its base changed none of its files',
    reviewers: choose({ reviewers }, selective),
    paths: [],
  };
}

function findGrave(
  { policy, reads }: Pick<Run, 'policy' | 'reads'>,
  { paths, conflicts }: PullRisk,
  fullPaths: readonly string[],
): Pick<ReviewPlan, 'why' | 'paths'> | undefined {
  if (reads?.isFull) return { why: 'somebody asked for it', paths: [] };
  if (conflicts.length > 0) return { why: 'it conflicts with its base', paths: [...conflicts] };
  const touched = findProtected({ policy }, paths);
  if (touched.length > 0) return { why: 'protected paths are touched', paths: touched };
  const named = findMatching(fullPaths, paths);
  return named.length > 0 ? { why: 'the settings ask for it here', paths: named } : undefined;
}
