// `refs/pull/<number>/head`: what GitHub keeps of a pull request's head, also when the branch or the fork is gone.
import { readRef, setRef } from '../git/refs.ts';
import type { PullIssue } from '../state/find.ts';
import type { PullHead } from '../state/pull.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';

/** Points the ref at a commit of the head repository, brought over when that is a fork. */
export async function setPullHead(
  world: World,
  repository: Repository,
  of: { number: number; head: PullHead },
): Promise<string> {
  const { repositoryId, ref } = of.head;
  const source = world.repositories.get(repositoryId);
  const sha = source && (await readRef(source.git, `refs/heads/${ref}`));
  if (!source || sha === undefined) throw new Refusal(422, `The head branch ${ref} does not exist.`);
  if (source.id !== repository.id) {
    await repository.git.run(['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', source.git.folder, sha]);
  }
  await setRef(repository.git, `refs/pull/${of.number}/head`, sha);
  return sha;
}

/** A merged pull request stays closed, and so does one whose branch is gone. */
export async function requireReopenable(world: World, repository: Repository, pull: PullIssue): Promise<void> {
  if (pull.pull.merged) throw new Refusal(422, 'A merged pull request cannot be reopened.');
  await setPullHead(world, repository, { number: pull.number, head: pull.pull.head });
}
