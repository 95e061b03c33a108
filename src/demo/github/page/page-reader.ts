import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Actions } from '../action/actions.ts';
import { type Commit, readCommit, readCommits } from '../git/commit.ts';
import { readDiff } from '../git/diff.ts';
import type { Git } from '../git/git.ts';
import { isCommit } from '../git/refs.ts';
import { findRepository } from '../state/find.ts';
import { notFound } from '../state/refusal.ts';
import type { CommitSnapshot, Snapshot } from '../state/snapshot.ts';
import type { World } from '../state/world.ts';
import type { PageView, RepositoryView } from './page-view.ts';

export const actorCookie = 'local-github-actor';

const maxRecentCommits = 8;
/** Git knows it without it being in the repository. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

/** What pages are rendered from. Its methods throw a Refusal for what does not exist. */
export interface PageReader {
  readPage(context: Context): Promise<PageView>;
  readRepository(context: Context, owner: string, name: string): Promise<RepositoryView>;
  /** Newest first. */
  readRecentCommits(view: RepositoryView): Promise<readonly CommitSnapshot[]>;
  readCommit(view: RepositoryView, sha: string): Promise<{ commit: CommitSnapshot; diff: string }>;
}

export function createPageReader(world: World, act: Actions): PageReader {
  return { readPage, readRepository, readRecentCommits, readCommit: readCommitAndDiff };

  async function readPage(context: Context): Promise<PageView> {
    const snapshot = await act.readState();
    const { pathname } = new URL(context.req.url);
    return {
      snapshot,
      actor: actorOf(snapshot, getCookie(context, actorCookie)),
      origin: world.origin,
      here: pathname,
    };
  }

  async function readRepository(context: Context, owner: string, name: string): Promise<RepositoryView> {
    const page = await readPage(context);
    const wanted = `${owner}/${name}`.toLowerCase();
    const repository = page.snapshot.repositories.find((candidate) => candidate.fullName.toLowerCase() === wanted);
    if (repository === undefined) throw notFound();
    return { ...page, repository, repositoryPath: `/${repository.fullName}` };
  }

  async function readRecentCommits({ repository }: RepositoryView): Promise<readonly CommitSnapshot[]> {
    const tip = repository.branches[repository.defaultBranch];
    if (tip === undefined) return [];
    const commits = await readCommits(gitOf(repository.fullName), [`--max-count=${maxRecentCommits}`, tip]);
    return commits.map(summaryOf);
  }

  async function readCommitAndDiff(view: RepositoryView, sha: string) {
    const git = gitOf(view.repository.fullName);
    if (!(await isCommit(git, sha))) throw notFound();
    const commit = await readCommit(git, sha);
    return { commit: summaryOf(commit), diff: await readDiff(git, commit.parents[0] ?? emptyTree, sha) };
  }

  function gitOf(fullName: string): Git {
    const repository = findRepository(world, fullName);
    if (repository === undefined) throw notFound();
    return repository.git;
  }
}

/** The chosen person when there is one of that name, else somebody who owns a repository, else anybody. */
function actorOf(snapshot: Snapshot, chosen: string | undefined): string {
  const people = snapshot.accounts.filter((account) => account.kind === 'User').map((account) => account.login);
  const owners = snapshot.repositories.map((repository) => repository.fullName.split('/')[0]);
  const person =
    people.find((login) => login === chosen) ?? people.find((login) => owners.includes(login)) ?? people[0];
  return person ?? '';
}

function summaryOf(commit: Commit): CommitSnapshot {
  return { sha: commit.sha, message: commit.message, author: commit.author.name, date: commit.author.date };
}
