import type { CheckSnapshot, PullSnapshot } from '../state/snapshot.ts';
import type { IconName } from './icon.ts';
import type { RepositoryView } from './page-view.ts';

/** A line of the list of checks: a run, or a required one that nobody has reported. */
export interface CheckLine {
  readonly name: string;
  readonly run: CheckSnapshot | undefined;
  readonly isRequired: boolean;
}

/** The newest run of each name and App, and what an open pull request still waits for. */
export function checkLines(pull: PullSnapshot, view: RepositoryView): readonly CheckLine[] {
  const required = view.repository.protection[pull.baseRef]?.requiredChecks ?? [];
  const newest = new Map<string, CheckSnapshot>();
  for (const run of pull.checks) {
    const key = JSON.stringify([run.app, run.name]);
    if ((newest.get(key)?.id ?? 0) < run.id) newest.set(key, run);
  }
  const runs = [...newest.values()];
  const meets = (run: CheckSnapshot, check: { context: string; appId: number | null }) =>
    run.name === check.context && (check.appId === null || check.appId === appIdOf(run, view));
  const lines = runs.map((run) => ({ name: run.name, run, isRequired: required.some((check) => meets(run, check)) }));
  const expected = (pull.state === 'open' ? required : [])
    .filter((check) => !runs.some((run) => meets(run, check)))
    .map((check) => ({ name: check.context, run: undefined, isRequired: true }));
  return [...lines, ...expected].toSorted((left, right) => Number(right.isRequired) - Number(left.isRequired));
}

function appIdOf(run: CheckSnapshot, view: RepositoryView): number | undefined {
  return view.snapshot.apps.find((app) => app.slug === run.app)?.id;
}

export type CheckTone = 'good' | 'bad' | 'waiting' | 'attention' | 'neutral';

export interface CheckState {
  readonly tone: CheckTone;
  readonly icon: IconName;
  readonly text: string;
}

export function checkState(run: CheckSnapshot | undefined): CheckState {
  if (run === undefined) return { tone: 'waiting', icon: 'waiting', text: 'Expected, not reported yet' };
  if (run.status === 'queued') return { tone: 'waiting', icon: 'waiting', text: 'Queued' };
  if (run.status === 'in_progress') return { tone: 'waiting', icon: 'running', text: 'In progress' };
  switch (run.conclusion) {
    case 'success':
      return { tone: 'good', icon: 'success', text: 'Successful' };
    case 'failure':
      return { tone: 'bad', icon: 'failure', text: 'Failed' };
    case 'timed_out':
      return { tone: 'bad', icon: 'failure', text: 'Timed out' };
    case 'action_required':
      return { tone: 'attention', icon: 'attention', text: 'Action required' };
    case 'cancelled':
      return { tone: 'neutral', icon: 'stopped', text: 'Cancelled' };
    case 'skipped':
      return { tone: 'neutral', icon: 'stopped', text: 'Skipped' };
    default:
      return { tone: 'neutral', icon: 'neutral', text: 'Neutral' };
  }
}
