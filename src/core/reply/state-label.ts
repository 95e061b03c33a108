import { type Run, toPhase } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';

/** How a run stands, as a label that commands nothing. */
export const stateLabels: readonly string[] = [
  'pilot:queued',
  'pilot:working',
  'pilot:needs-input',
  'pilot:ready',
  'pilot:failed',
  'pilot:stopped',
];

/** The one that the thread of the run is to bear. */
export function toStateLabel(run: Run | undefined): string | undefined {
  if (!run?.policy.showsState) return undefined;
  // Whoever looks for what waits for people finds it, also while others of its tasks work.
  if (listOpenQuestions(run).length > 0) return 'pilot:needs-input';
  if (isQueued(run)) return 'pilot:queued';
  if (toPhase(run.state) === 'working') return 'pilot:working';
  switch (run.state.kind) {
    case 'awaiting_approval':
    case 'needs_input':
      return 'pilot:needs-input';
    case 'paused':
      // One that looks by itself whether an outage is over asks nobody for anything.
      return run.state.lookAt === undefined || !run.state.cause ? 'pilot:needs-input' : 'pilot:working';
    case 'ready':
      return 'pilot:ready';
    case 'failed':
      return 'pilot:failed';
    case 'stopped':
      return 'pilot:stopped';
    default:
      return undefined;
  }
}

/** Others are to be merged before it; one whose turn comes at once does not wait. */
function isQueued({ state }: Run): boolean {
  if (state.kind !== 'merging' || state.by.kind !== 'command') return false;
  return state.by.phase === 'waiting' && (state.by.ahead ?? 0) > 0;
}
