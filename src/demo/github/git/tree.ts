import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { Git } from './git.ts';

export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly kind: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  /** Undefined for trees and submodules. */
  readonly sizeBytes: number | undefined;
}

/** Entries of a tree-ish, with full paths. Undefined when there is no such tree. */
export async function readTree(
  git: Git,
  treeish: string,
  options: { recursive?: boolean; folder?: string } = {},
): Promise<readonly TreeEntry[] | undefined> {
  const flags = options.recursive === true ? ['-r', '-t'] : [];
  const path = options.folder ? [`${options.folder}/`] : [];
  const answer = await git.run(['ls-tree', '-z', '-l', ...flags, treeish, '--', ...path], { okCodes: [0, 128] });
  if (answer.code !== 0) return undefined;
  return answer.stdout.toString().split('\0').filter(Boolean).map(parseEntry);
}

/** The entry at a path, a file or a folder. */
export async function readTreeEntry(git: Git, treeish: string, path: string): Promise<TreeEntry | undefined> {
  const answer = await git.run(['ls-tree', '-z', '-l', treeish, '--', path], { okCodes: [0, 128] });
  const [line] = answer.stdout.toString().split('\0').filter(Boolean);
  return line === undefined ? undefined : parseEntry(line);
}

function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode = '', kind, sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
  return {
    path: line.slice(tab + 1),
    mode,
    kind: kind === 'tree' || kind === 'commit' ? kind : 'blob',
    sha,
    sizeBytes: size === '-' ? undefined : Number(size),
  };
}

export async function readBlob(git: Git, sha: string): Promise<Buffer | undefined> {
  const answer = await git.run(['cat-file', 'blob', sha], { okCodes: [0, 128] });
  return answer.code === 0 ? answer.stdout : undefined;
}

/** As a loose object, which takes no process. */
export async function writeBlob(git: Git, content: string | Uint8Array): Promise<string> {
  const bytes = Buffer.from(content);
  const object = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]);
  const sha = createHash('sha1').update(object).digest('hex');
  const folder = join(git.folder, 'objects', sha.slice(0, 2));
  await mkdir(folder, { recursive: true });
  // Whole or not at all: somebody may read it while it is written.
  const aside = join(folder, `tmp_obj_${randomUUID()}`);
  await writeFile(aside, deflateSync(object), { mode: 0o444 });
  await rename(aside, join(folder, sha.slice(2)));
  return sha;
}

export interface TreeChange {
  readonly path: string;
  readonly mode: string;
  /** Null removes the path. */
  readonly sha: string | null;
}

/** A tree made of `base` and the changes, through an index file of its own. */
export async function writeTree(git: Git, base: string | undefined, changes: readonly TreeChange[]): Promise<string> {
  const index = join(git.folder, `index-${randomUUID()}`);
  const environment = { GIT_INDEX_FILE: index };
  try {
    await git.run(base === undefined ? ['read-tree', '--empty'] : ['read-tree', base], { environment });
    // A removal is mode 0; a removed folder must be spelled out per file.
    const removed = changes.filter((change) => change.sha === null).map((change) => change.path);
    if (removed.length > 0) {
      await git.run(['rm', '-r', '-q', '--cached', '--ignore-unmatch', '--', ...removed], {
        environment: { ...environment, GIT_WORK_TREE: git.folder, GIT_LITERAL_PATHSPECS: '1' },
      });
    }
    const lines = changes.flatMap(({ mode, sha, path }) => (sha === null ? [] : [`${mode} ${sha}\t${path}\0`]));
    await git.run(['update-index', '-z', '--index-info'], { environment, input: lines.join('') });
    return await git.text(['write-tree'], { environment });
  } finally {
    await rm(index, { force: true });
  }
}
