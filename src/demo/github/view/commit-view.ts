import type { Commit, Signature } from '../git/commit.ts';
import type { FileDiff } from '../git/diff.ts';
import type { Account } from '../state/account.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { userView } from './account-view.ts';
import { iso, nodeId } from './format.ts';
import { repositoryApiUrl, repositoryHtmlUrl } from './repository-view.ts';
import type { Schemas } from './schema.ts';

/** The account an e-mail address of a commit belongs to, also by GitHub's no-reply form `id+login@…`. */
export function accountByEmail(world: World, email: string): Account | undefined {
  const login = /^(?:\d+\+)?(.+)@users\.noreply\./.exec(email)?.[1]?.toLowerCase();
  return [...world.accounts.values()].find(
    (account) => account.email === email || account.login.toLowerCase() === login,
  );
}

function utc(date: string): string {
  return iso(Date.parse(date));
}

function gitUser(signature: Signature) {
  return { name: signature.name, email: signature.email, date: utc(signature.date) };
}

const verification = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

export function commitView(world: World, repository: Repository, commit: Commit): Schemas['commit'] {
  const url = repositoryApiUrl(world, repository);
  const user = (signature: Signature) => {
    const account = accountByEmail(world, signature.email);
    return account ? userView(world, account.login) : null;
  };
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: `${url}/commits/${commit.sha}`,
    html_url: commitHtmlUrl(world, repository, commit.sha),
    comments_url: `${url}/commits/${commit.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${commit.sha}`,
      author: gitUser(commit.author),
      committer: gitUser(commit.committer),
      message: commit.message,
      comment_count: 0,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      verification,
    },
    author: user(commit.author),
    committer: user(commit.committer),
    parents: commit.parents.map((sha) => parentView(world, repository, sha)),
  };
}

function parentView(world: World, repository: Repository, sha: string) {
  return {
    sha,
    url: `${repositoryApiUrl(world, repository)}/commits/${sha}`,
    html_url: commitHtmlUrl(world, repository, sha),
  };
}

export function commitHtmlUrl(world: World, repository: Repository, sha: string): string {
  return `${repositoryHtmlUrl(world, repository)}/commit/${sha}`;
}

/** The form of the git database. */
export function gitCommitView(world: World, repository: Repository, commit: Commit): Schemas['git-commit'] {
  const url = repositoryApiUrl(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId('Commit', commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: commitHtmlUrl(world, repository, commit.sha),
    author: gitUser(commit.author),
    committer: gitUser(commit.committer),
    message: commit.message,
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    parents: commit.parents.map((sha) => parentView(world, repository, sha)),
    verification,
  };
}

export function fileDiffView(
  world: World,
  repository: Repository,
  at: { sha: string; file: FileDiff },
): Schemas['diff-entry'] {
  const { file, sha } = at;
  const path = file.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.blobSha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${repositoryHtmlUrl(world, repository)}/blob/${sha}/${path}`,
    raw_url: `${repositoryHtmlUrl(world, repository)}/raw/${sha}/${path}`,
    contents_url: `${repositoryApiUrl(world, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousPath === undefined ? {} : { previous_filename: file.previousPath }),
  };
}

/** A commit as webhooks show it. */
export function pushedCommitView(world: World, repository: Repository, commit: Commit) {
  const person = (signature: Signature) => {
    const account = accountByEmail(world, signature.email);
    return {
      name: signature.name,
      email: signature.email,
      date: signature.date,
      ...(account ? { username: account.login } : {}),
    };
  };
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: commitHtmlUrl(world, repository, commit.sha),
    author: person(commit.author),
    committer: person(commit.committer),
  };
}
