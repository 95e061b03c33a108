import type { CheckConclusion, CheckStatus, CheckSuite } from '../state/check.ts';
import type { Repository } from '../state/repository.ts';

// The worst one counts, in this order.
const worstFirst: readonly CheckConclusion[] = [
  'action_required',
  'timed_out',
  'failure',
  'cancelled',
  'success',
  'neutral',
  'skipped',
];

/** A suite is complete when it has runs and all of them are. */
export function suiteOutcome(
  repository: Repository,
  suite: CheckSuite,
): { status: CheckStatus; conclusion: CheckConclusion | null } {
  const runs = [...repository.checkRuns.values()].filter((run) => run.suiteId === suite.id);
  if (runs.length === 0) return { status: 'queued', conclusion: null };
  if (runs.some((run) => run.status !== 'completed')) {
    return { status: runs.every((run) => run.status === 'queued') ? 'queued' : 'in_progress', conclusion: null };
  }
  const conclusion = worstFirst.find((one) => runs.some((run) => run.conclusion === one));
  return { status: 'completed', conclusion: conclusion ?? null };
}
