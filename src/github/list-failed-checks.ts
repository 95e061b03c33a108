// What others say that failed on a commit, as check runs and as the older commit statuses. All of it is text of strangers.
import type { Octokit } from '@octokit/rest';
import type { Repository } from '../core/model/subject.ts';
import type { Annotation, FailedCheck } from '../engine/port/github.ts';
import { call, callOrAbsent, callOrNotAllowed } from './call.ts';
import type { OctokitPool } from './octokit-pool.ts';
import { pageSize, readPages } from './read-pages.ts';

interface Place {
  readonly rest: Octokit['rest'];
  readonly owner: string;
  readonly repo: string;
}

/** One that was cancelled or waits for somebody says nothing that could be mended. */
const failing: readonly string[] = ['failure', 'timed_out'];
const failingStates: readonly string[] = ['failure', 'error'];

/** GitHub keeps a thousand of each for a commit. */
const pagesAtMost = 10;
/** An agent is told of no more of them, and nobody reads what it is not told. */
const annotatedAtMost = 10;
const annotationsAtMost = 30;

export async function listFailedChecks(
  pool: OctokitPool,
  repository: Repository,
  headSha: string,
): Promise<FailedCheck[]> {
  const place: Place = { rest: pool.of(repository).rest, owner: repository.owner, repo: repository.name };
  const runs = await listRuns(place, pool.appId, headSha);
  return [...runs, ...(await listStatuses(place, headSha))];
}

async function listRuns({ rest, owner, repo }: Place, appId: number, ref: string): Promise<FailedCheck[]> {
  const all = await readPages(pagesAtMost, async (page) => {
    const { data } = await call('list checks of others', () =>
      rest.checks.listForRef({ owner, repo, ref, filter: 'latest', per_page: pageSize, page }),
    );
    return data.check_runs;
  });
  const failed = all.filter(
    ({ app, conclusion }) => app?.id !== appId && conclusion !== null && failing.includes(conclusion),
  );
  const read: FailedCheck[] = [];
  let annotated = 0;
  for (const { id, app, name, conclusion, output } of failed) {
    const isRead = output.annotations_count > 0 && annotated < annotatedAtMost;
    if (isRead) annotated += 1;
    read.push({
      ...{ app: app?.name ?? '', name, conclusion: conclusion ?? '' },
      ...{ title: output.title ?? '', summary: output.summary ?? '', text: output.text ?? '' },
      annotations: isRead ? await listAnnotations({ rest, owner, repo }, id) : [],
    });
  }
  return read;
}

/** None of a run that is gone by now. */
async function listAnnotations({ rest, owner, repo }: Place, id: number): Promise<Annotation[]> {
  const answer = await callOrAbsent('list what a check has beside lines', () =>
    rest.checks.listAnnotations({ owner, repo, check_run_id: id, per_page: annotationsAtMost }),
  );
  return (answer?.data ?? []).map(({ path, start_line: line, message }) => ({ path, line, message: message ?? '' }));
}

/**
 * The newest of each context. Much of what does not run on GitHub still reports by these. Whoever installed the App before it
 * asked for them may not have allowed it.
 */
async function listStatuses({ rest, owner, repo }: Place, ref: string): Promise<FailedCheck[]> {
  const all = await readPages(pagesAtMost, async (page) => {
    const answer = await callOrNotAllowed('list statuses', () =>
      rest.repos.getCombinedStatusForRef({ owner, repo, ref, per_page: pageSize, page }),
    );
    return answer?.data.statuses ?? [];
  });
  return all
    .filter(({ state }) => failingStates.includes(state))
    .map(({ context, state, description, target_url: url }) => ({
      ...{ app: 'commit status', name: context, conclusion: state },
      ...{ title: description ?? '', summary: url ?? '', text: '', annotations: [] },
    }));
}
