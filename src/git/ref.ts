// Our own refs in the mirror, moved by compare-and-swap. The remote's branches are not ours to move here.
import type { RepositoryRef } from '../engine/port/git.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import { isRefName, requireCommitName } from './name.ts';
import { openMirror } from './open-mirror.ts';
import { readRefValue } from './read-object.ts';

const nothing = '0'.repeat(40);

export async function updateRef(
  context: GitContext,
  request: { repository: RepositoryRef; ref: string; to: string | undefined; from: string | undefined },
): Promise<boolean> {
  const { repository, ref } = request;
  const to = request.to === undefined ? undefined : requireCommitName(request.to);
  const from = request.from === undefined ? undefined : requireCommitName(request.from);
  if (!isRefName(ref) || !ref.startsWith('refs/gatepilot/')) throw new Error(`not one of our own refs: ${ref}`);
  const mirror = await openMirror(context, repository);
  if (to === undefined && from === undefined) return (await readRefValue(context, mirror, ref)) === undefined;

  const change = to === undefined ? ['-d', ref, from ?? nothing] : [ref, to, from ?? nothing];
  const outcome = await context.write(mirror, { args: ['update-ref', '--no-deref', ...change] });
  if (outcome.code === 0) return true;
  if ((await readRefValue(context, mirror, ref)) !== from) return false;
  throw localFailure(`could not move ${ref}`, outcome);
}

export async function readRef(
  context: GitContext,
  repository: RepositoryRef,
  ref: string,
): Promise<string | undefined> {
  if (!isRefName(ref)) return undefined;
  return readRefValue(context, await openMirror(context, repository), ref);
}
