// The end of a batch. Without a failure the next batch simply starts: no call, no job, no comment. With one, the pilot
// is asked when there is something left to decide; otherwise the deterministic plan goes on.
import type { BoundaryRecord, Run } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { isPilotNeeded } from '../pilot/pilot-needed.ts';
import { replanDeterministically } from '../pilot/replan-deterministically.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { applyBoundary, finishExecuting } from './apply-boundary.ts';
import { askForPart, reserve } from './budget.ts';
import { type Draft, enter, listWork, nextActionId, want } from './draft.ts';
import { endRoundBatch } from './fix-round.ts';
import { declineAbort } from './propose-abort.ts';
import { listWaitingBuilt, skipWaiting } from './task-state.ts';
import { toBoundary } from './to-boundary.ts';

export function decideBoundary(draft: Draft, run: Run): void {
  if (listWork(draft).length > 0) return;
  if (run.finishing) return finishBatches(draft, run, run.finishing.by);
  const round = findOpenRound(run);
  if (round && run.ahead[0]?.includes(round.task)) return endRoundBatch(draft, run, round);
  if (run.proposal) return declineAbort(draft, run, run.proposal);
  const boundary = toBoundary(run);
  const need = isPilotNeeded(boundary);
  if (need.kind === 'call') {
    const limits = askForPart(draft, run, 1);
    // It is not needed where the run's own limits leave it nothing.
    if (typeof limits === 'string') return;
    const id = nextActionId(run, 'pilot');
    reserve(draft, run, id, limits);
    want(draft, { kind: 'pilot', id, runId: run.id, batch: run.behind.length, limits });
    return;
  }
  const patch = replanDeterministically(boundary);
  // The plan as it was batched stays as it is while nothing failed.
  const kept = need.why === 'no_failure' ? { ...patch, batches: run.ahead.slice(1) } : patch;
  applyBoundary(draft, run, kept, toRecordPart(need.why));
}

const reasons: Record<string, string> = {
  stopping: 'the run is being stopped',
  disabled: 'it is switched off in the policy, or a limit of the run leaves it nothing to decide',
  no_failure: 'nothing failed',
  nothing_runnable: 'nothing is left that could run within its attempts',
};

function toRecordPart(why: string): Pick<BoundaryRecord, 'source' | 'seconds' | 'spend'> {
  return { source: { kind: 'not_called', why: reasons[why] ?? why }, seconds: 0, spend: nothingSpent };
}

/**
 * No batch follows in which anybody would work: what was merged is delivered, and nobody is asked what else could be done.
 * What is built and waits for its merge is one last batch. The same ones are not merged once more: they would fail as they did.
 */
function finishBatches(draft: Draft, run: Run, by: string): void {
  const over = run.ahead[0] ?? [];
  const built = listWaitingBuilt(run);
  const isLeft = built.length !== over.length || built.some(({ key }) => !over.includes(key));
  const last = isLeft ? built : [];
  skipWaiting(run, by, last);
  run.behind.push(over);
  run.ahead = last.length > 0 ? [last.map(({ key }) => key)] : [];
  for (const task of last) task.state = { kind: 'pending' };
  if (last.length > 0) return enter(draft, run, { kind: 'executing', since: draft.now, phase: 'attempting' });
  finishExecuting(draft, run);
}
