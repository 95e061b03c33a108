import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Removes what agents and installers wrote, which is not made to be removed: folders that may not be changed (as Go keeps
 * its modules) stop Node, and paths that are longer than a path may be stop everybody who names them whole. False when
 * something is left all the same.
 */
export async function removeTree(folder: string): Promise<boolean> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    return true;
  } catch {
    // Neither follows links below the folder.
    await run('chmod', ['-R', 'u+rwX', '--', folder]).catch(() => undefined);
    return await run('rm', ['-rf', '--', folder]).then(
      () => true,
      () => false,
    );
  }
}
