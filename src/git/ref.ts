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
  requireOwn(ref);
  const mirror = await openMirror(context, repository);
  if (to === undefined && from === undefined) return (await readRefValue(context, mirror, ref)) === undefined;

  const change = to === undefined ? ['-d', ref, from ?? nothing] : [ref, to, from ?? nothing];
  const outcome = await context.write(mirror, { args: ['update-ref', '--no-deref', ...change] });
  if (outcome.code === 0) return true;
  if ((await readRefValue(context, mirror, ref)) !== from) return false;
  throw localFailure(`could not move ${ref}`, outcome);
}

function requireOwn(ref: string): void {
  if (!isRefName(ref) || !ref.startsWith('refs/gatepilot/')) throw new Error(`not one of our own refs: ${ref}`);
}

export async function listRefs(
  context: GitContext,
  { repository, folder }: { repository: RepositoryRef; folder: string },
): Promise<{ name: string; commit: string }[]> {
  requireOwn(folder);
  const mirror = await openMirror(context, repository);
  // A trailing slash, so that what only begins alike is not meant.
  const args = ['for-each-ref', '--format=%(objectname) %(refname)', `${folder}/`];
  const outcome = await context.run({ args, repository: mirror.path });
  if (outcome.code !== 0) throw localFailure('could not list refs of the mirror', outcome);
  const lines = outcome.stdout.toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const [commit, name] = line.split(' ');
    return commit && name ? [{ name, commit }] : [];
  });
}

export async function readRef(
  context: GitContext,
  repository: RepositoryRef,
  ref: string,
): Promise<string | undefined> {
  if (!isRefName(ref)) return undefined;
  return readRefValue(context, await openMirror(context, repository), ref);
}
