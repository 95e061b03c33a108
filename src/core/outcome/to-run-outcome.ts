import type { Run } from '../model/run.ts';
import type { FindingCount, JudgedFinding, RunEnd, RunOutcome } from '../model/run-outcome.ts';
import { unpricedOf } from '../model/spend.ts';
import { addJudged, toClaim } from './keep-judged.ts';

/** Undefined while it works, is held, or waits to be merged: nobody has said yet what they make of it. */
export function toRunOutcome(run: Run): RunOutcome | undefined {
  const end = toEnd(run);
  if (!end) return undefined;
  const { startedAt, state, spend } = run;
  return {
    end,
    startedAt,
    endedAt: state.since,
    microUsd: spend.microUsd,
    ...(unpricedOf(spend) > 0 ? { isCostUnknown: true } : {}),
    findings: countFindings(run),
  };
}

function toEnd(run: Run): RunEnd | undefined {
  switch (run.state.kind) {
    case 'merged':
      return isOnlyOurs(run) ? 'merged_unchanged' : 'merged_changed';
    case 'closed':
      return run.pullRequest ? 'rejected' : 'given_up';
    case 'superseded':
      return 'taken_over';
    case 'failed':
    case 'stopped':
      return 'given_up';
    case 'reported':
      return 'reported';
    default:
      return undefined;
  }
}

/** A base that was brought in on top of somebody's push is a head of ours that holds their change. */
function isOnlyOurs({ pullRequest, pushed }: Run): boolean {
  const heads = pullRequest ? [...(pullRequest.replaced ?? []), pullRequest.head] : [];
  return heads.every((head) => pushed.includes(head));
}

function countFindings(run: Run): Record<string, FindingCount> {
  const counts: Record<string, FindingCount> = {};
  const rejected = new Set((run.dismissals ?? []).map(({ finding }) => toClaim(finding)));
  for (const { claim, by, came } of listJudged(run)) {
    const known = counts[by] ?? { confirmed: 0, refuted: 0, unverified: 0 };
    // Somebody who may says that it is no mistake, whatever was shown.
    const last = rejected.has(claim) ? 'refuted' : came;
    counts[by] = { ...known, [last]: known[last] + 1 };
  }
  return counts;
}

/** With what stands in the run itself: one that only reads has a report, and an older one its newest review. */
function listJudged({ judged = [], review, tasks }: Run): JudgedFinding[] {
  const reviewed = judged.length === 0 && review?.result.kind === 'judged' ? review.result.findings : [];
  const reported = tasks.flatMap(({ state }) => (state.kind === 'reported' ? state.findings : []));
  return addJudged(judged, [...reviewed, ...reported]);
}
