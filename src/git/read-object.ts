// Reads single objects and refs of a mirror. Missing is a value; a mirror that cannot be read is an error.
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';

/** The commit that a full ref or SHA names in the mirror. */
export function readCommit(context: GitContext, mirror: Mirror, name: string): Promise<string | undefined> {
  return resolve(context, mirror, `${name}^{commit}`);
}

export function readTree(context: GitContext, mirror: Mirror, commit: string): Promise<string | undefined> {
  return resolve(context, mirror, `${requireCommitName(commit)}^{tree}`);
}

/** What a ref holds, as it is. */
export function readRefValue(context: GitContext, mirror: Mirror, ref: string): Promise<string | undefined> {
  return resolve(context, mirror, ref);
}

export async function isAncestor(
  context: GitContext,
  mirror: Mirror,
  pair: { ancestor: string; descendant: string },
): Promise<boolean> {
  const names = [requireCommitName(pair.ancestor), requireCommitName(pair.descendant)];
  const outcome = await context.run({ args: ['merge-base', '--is-ancestor', ...names], repository: mirror.path });
  if (outcome.code > 1) throw localFailure('could not compare two commits', outcome);
  return outcome.code === 0;
}

export async function findMergeBase(
  context: GitContext,
  mirror: Mirror,
  pair: { one: string; other: string },
): Promise<string | undefined> {
  const names = [requireCommitName(pair.one), requireCommitName(pair.other)];
  const outcome = await context.run({ args: ['merge-base', ...names], repository: mirror.path });
  if (outcome.code > 1) throw localFailure('could not compare two commits', outcome);
  return outcome.code === 0 ? outcome.stdout.toString('utf8').trim() : undefined;
}

async function resolve(context: GitContext, mirror: Mirror, expression: string): Promise<string | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', expression];
  const outcome = await context.run({ args, repository: mirror.path });
  if (outcome.code === 0) return outcome.stdout.toString('utf8').trim();
  if (outcome.code === 1) return undefined;
  throw localFailure('could not read the mirror', outcome);
}
