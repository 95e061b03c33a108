// What git says about pull requests. Nothing of it is kept, except the last answer to "does it merge".
import { countCommits, writeCommit } from '../git/commit.ts';
import { readFileDiffs } from '../git/diff.ts';
import { mergeTree } from '../git/merge-tree.ts';
import { readMergeBase, readRef, readRefs, setRef } from '../git/refs.ts';
import type { PullIssue } from '../state/find.ts';
import type { Mergeability } from '../state/pull.ts';
import type { Repository } from '../state/repository.ts';
import { readMergeBlockers } from './merge-blockers.ts';

export interface PullState {
  readonly headSha: string;
  /** Null: not computed for this head and base, or not open. */
  readonly mergeable: boolean | null;
  readonly mergeableState: string;
  readonly testMergeSha: string | null;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** Head commits by pull request number. */
export async function readPullHeads(repository: Repository): Promise<ReadonlyMap<number, string>> {
  const refs = await readRefs(repository.git, ['refs/pull']);
  return new Map(
    [...refs].flatMap(([ref, sha]) => {
      const number = /^refs\/pull\/(\d+)\/head$/.exec(ref)?.[1];
      return number === undefined ? [] : [[Number(number), sha]];
    }),
  );
}

export async function readHeadSha(repository: Repository, number: number): Promise<string> {
  const sha = await readRef(repository.git, `refs/pull/${number}/head`);
  if (sha === undefined) throw new Error(`${repository.fullName} has no refs/pull/${number}/head`);
  return sha;
}

export interface Sides {
  readonly headSha: string;
  /** The base branch's tip; for a closed pull request the last base it was compared with. */
  readonly baseSha: string;
  readonly mergeBase: string;
}

export async function readSides(repository: Repository, pull: PullIssue): Promise<Sides> {
  const headSha = await readHeadSha(repository, pull.number);
  const tip = pull.state === 'open' ? await readRef(repository.git, `refs/heads/${pull.pull.baseRef}`) : undefined;
  const baseSha = tip ?? pull.pull.baseSha;
  return { headSha, baseSha, mergeBase: (await readMergeBase(repository.git, baseSha, headSha)) ?? baseSha };
}

export async function readPullState(repository: Repository, pull: PullIssue): Promise<PullState> {
  const sides = await readSides(repository, pull);
  const known = pull.state === 'open' ? knownMergeability(pull, sides) : undefined;
  const [commits, files] = await Promise.all([
    countCommits(repository.git, `${sides.mergeBase}..${sides.headSha}`),
    readFileDiffs(repository.git, sides.mergeBase, sides.headSha),
  ]);
  return {
    headSha: sides.headSha,
    mergeable: known ? known.mergeCommit !== undefined : null,
    mergeableState: known ? await readMergeableState(repository, pull, { sides, known }) : 'unknown',
    testMergeSha: known?.mergeCommit ?? null,
    commits,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
    changedFiles: files.length,
  };
}

function knownMergeability(pull: PullIssue, sides: Sides): Mergeability | undefined {
  const known = pull.pull.mergeability;
  return known?.headSha === sides.headSha && known.baseSha === sides.baseSha ? known : undefined;
}

async function readMergeableState(
  repository: Repository,
  pull: PullIssue,
  at: { sides: Sides; known: Mergeability },
): Promise<string> {
  if (at.known.mergeCommit === undefined) return 'dirty';
  if (pull.pull.draft) return 'draft';
  const blockers = await readMergeBlockers(repository, pull, at.sides);
  if (blockers.some((blocker) => blocker.kind === 'behind')) return 'behind';
  if (blockers.length > 0) return 'blocked';
  const runs = [...repository.checkRuns.values()].filter((run) => run.headSha === at.sides.headSha);
  const unhappy = runs.some((run) => !['success', 'neutral', 'skipped'].includes(run.conclusion ?? ''));
  return unhappy ? 'unstable' : 'clean';
}

/** Tries the merge and keeps the answer, with the test merge commit at `refs/pull/<number>/merge`. */
export async function computeMergeability(repository: Repository, pull: PullIssue): Promise<Mergeability> {
  const sides = await readSides(repository, pull);
  const known = knownMergeability(pull, sides);
  if (known) return known;
  const { git } = repository;
  const merge = await mergeTree(git, sides.baseSha, sides.headSha);
  let mergeCommit: string | undefined;
  if (merge.kind === 'merged') {
    const person = { name: 'GitHub', email: 'noreply@github.com', date: new Date().toISOString() };
    const message = `Merge ${sides.headSha} into ${sides.baseSha}`;
    const parents = [sides.baseSha, sides.headSha];
    mergeCommit = await writeCommit(git, { tree: merge.tree, parents, message, author: person, committer: person });
    await setRef(git, `refs/pull/${pull.number}/merge`, mergeCommit);
  }
  const computed = { headSha: sides.headSha, baseSha: sides.baseSha, mergeCommit };
  pull.pull.mergeability = computed;
  return computed;
}
