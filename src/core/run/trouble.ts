// The world outside failed while an action of ours worked: tried again a few times with growing pauses, then told.
import type { Cause } from '../model/cause.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note } from './draft.ts';

const pausesMs = [2_000, 10_000, 30_000];

/** Counts one more failure in a row. Past the bound the run fails with the cause; before it the state asks again. */
export function recordTrouble(draft: Draft, run: Run, kind: string, cause: Cause): void {
  const count = (run.troubles[kind] ?? 0) + 1;
  run.troubles[kind] = count;
  note(draft, 'trouble', `${kind} failed for a reason outside of the task (${count} in a row)`, { cause });
  // What is being ended anyway ends as what was asked for.
  if (run.state.kind === 'stopping') return;
  if (count <= pausesMs.length && isWorthRetrying(cause)) return;
  enter(draft, run, { kind: 'failed', since: draft.now, cause });
}

function isWorthRetrying(cause: Cause): boolean {
  return cause.kind === 'infrastructure' || cause.kind === 'model_unavailable';
}

export function clearTrouble(run: Run, kind: string): void {
  delete run.troubles[kind];
}

export function backoffUntil(draft: Draft, run: Run, kind: string): number | undefined {
  const count = run.troubles[kind] ?? 0;
  return count === 0 ? undefined : draft.now + (pausesMs[count - 1] ?? 0);
}
