// Versions of a small, real MIT package (@fastify/error) as they were published, installed as development dependencies.
// The demo's repository is made of them: its history, its tests, the defect that 4.1.0 has and that 4.2.0 mended.
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export type Version = '4.0.0' | '4.1.0' | '4.2.0';

/** Text files by path, without what only the original's own infrastructure needs. */
export async function readVersion(version: Version): Promise<Record<string, string>> {
  const manifest = createRequire(import.meta.url).resolve(`error-${version.replaceAll('.', '-')}/package.json`);
  const root = dirname(manifest);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    const path = relative(root, join(entry.parentPath, entry.name));
    if (!entry.isFile() || isLeftOut(path)) continue;
    files[path] = await readFile(join(root, path), 'utf8');
  }
  return files;
}

function isLeftOut(path: string): boolean {
  return /^(\.|node_modules\/|benchmarks\/|eslint\.config\.js$)/.test(path);
}
