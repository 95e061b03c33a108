// How much of a run is reviewed: risk decides. Where agents settled a conflict, or something protected is touched, everything
// is; where tasks met in a file, that is looked at first; everything else gets the two reviewers that most often find something.
import { listRepaired } from '../conflict/list-resolved.ts';
import type { ReviewFocus, ReviewPlan, ReviewPolicy } from '../model/review.ts';
import type { Run } from '../model/run.ts';

export const targeted: readonly ReviewFocus[] = ['correctness', 'concurrency', 'tests'];
export const selective: readonly ReviewFocus[] = ['correctness', 'security'];
export const pathsAtMost = 50;

export function planReview(run: Run, policy: ReviewPolicy): ReviewPlan {
  const full = isFullAsked(run) ? { why: 'somebody asked for it', paths: [] } : findGrave(run);
  if (full) return { depth: 'full', ...full, reviewers: [...policy.reviewers] };
  const shared = listShared(run);
  if (shared.length > 0)
    return {
      depth: 'targeted',
      why: `several tasks changed ${shared.length === 1 ? 'one file' : `${shared.length} files`}`,
      reviewers: choose(policy, targeted),
      paths: shared.slice(0, pathsAtMost),
    };
  return { depth: 'selective', why: 'no two tasks met in a file', reviewers: choose(policy, selective), paths: [] };
}

function isFullAsked({ fullReviewOf, verification }: Run): boolean {
  return fullReviewOf !== undefined && fullReviewOf === verification?.change;
}

function findGrave(run: Run): Pick<ReviewPlan, 'why' | 'paths'> | undefined {
  const settled = run.tasks.flatMap(({ state, attempts }) =>
    state.kind === 'merged' ? attempts.flatMap(({ repair }) => repair?.paths ?? []) : [],
  );
  settled.push(...listRepaired(run));
  if (settled.length > 0) return { why: 'a conflict was settled by an agent', paths: unique(settled) };
  const touched = run.verification?.touched ?? [];
  if (touched.length > 0) return { why: 'protected paths are touched', paths: touched.slice(0, pathsAtMost) };
  const named = run.verification?.grave ?? [];
  return named.length > 0 ? { why: 'the settings ask for it here', paths: unique(named) } : undefined;
}

/** Files that more than one task changed. */
function listShared({ tasks }: Run): string[] {
  const count = new Map<string, number>();
  for (const { state, fixes } of tasks) {
    // What mends something is made after all of it was there, and meets nobody.
    if (state.kind !== 'merged' || fixes !== undefined) continue;
    for (const path of new Set(state.contribution.paths)) count.set(path, (count.get(path) ?? 0) + 1);
  }
  return [...count].filter(([, times]) => times > 1).map(([path]) => path);
}

/** Of those that the settings name; all of these where they name none of ours. */
export function choose({ reviewers }: Pick<ReviewPolicy, 'reviewers'>, wanted: readonly ReviewFocus[]): ReviewFocus[] {
  const chosen = reviewers.filter((focus) => wanted.includes(focus));
  return chosen.length > 0 ? chosen : [...reviewers];
}

function unique(paths: readonly string[]): string[] {
  return [...new Set(paths)].slice(0, pathsAtMost);
}
