import { readPullHeads } from '../action/pull-state.ts';
import { suiteOutcome } from '../action/suite-outcome.ts';
import { readCommit } from '../git/commit.ts';
import type { Annotation, CheckRun, CheckSuite } from '../state/check.ts';
import { appOf, isPull } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { appView } from './app-view.ts';
import { iso, isoOrNull, nodeId } from './format.ts';
import { minimalPullView } from './pull-view.ts';
import { repositoryApiUrl, repositoryHtmlUrl, repositoryView } from './repository-view.ts';
import type { Schemas } from './schema.ts';

/** The open pull requests of this repository, not of forks, that have the commit as their head. */
async function pullsWithHead(world: World, repository: Repository, sha: string) {
  const heads = await readPullHeads(repository);
  return [...repository.issues.values()].flatMap((issue) => {
    const fits = isPull(issue) && issue.state === 'open' && heads.get(issue.number) === sha;
    if (!fits || issue.pull.head.repositoryId !== repository.id) return [];
    return [minimalPullView(world, repository, { pull: issue, headSha: sha })];
  });
}

export async function checkRunView(world: World, repository: Repository, run: CheckRun): Promise<Schemas['check-run']> {
  const url = `${repositoryApiUrl(world, repository)}/check-runs/${run.id}`;
  const html = `${repositoryHtmlUrl(world, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CheckRun', run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: html,
    details_url: run.detailsUrl ?? html,
    status: run.status,
    conclusion: run.conclusion,
    started_at: iso(run.startedAt),
    completed_at: isoOrNull(run.completedAt),
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suiteId },
    app: appView(world, appOf(world, run.appId)),
    pull_requests: await pullsWithHead(world, repository, run.headSha),
  };
}

export function annotationView(
  world: World,
  repository: Repository,
  of: { run: CheckRun; annotation: Annotation },
): Schemas['check-annotation'] {
  const { run, annotation } = of;
  return {
    path: annotation.path,
    blob_href: `${repositoryHtmlUrl(world, repository)}/blob/${run.headSha}/${annotation.path}`,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    start_column: annotation.startColumn,
    end_column: annotation.endColumn,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: annotation.rawDetails,
  };
}

export async function checkSuiteView(
  world: World,
  repository: Repository,
  suite: CheckSuite,
): Promise<Schemas['check-suite']> {
  const commit = await readCommit(repository.git, suite.headSha);
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  const runs = [...repository.checkRuns.values()].filter((run) => run.suiteId === suite.id);
  return {
    ...(await suiteCore(world, repository, suite)),
    app: appView(world, appOf(world, suite.appId)),
    repository: repositoryView(world, repository),
    head_commit: {
      id: commit.sha,
      tree_id: commit.tree,
      message: commit.message,
      timestamp: commit.committer.date,
      author: person(commit.author),
      committer: person(commit.committer),
    },
    latest_check_runs_count: runs.length,
    check_runs_url: `${suiteUrl(world, repository, suite)}/check-runs`,
    rerequestable: true,
    runs_rerequestable: true,
  };
}

/** What a check run's webhook shows of its suite. */
export async function simpleSuiteView(world: World, repository: Repository, suite: CheckSuite) {
  return { ...(await suiteCore(world, repository, suite)), app: appView(world, appOf(world, suite.appId)) };
}

function suiteUrl(world: World, repository: Repository, suite: CheckSuite): string {
  return `${repositoryApiUrl(world, repository)}/check-suites/${suite.id}`;
}

async function suiteCore(world: World, repository: Repository, suite: CheckSuite) {
  return {
    id: suite.id,
    node_id: nodeId('CheckSuite', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteOutcome(repository, suite),
    url: suiteUrl(world, repository, suite),
    before: suite.before,
    after: suite.headSha,
    pull_requests: await pullsWithHead(world, repository, suite.headSha),
    created_at: iso(suite.createdAt),
    updated_at: iso(suite.updatedAt),
  };
}
