// The bare mirror of one repository: a cache of the remote's branches plus our own refs below `refs/gatepilot/`.
// Only the host touches it. It never holds credentials, a remote, or anything that an agent could have configured.
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RepositoryRef } from '../engine/port/git.ts';
import type { GitContext } from './git-context.ts';
import { makeRepository } from './make-repository.ts';
import { type Mirror, mirrorPath } from './mirror-path.ts';

/** The repository's mirror, made empty when there is none yet. */
export async function openMirror(context: GitContext, repository: RepositoryRef): Promise<Mirror> {
  const mirror = mirrorPath(context.folder, repository);
  if (!(await exists(mirror.path))) await createMirror(context, mirror.path);
  return mirror;
}

/** Made aside and renamed, so that nobody sees a half-made one. */
async function createMirror(context: GitContext, path: string): Promise<void> {
  await context.withScratch(async (scratch) => {
    const made = join(scratch, 'mirror.git');
    await makeRepository(made, { branch: 'main', isBare: true });
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(made, path).catch(async (cause: unknown) => {
      // Somebody else was first, which is as good.
      if (!(await exists(path))) throw cause;
      await rm(made, { recursive: true });
    });
  });
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
