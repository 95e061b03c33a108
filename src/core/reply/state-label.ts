import { nameLabel, type StateWord, stateWords } from '../command/own-label.ts';
import { type Run, toPhase } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';

/** All that there are by the prefixes of these runs, for whoever makes one of them what is shown. */
export function listStateLabels(runs: readonly Run[]): string[] {
  const prefixes = new Set([undefined, ...runs.map(({ policy }) => policy.labelPrefix)]);
  return [...prefixes].flatMap((prefix) => stateWords.map((word) => nameLabel(prefix, word)));
}

/** How a run stands, as a label that commands nothing: the one that its thread is to bear. */
export function toStateLabel(run: Run | undefined): string | undefined {
  const word = run?.policy.showsState ? toStateWord(run) : undefined;
  return word && nameLabel(run?.policy.labelPrefix, word);
}

function toStateWord(run: Run): StateWord | undefined {
  // Whoever looks for what waits for people finds it, also while others of its tasks work.
  if (listOpenQuestions(run).length > 0) return 'needs-input';
  if (isQueued(run)) return 'queued';
  if (toPhase(run.state) === 'working') return 'working';
  switch (run.state.kind) {
    case 'awaiting_approval':
    case 'needs_input':
      return 'needs-input';
    case 'paused':
      // One that looks by itself whether an outage is over asks nobody for anything.
      return run.state.lookAt === undefined || !run.state.cause ? 'needs-input' : 'working';
    case 'ready':
      return 'ready';
    case 'failed':
      return 'failed';
    case 'stopped':
      return 'stopped';
    default:
      return undefined;
  }
}

/** Others are to be merged before it; one whose turn comes at once does not wait. */
function isQueued({ state }: Run): boolean {
  if (state.kind !== 'merging' || state.by.kind !== 'command') return false;
  return state.by.phase === 'waiting' && (state.by.ahead ?? 0) > 0;
}
