import type { ArchivedRun } from '../model/archived-run.ts';
import type { Run } from '../model/run.ts';
import { renderHeadline } from './headline.ts';

export function summariseRun(
  run: Run,
  { artifact, archivedAt }: Pick<ArchivedRun, 'artifact' | 'archivedAt'>,
): ArchivedRun {
  return {
    id: run.id,
    startedAt: run.startedAt,
    startedBy: run.startedBy.login,
    endedAt: run.state.since,
    archivedAt,
    state: run.state.kind,
    headline: renderHeadline(run),
    ...(run.pullRequest ? { pullRequest: run.pullRequest.number } : {}),
    tasks: run.tasks.map(({ key, title, state }) => ({ key, title, state: state.kind })),
    spend: run.spend,
    artifact,
  };
}
