// A throw-away repository between what came from outside and the mirror. It reads the mirror's objects and writes
// none; what passes is fetched from here into the mirror, with every object checked.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitContext } from './git-context.ts';
import { makeRepository, writeBranch } from './make-repository.ts';
import type { Mirror } from './mirror-path.ts';
import type { GitCall, GitOutcome } from './run-git.ts';

export interface Quarantine {
  readonly path: string;
  readonly run: (call: GitCall) => Promise<GitOutcome>;
}

const branch = 'result';
/** The only ref in a quarantine. */
export const resultRef = `refs/heads/${branch}`;

export function withQuarantine<Result>(
  context: GitContext,
  mirror: Mirror,
  work: (quarantine: Quarantine) => Promise<Result>,
): Promise<Result> {
  return context.withScratch(async (scratch) => {
    const path = join(scratch, 'quarantine.git');
    await makeRepository(path, { branch, isBare: true });
    await writeFile(join(path, 'objects', 'info', 'alternates'), `${join(mirror.path, 'objects')}\n`);
    return work({ path, run: (call) => context.run({ ...call, repository: path }) });
  });
}

export async function setResult(quarantine: Quarantine, commit: string): Promise<void> {
  await writeBranch(quarantine.path, branch, commit);
}

/**
 * The second hop. It is needed: git up to at least 2.39 does not check objects that come out of a bundle, while a
 * fetch between two repositories does. The outcome's code is not zero when an object does not pass.
 */
export function admitResult(context: GitContext, mirror: Mirror, quarantine: Quarantine): Promise<GitOutcome> {
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--', quarantine.path, resultRef];
  return context.write(mirror, { args, transport: 'file', checkObjects: true });
}
