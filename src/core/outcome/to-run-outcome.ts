import type { Run } from '../model/run.ts';
import type { FindingCount, RunEnd, RunOutcome } from '../model/run-outcome.ts';
import { unpricedOf } from '../model/spend.ts';

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

function countFindings({ review }: Run): Record<string, FindingCount> {
  const counts: Record<string, FindingCount> = {};
  const findings = review?.result.kind === 'judged' ? review.result.findings : [];
  for (const { by, status } of findings) {
    const known = counts[by] ?? { confirmed: 0, refuted: 0, unverified: 0 };
    // What was mended had been confirmed before.
    const came = status === 'fixed' ? 'confirmed' : status;
    counts[by] = { ...known, [came]: known[came] + 1 };
  }
  return counts;
}
