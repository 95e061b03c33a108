import { nameLabel, type StateWord, stateWords } from '../command/own-label.ts';
import type { SubjectRecord } from '../model/record.ts';
import { type Run, toPhase } from '../model/run.ts';
import { listOpenQuestions } from '../question/list-questions.ts';

/** All that there are by the prefixes of these runs, for whoever makes one of them what is shown. */
export function listStateLabels(runs: readonly Run[]): string[] {
  const prefixes = new Set([undefined, ...runs.map(({ policy }) => policy.labelPrefix)]);
  return [...prefixes].flatMap((prefix) => stateWords.map((word) => nameLabel(prefix, word)));
}

/** How a run stands, as a label that commands nothing. */
export function toStateLabel(run: Run | undefined): string | undefined {
  const word = run?.policy.showsState ? toStateWord(run) : undefined;
  return word && nameLabel(run?.policy.labelPrefix, word);
}

/** Threads that may bear one, each with the one that it is to bear: the run's own, its pull request's, and those of runs before it. */
export function listLabelledThreads(record: SubjectRecord): ReadonlyMap<number, string | undefined> {
  const { run, number } = record;
  const has = toStateLabel(run);
  const before = (record.ended ?? []).flatMap((one) => one.run.pullRequest?.number ?? []);
  const threads = new Map<number, string | undefined>(before.map((thread) => [thread, undefined]));
  threads.set(number, has);
  if (run?.pullRequest) threads.set(run.pullRequest.number, has);
  return threads;
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
