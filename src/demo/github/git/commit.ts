import type { Git } from './git.ts';

export interface Signature {
  readonly name: string;
  readonly email: string;
  /** ISO date with zone. */
  readonly date: string;
}

export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

const fields = ['%H', '%T', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'];

/** `selection` is what `git log` selects by: `a..b`, a SHA, `--max-count=…`, `--reverse`. */
/** With `paths`: only commits that changed one of them. */
export async function readCommits(
  git: Git,
  selection: readonly string[],
  paths: readonly string[] = [],
): Promise<readonly Commit[]> {
  const format = `--format=tformat:${fields.join('%x00')}`;
  const text = (await git.run(['log', '-z', format, ...selection, '--', ...paths])).stdout;
  const parts = text.toString().split('\0');
  const commits: Commit[] = [];
  for (let start = 0; start + fields.length <= parts.length; start += fields.length) {
    commits.push(commitOf(parts.slice(start, start + fields.length)));
  }
  return commits;
}

function commitOf(parts: readonly string[]): Commit {
  const [sha = '', tree = '', parents = '', name = '', email = '', date = '', cname = '', cemail = '', cdate = ''] =
    parts;
  return {
    sha,
    tree,
    parents: parents === '' ? [] : parents.split(' '),
    author: { name, email, date },
    committer: { name: cname, email: cemail, date: cdate },
    message: (parts[9] ?? '').replace(/\n+$/, ''),
  };
}

export async function readCommit(git: Git, sha: string): Promise<Commit> {
  const [commit] = await readCommits(git, ['--max-count=1', sha]);
  if (!commit) throw new Error(`no commit ${sha}`);
  return commit;
}

export async function countCommits(git: Git, range: string): Promise<number> {
  return Number(await git.text(['rev-list', '--count', range, '--']));
}

export interface NewCommit {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Signature;
  readonly committer: Signature;
}

export async function writeCommit(git: Git, commit: NewCommit): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  return git.text(['commit-tree', commit.tree, ...parents], {
    input: commit.message,
    environment: {
      GIT_AUTHOR_NAME: commit.author.name,
      GIT_AUTHOR_EMAIL: commit.author.email,
      GIT_AUTHOR_DATE: commit.author.date,
      GIT_COMMITTER_NAME: commit.committer.name,
      GIT_COMMITTER_EMAIL: commit.committer.email,
      GIT_COMMITTER_DATE: commit.committer.date,
    },
  });
}
