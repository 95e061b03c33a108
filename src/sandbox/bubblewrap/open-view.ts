// What a process sees without a sandbox: all of the host, at its own places. bubblewrap still starts it, so that limits,
// killing and the places of the contract (/workspace, what is mounted read-only) are what they are everywhere.
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { inside } from './inside.ts';

/** Places of the contract lie in these, so they are made anew and get what the host has there one by one. */
const shared = ['/run', '/opt', '/home'];
const ownPlaces: ReadonlySet<string> = new Set(['/proc', inside.workspace, inside.home, '/run/gatepilot', ...shared]);

/** bubblewrap arguments for the host as it is now. */
export async function readOpenView(): Promise<readonly string[]> {
  const views = await Promise.all(['/', ...shared].map(renderChildren));
  return [...views.flat(), '--proc', '/proc'];
}

async function renderChildren(folder: string): Promise<string[]> {
  const children = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const views = await Promise.all(
    children.map(async (child) => {
      const path = join(folder, child.name);
      if (ownPlaces.has(path)) return [];
      if (child.isSymbolicLink()) return ['--symlink', await readlink(path), path];
      return ['--dev-bind-try', path, path];
    }),
  );
  return [...(folder === '/' ? [] : ['--perms', '0755', '--dir', folder]), ...views.flat()];
}
