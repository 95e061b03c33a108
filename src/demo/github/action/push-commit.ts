// A commit made from file contents and put on a branch: what a person's `git push` does, without their git.
import { type Signature, writeCommit } from '../git/commit.ts';
import type { Git } from '../git/git.ts';
import { compareAndSwapRef, isAncestor, readRef, resolveCommit } from '../git/refs.ts';
import { writeBlob, writeTree } from '../git/tree.ts';
import type { Actor } from '../state/actor.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { requirePushAllowed } from './push-rule.ts';
import { changeRefs } from './ref-change.ts';

export type FileContents = Readonly<Record<string, string | null>>;

export async function commitFiles(
  git: Git,
  of: { parents: readonly string[]; files: FileContents; message: string; author: Signature },
): Promise<string> {
  // Each content once: a large repository is made of many files that say the same.
  const blobs = new Map<string, Promise<string>>();
  const toSha = (content: string) => {
    const known = blobs.get(content) ?? writeBlob(git, content);
    blobs.set(content, known);
    return known;
  };
  const changes = await Promise.all(
    Object.entries(of.files).map(async ([path, content]) => ({
      path,
      mode: '100644',
      sha: content === null ? null : await toSha(content),
    })),
  );
  const tree = await writeTree(git, of.parents[0], changes);
  return writeCommit(git, { tree, parents: of.parents, message: of.message, author: of.author, committer: of.author });
}

export interface BranchCommit {
  readonly actor: Actor;
  readonly branch: string;
  readonly files: FileContents;
  readonly message: string;
  readonly author: Signature;
  /** Branch or commit. Default: the branch's tip, for a new branch the default branch's. */
  readonly from?: string | undefined;
  readonly force?: boolean | undefined;
}

export async function pushFiles(world: World, repository: Repository, commit: BranchCommit): Promise<string> {
  const { git } = repository;
  return changeRefs(world, repository, commit.actor, async () => {
    const ref = `refs/heads/${commit.branch}`;
    const tip = await readRef(git, ref);
    const parent = await resolveCommit(git, commit.from ?? tip ?? repository.defaultBranch);
    if (parent === undefined) throw new Refusal(422, `There is no commit ${commit.from ?? repository.defaultBranch}`);
    if (tip !== undefined && commit.force !== true && !(await isAncestor(git, tip, parent))) {
      throw new Refusal(422, 'Updates were rejected because the tip of the branch is not contained in it');
    }
    const sha = await commitFiles(git, { ...commit, parents: [parent] });
    await requirePushAllowed(repository, { actor: commit.actor, branch: commit.branch, before: tip, after: sha });
    if (!(await compareAndSwapRef(git, { ref, from: tip, to: sha }))) throw new Refusal(409, 'The branch was moved');
    return sha;
  });
}
