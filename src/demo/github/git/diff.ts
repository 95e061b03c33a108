import type { Git } from './git.ts';

export interface FileDiff {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  /** The blob after the change; before it, for a removed file. */
  readonly blobSha: string;
  readonly additions: number;
  readonly deletions: number;
  /** The hunks, without the file header. Undefined for a binary file and for a mere rename. */
  readonly patch: string | undefined;
}

const renames = '--find-renames';

/** The unified diff from one commit to another, as git prints it. */
export async function readDiff(git: Git, from: string, to: string): Promise<string> {
  return (
    await git.run(['diff', '--no-color', '--no-ext-diff', '--full-index', renames, from, to, '--'])
  ).stdout.toString();
}

export async function readFileDiffs(git: Git, from: string, to: string): Promise<readonly FileDiff[]> {
  const run = (form: readonly string[]) =>
    git.run(['diff', '--no-color', '--no-ext-diff', renames, ...form, from, to, '--']);
  const [raw, numbers, patch] = await Promise.all([
    run(['--raw', '-z', '--no-abbrev']),
    run(['--numstat', '-z']),
    run(['--patch']),
  ]);
  const counts = parseNumstat(numbers.stdout.toString());
  // A line of a patch never begins with a letter, so this is a header whatever the files hold. Only \n ends a line for
  // git; the m flag would also take what files may hold (\r, U+2028) for one.
  const patches = patch.stdout.toString().split(/(?<=^|\n)(?=diff --git )/);
  return parseRaw(raw.stdout.toString()).map((file, position) => ({
    ...file,
    ...(counts.get(file.path) ?? { additions: 0, deletions: 0 }),
    patch: hunksOf(patches[position] ?? ''),
  }));
}

function hunksOf(patch: string): string | undefined {
  const start = patch.search(/(?<=^|\n)@@ /);
  return start < 0 ? undefined : patch.slice(start).replace(/\n$/, '');
}

type RawFile = Pick<FileDiff, 'path' | 'previousPath' | 'status' | 'blobSha'>;

const statuses: Readonly<Record<string, FileDiff['status']>> = {
  A: 'added',
  D: 'removed',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

function parseRaw(text: string): readonly RawFile[] {
  const parts = text.split('\0');
  const files: RawFile[] = [];
  for (let at = 0; at < parts.length; ) {
    const header = parts[at] ?? '';
    if (!header.startsWith(':')) break;
    const [, , before = '', after = '', letter = 'M'] = header.split(' ');
    const moved = letter.startsWith('R') || letter.startsWith('C');
    const path = parts[at + (moved ? 2 : 1)] ?? '';
    files.push({
      path,
      previousPath: moved ? parts[at + 1] : undefined,
      status: statuses[letter.slice(0, 1)] ?? 'modified',
      blobSha: letter === 'D' ? before : after,
    });
    at += moved ? 3 : 2;
  }
  return files;
}

function parseNumstat(text: string): ReadonlyMap<string, { additions: number; deletions: number }> {
  const parts = text.split('\0');
  const counts = new Map<string, { additions: number; deletions: number }>();
  for (let at = 0; at < parts.length; at += 1) {
    const [additions, deletions, path] = (parts[at] ?? '').split('\t');
    if (path === undefined) continue;
    // A rename has an empty path here, and its two paths in the next two fields.
    const name = path === '' ? (parts[at + 2] ?? '') : path;
    if (path === '') at += 2;
    counts.set(name, { additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
  }
  return counts;
}
