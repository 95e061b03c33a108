import type { Run, RunState } from '../model/run.ts';
import { cancelWork, type Draft, enter, hasHolders, note } from './draft.ts';
import { endReported } from './end-reported.ts';

/**
 * A stop has ended when nothing that works for the run is left; only then is it told. An action that was pending when
 * it was cancelled may have begun in between, so the end is taken from a later look, never from the same one.
 */
export function decideStopping(draft: Draft, run: Run, state: Extract<RunState, { kind: 'stopping' }>): void {
  cancelWork(draft);
  if (hasHolders(draft)) return;
  endStop(draft, run, state.by);
}

export function endStop(draft: Draft, run: Run, by: string): void {
  if (run.pullRequest?.state === 'merged') {
    // The stop came too late for the merge, and that is what is told.
    return enter(draft, run, { kind: 'merging', since: draft.now, by: { kind: 'person' } });
  }
  // So does one that came too late for the report: what was found is not thrown away.
  if (run.reads && run.tasks.some(({ state }) => state.kind === 'reported')) return endReported(draft, run);
  note(draft, 'stopped', `stopped by @${by}`);
  enter(draft, run, { kind: 'stopped', since: draft.now, by });
}
