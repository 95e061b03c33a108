// Commits and comparisons of them.
import { readPullHeads } from '../action/pull-state.ts';
import { type Commit, countCommits, readCommit, readCommits } from '../git/commit.ts';
import { readDiff, readFileDiffs } from '../git/diff.ts';
import { isAncestor, readMergeBase, resolveCommit } from '../git/refs.ts';
import { findRepository, pullsOf } from '../state/find.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { commitView, fileDiffView } from '../view/commit-view.ts';
import { simplePullView } from '../view/pull-view.ts';
import { repositoryApiUrl, repositoryHtmlUrl } from '../view/repository-view.ts';
import type { RepositoryCall } from './call.ts';
import { listPage } from './paginate.ts';
import { type Answer, needs, ok, type Route, repositoryRoute } from './route.ts';

export function diffAnswer(diff: string): Answer {
  return { status: 200, text: { content: diff, type: 'application/vnd.github.diff; charset=utf-8' } };
}

export async function commitByRef(repository: Repository, ref: string): Promise<string> {
  const sha = await resolveCommit(repository.git, ref);
  if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}

/** The empty tree, which the first commit is compared with. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

async function getCommit({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const commit = await readCommit(repository.git, await commitByRef(repository, call.parameter('ref')));
  const before = commit.parents[0] ?? emptyTree;
  if (call.wants('diff')) return diffAnswer(await readDiff(repository.git, before, commit.sha));
  const files = await readFileDiffs(repository.git, before, commit.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return ok({
    ...commitView(world, repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map((file) => fileDiffView(world, repository, { sha: commit.sha, file })),
  });
}

async function listCommits({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sha = await commitByRef(repository, call.query.get('sha') ?? repository.defaultBranch);
  const path = call.query.get('path');
  const commits = await readCommits(repository.git, [sha], path === null ? [] : [path]);
  return listPage(call, commits, (commit) => commitView(world, repository, commit));
}

/** One side of a comparison: a ref of this repository, or `owner:ref` of a fork. */
async function sideOf(world: World, repository: Repository, name: string): Promise<string> {
  const colon = name.indexOf(':');
  const source = colon < 0 ? repository : findRepository(world, `${name.slice(0, colon)}/${repository.name}`);
  const sha = source && (await resolveCommit(source.git, name.slice(colon + 1)));
  if (!source || sha === undefined) throw notFound();
  if (source.id !== repository.id) {
    await repository.git.run(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', source.git.folder, sha]);
  }
  return sha;
}

async function compare({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const basehead = call.parameter('basehead');
  const [, baseName, headName] = /^(.+?)\.\.\.(.+)$/.exec(basehead) ?? [];
  if (baseName === undefined || headName === undefined) throw notFound();
  const base = await sideOf(world, repository, baseName);
  const head = await sideOf(world, repository, headName);
  const { git } = repository;
  const mergeBase = await readMergeBase(git, base, head);
  if (mergeBase === undefined) throw new Refusal(404, 'No common ancestor between the two commits');
  if (call.wants('diff')) return diffAnswer(await readDiff(git, mergeBase, head));
  const commits = await readCommits(git, ['--reverse', `${base}..${head}`]);
  const behind = await countCommits(git, `${head}..${base}`);
  const files = await readFileDiffs(git, mergeBase, head);
  const html = `${repositoryHtmlUrl(world, repository)}/compare/${basehead}`;
  const view = (commit: Commit) => commitView(world, repository, commit);
  const page = await listPage(call, commits, view);
  return {
    ...page,
    body: {
      url: `${repositoryApiUrl(world, repository)}/compare/${basehead}`,
      html_url: html,
      permalink_url: `${repositoryHtmlUrl(world, repository)}/compare/${base}...${head}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: view(await readCommit(git, base)),
      merge_base_commit: view(await readCommit(git, mergeBase)),
      status: comparisonStatus(commits.length, behind),
      ahead_by: commits.length,
      behind_by: behind,
      total_commits: commits.length,
      commits: page.body,
      // GitHub shows at most 300 files.
      files: files.slice(0, 300).map((file) => fileDiffView(world, repository, { sha: head, file })),
    },
  };
}

function comparisonStatus(ahead: number, behind: number): 'identical' | 'ahead' | 'behind' | 'diverged' {
  if (ahead === 0) return behind === 0 ? 'identical' : 'behind';
  return behind === 0 ? 'ahead' : 'diverged';
}

/** Pull requests that have the commit: open ones, and the merged one that brought it in. */
async function listPulls({ call, world, repository }: RepositoryCall): Promise<Answer> {
  const sha = await commitByRef(repository, call.parameter('commit_sha'));
  const heads = await readPullHeads(repository);
  const candidates = pullsOf(repository).filter((issue) => issue.state === 'open' || issue.pull.merged);
  const having = await Promise.all(
    candidates.map(async (issue) => {
      const head = heads.get(issue.number);
      if (issue.pull.merged?.sha === sha) return true;
      const has = head !== undefined && (await isAncestor(repository.git, sha, head));
      return has && !(await isAncestor(repository.git, sha, issue.pull.baseSha));
    }),
  );
  const found = candidates.filter((_, position) => having[position]);
  return listPage(call, found, (issue) => simplePullView(world, repository, issue));
}

export const commitRoutes: readonly Route[] = [
  repositoryRoute('GET /commits', needs.readContents, listCommits),
  repositoryRoute('GET /compare/{basehead}', needs.readContents, compare),
  repositoryRoute('GET /commits/{commit_sha}/pulls', needs.readPulls, listPulls),
  repositoryRoute('GET /commits/{ref}', needs.readContents, getCommit),
];
