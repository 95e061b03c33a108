// The end of a batch. Without a failure the next batch simply starts: no call, no job, no comment. With one, the pilot
// is asked when there is something left to decide; otherwise the deterministic plan goes on.
import type { BoundaryRecord, Run } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { isPilotNeeded } from '../pilot/pilot-needed.ts';
import { replanDeterministically } from '../pilot/replan-deterministically.ts';
import { applyBoundary } from './apply-boundary.ts';
import { type Draft, listWork, nextActionId, want } from './draft.ts';
import { toBoundary } from './to-boundary.ts';

export function decideBoundary(draft: Draft, run: Run): void {
  if (listWork(draft).length > 0) return;
  const boundary = toBoundary(run);
  const need = isPilotNeeded(boundary);
  if (need.kind === 'call') {
    want(draft, { kind: 'pilot', id: nextActionId(run, 'pilot'), runId: run.id, batch: run.behind.length });
    return;
  }
  const patch = replanDeterministically(boundary);
  // The plan as it was batched stays as it is while nothing failed.
  const kept = need.why === 'no_failure' ? { ...patch, batches: run.ahead.slice(1) } : patch;
  applyBoundary(draft, run, kept, toRecordPart(need.why));
}

const reasons: Record<string, string> = {
  stopping: 'the run is being stopped',
  disabled: 'it is switched off in the policy',
  no_failure: 'nothing failed',
  nothing_runnable: 'nothing is left that could run within its attempts',
};

function toRecordPart(why: string): Pick<BoundaryRecord, 'source' | 'seconds' | 'spend'> {
  return { source: { kind: 'not_called', why: reasons[why] ?? why }, seconds: 0, spend: nothingSpent };
}
