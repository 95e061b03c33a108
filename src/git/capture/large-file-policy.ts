// Files that a repository keeps in Git LFS: what git has of them is a pointer, and their content is uploaded apart. A result
// carries what git has and nothing else, so that a pointer of an agent's own points to nothing, and content in the place of
// a pointer is content where nobody who works with LFS expects it.
import { join } from 'node:path';
import type { CaptureRefusal } from '../../engine/port/git.ts';
import { localFailure } from '../failure.ts';
import type { GitContext } from '../git-context.ts';
import type { Quarantine } from '../quarantine.ts';
import type { RawChange } from '../raw-diff.ts';
import { joinByteNames, splitByteNames } from '../record.ts';
import type { BaseTree } from './base-tree.ts';
import { refusePath } from './path-policy.ts';

/** No pointer is longer, by its specification. */
const maxPointerBytes = 1_024;
const pointer =
  /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v1\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:[0-9a-f]{64}\n/;

export interface LargeFileCase {
  readonly base: BaseTree;
  /** The tree of the result. */
  readonly tree: string;
  /** Files that are changed and there, with the sizes of their contents. */
  readonly files: readonly (RawChange & { readonly bytes: number })[];
}

export async function findLargeFileMisfit(
  context: GitContext,
  quarantine: Quarantine,
  { base, tree, files }: LargeFileCase,
): Promise<CaptureRefusal | undefined> {
  const known = new Set([...base.entries.values()].map(({ id }) => id));
  const kept = await readNamesInLfs(context, quarantine, { base, tree, files });
  const pointers = await readPointers(quarantine, files);
  for (const { name, newId, bytes } of files) {
    const isPointer = pointers.has(newId);
    if (isPointer && !known.has(newId))
      return refusePath(name, 'it is a Git LFS pointer to content that was not uploaded');
    if (!isPointer && bytes > 0 && kept.has(name)) {
      return refusePath(name, 'the repository keeps it in Git LFS, and only git itself is uploaded from here');
    }
  }
  return undefined;
}

/** Which of the files the result's own attributes give to LFS. */
async function readNamesInLfs(
  context: GitContext,
  quarantine: Quarantine,
  { base, tree, files }: LargeFileCase,
): Promise<ReadonlySet<string>> {
  const names = [...base.entries.keys(), ...files.map(({ name }) => name)];
  if (files.length === 0 || !names.some((name) => /(?:^|\/)\.gitattributes$/.test(name))) return new Set();
  return await context.withScratch(async (scratch) => {
    // An empty working tree: attributes are read from the index alone.
    const place = { repository: quarantine.path, workTree: scratch, index: join(scratch, 'index') };
    const filled = await context.run({ ...place, args: ['read-tree', tree] });
    if (filled.code !== 0) throw localFailure('could not read the tree of a result', filled);
    const input = joinByteNames(files.map(({ name }) => name));
    const answer = await context.run({ ...place, args: ['check-attr', '--cached', '-z', '--stdin', 'filter'], input });
    if (answer.code !== 0 || answer.isCut) throw localFailure('could not read the attributes of a result', answer);
    const records = splitByteNames(answer.stdout);
    // Three for each: path, attribute, value.
    return new Set(records.filter((_, index) => index % 3 === 0 && records[index + 2] === 'lfs'));
  });
}

/** Object names of those that are pointers. */
async function readPointers(quarantine: Quarantine, files: LargeFileCase['files']): Promise<ReadonlySet<string>> {
  const small = files.filter(({ bytes }) => bytes <= maxPointerBytes);
  if (small.length === 0) return new Set();
  const outcome = await quarantine.run({
    args: ['cat-file', '--batch'],
    input: small.map(({ newId }) => `${newId}\n`).join(''),
  });
  if (outcome.code !== 0 || outcome.isCut) throw localFailure('could not read a quarantined result', outcome);
  const found = new Set<string>();
  let at = 0;
  for (const { newId, bytes } of small) {
    // A line that names the object before its content, and a line end after it.
    const start = outcome.stdout.indexOf('\n', at) + 1;
    at = start + bytes + 1;
    if (pointer.test(outcome.stdout.toString('latin1', start, at - 1))) found.add(newId);
  }
  return found;
}
