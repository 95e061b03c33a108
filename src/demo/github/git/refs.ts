import type { Git } from './git.ts';
import { readLooseRef, readLooseRefs } from './loose-refs.ts';

export const zeroSha = '0'.repeat(40);

/** Full ref name to commit, of branches and tags, or of everything under a prefix. Tags are not peeled. */
export async function readRefs(
  git: Git,
  prefixes: readonly string[] = ['refs/heads', 'refs/tags'],
): Promise<ReadonlyMap<string, string>> {
  const loose = await readLooseRefs(git.folder, prefixes);
  if (loose) return loose;
  const text = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', ...prefixes]);
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]),
  );
}

export async function readRef(git: Git, ref: string): Promise<string | undefined> {
  return (await readLooseRef(git.folder, ref)) ?? (await resolveObject(git, ref, ''));
}

/** The commit that a branch, a tag, a full ref or a SHA names; no other notation of git is understood. */
export async function resolveCommit(git: Git, name: string): Promise<string | undefined> {
  return resolveObject(git, name, '^{commit}');
}

async function resolveObject(git: Git, name: string, peel: string): Promise<string | undefined> {
  if (name.startsWith('-') || /[~^:\s]|@\{|^@$|\.\./.test(name)) return undefined;
  const answer = await git.run(['rev-parse', '--verify', '--quiet', `${name}${peel}`], { okCodes: [0, 1, 128] });
  return answer.code === 0 ? answer.stdout.toString().trim() : undefined;
}

export async function isCommit(git: Git, sha: string): Promise<boolean> {
  return /^[0-9a-f]{40}$/.test(sha) && (await resolveCommit(git, sha)) === sha;
}

/** Moves a ref only when it is where it is expected: false, and nothing changed, when it is not. */
export async function compareAndSwapRef(
  git: Git,
  change: { ref: string; from: string | undefined; to: string | undefined },
): Promise<boolean> {
  const from = change.from ?? zeroSha;
  const args =
    change.to === undefined ? ['update-ref', '-d', change.ref, from] : ['update-ref', change.ref, change.to, from];
  return (await git.run(args, { okCodes: [0, 1, 128] })).code === 0;
}

/** Sets a ref wherever it was. For refs that nobody but this program moves. */
export async function setRef(git: Git, ref: string, sha: string): Promise<void> {
  await git.run(['update-ref', ref, sha]);
}

export async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  return (await git.run(['merge-base', '--is-ancestor', ancestor, descendant], { okCodes: [0, 1] })).code === 0;
}

/** Undefined: the histories are unrelated. */
export async function readMergeBase(git: Git, one: string, other: string): Promise<string | undefined> {
  const answer = await git.run(['merge-base', one, other], { okCodes: [0, 1] });
  return answer.code === 0 ? answer.stdout.toString().trim() : undefined;
}

export async function isValidRefName(git: Git, ref: string): Promise<boolean> {
  return (await git.run(['check-ref-format', ref], { okCodes: [0, 1] })).code === 0;
}
