import type { RepositoryRef, TreeDiff } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

export interface ReadChange extends TreeDiff {
  /** Of a rename both names. */
  readonly paths: readonly string[];
  /** The same for the same patch, on whatever base. */
  readonly change: string;
}

/** What differs between a base and what would be put on it, and by which name it is known again. */
export async function readChange(
  ports: Pick<WorkPorts, 'git' | 'hash'>,
  repository: RepositoryRef,
  { base, commit }: { readonly base: string; readonly commit: string },
): Promise<ReadChange> {
  const diff = await ports.git.diff(repository, base, commit);
  const paths = diff.changed.flatMap(({ path, from }) => (from === undefined ? [path] : [path, from]));
  const whole = diff.patchIsCut ? await toWhole(ports, repository, { base, commit }) : diff.patch;
  return { ...diff, paths, change: ports.hash(whole) };
}

/** Of a change that is too large to be shown whole: from which tree to which, so that nothing is carried over to another base. */
async function toWhole(
  { git }: Pick<WorkPorts, 'git'>,
  repository: RepositoryRef,
  { base, commit }: { base: string; commit: string },
): Promise<string> {
  return `${await git.treeOf(repository, base)}..${await git.treeOf(repository, commit)}`;
}
