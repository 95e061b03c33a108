import type { PullRequest, Run } from '../model/run.ts';
import { closed, type Verdict } from './verdict.ts';

/** A part of the gate for as long as workflow runs of the head wait for somebody to let them start. */
export function evaluateHeldCi({ pullRequest }: Run): Verdict[] {
  const held = pullRequest && findHeldRuns(pullRequest);
  return held ? [closed('ci approval', 'action_required', tellHeldRuns(held.count))] : [];
}

/** Those of the head that it has now, and nobody waits for what is closed. */
export function findHeldRuns({ state, head, heldRuns }: PullRequest): PullRequest['heldRuns'] {
  return state === 'open' && heldRuns?.head === head ? heldRuns : undefined;
}

export function tellHeldRuns(count: number): string {
  const runs = count === 1 ? '1 workflow run' : `${count} workflow runs`;
  return (
    `GitHub holds ${runs} of this head back until somebody lets CI run, at the end of the pull request. ` +
    'This opens by itself once none waits any more.'
  );
}
