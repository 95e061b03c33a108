// Judges a packed workspace in a quarantine, makes the one commit of it, and takes that into the mirror. Nothing that
// the sandbox said is believed: objects, names and sizes are read again here.
import type { Author, CaptureRefusal } from '../../engine/port/git.ts';
import { commitTree } from '../commit-tree.ts';
import { localFailure, renderComplaint } from '../failure.ts';
import type { GitContext } from '../git-context.ts';
import type { Mirror } from '../mirror-path.ts';
import { admitResult, type Quarantine, setResult, withQuarantine } from '../quarantine.ts';
import { parseRawDiff, type RawChange } from '../raw-diff.ts';
import { splitByteNames } from '../record.ts';
import type { GitOutcome } from '../run-git.ts';
import type { BaseTree } from './base-tree.ts';
import { findMisfit, findOversize, findUnsafeChange } from './content-policy.ts';
import { findLargeFileMisfit } from './large-file-policy.ts';
import { maxPackBytes, type Packed } from './pack-workspace.ts';
import { maxPaths, type Refused } from './survey.ts';

const maxListingBytes = 64 * 1024 * 1024;

export interface Admission {
  readonly packed: Packed;
  readonly base: { readonly commit: string; readonly tree: BaseTree };
  readonly message: string;
  readonly author: Author;
  readonly maxBytes: number;
}

export type Admitted =
  | { readonly kind: 'admitted'; readonly commit: string }
  | { readonly kind: 'unchanged' }
  | Refused;

export function admitPack(context: GitContext, mirror: Mirror, admission: Admission): Promise<Admitted> {
  const { packed, base, maxBytes } = admission;
  return withQuarantine(context, mirror, async (quarantine) => {
    const limit = `--max-input-size=${maxPackBytes(maxBytes)}`;
    const indexed = await quarantine.run({ args: ['index-pack', '--stdin', '--strict', limit], input: packed.pack });
    if (indexed.code !== 0) return refuse({ kind: 'corrupt', why: renderComplaint(indexed.stderr) });
    const differing = await quarantine.run({
      args: ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-ext-diff', base.commit, packed.tree],
      maxBytes: maxListingBytes,
    });
    // A few small objects can name more paths than any disk could hold.
    if (differing.isCut) return refuse({ kind: 'too_many_paths', maxPaths });
    if (differing.code !== 0) return refuse({ kind: 'corrupt', why: renderComplaint(differing.stderr) });
    const changes = parseRawDiff(differing.stdout);
    if (changes.length === 0) return { kind: 'unchanged' };
    const refusal = await judge(context, quarantine, { changes, admission });
    if (refusal) return refuse(refusal);

    const { message, author } = admission;
    const commit = await commitTree(quarantine.run, { tree: packed.tree, parents: [base.commit], message, author });
    await setResult(quarantine, commit);
    const admitted = await admitResult(context, mirror, quarantine);
    return admitted.code === 0
      ? { kind: 'admitted', commit }
      : refuse({ kind: 'corrupt', why: renderComplaint(admitted.stderr) });
  });
}

async function judge(
  context: GitContext,
  quarantine: Quarantine,
  result: { changes: readonly RawChange[]; admission: Admission },
): Promise<CaptureRefusal | undefined> {
  const { changes, admission } = result;
  if (changes.length > maxPaths) return { kind: 'too_many_paths', maxPaths };
  const unsafe = findUnsafeChange(changes);
  if (unsafe) return unsafe;
  const files = await readSizes(quarantine, changes);
  const { base, packed, maxBytes } = admission;
  const misfit =
    findOversize(files, maxBytes) ??
    (await findLargeFileMisfit(context, quarantine, { base: base.tree, tree: packed.tree, files }));
  if (misfit) return misfit;
  if (!changes.some((change) => change.status === 'A')) return undefined;
  const listing = await quarantine.run({
    args: ['ls-tree', '-r', '-z', '--name-only', '--full-tree', packed.tree],
  });
  requireRead(listing);
  return findMisfit({ base: base.tree.entries.keys(), result: splitByteNames(listing.stdout) });
}

async function readSizes(
  quarantine: Quarantine,
  changes: readonly RawChange[],
): Promise<(RawChange & { bytes: number })[]> {
  const files = changes.filter((change) => change.status !== 'D');
  const outcome = await quarantine.run({
    args: ['cat-file', '--batch-check=%(objectsize)'],
    input: files.map((file) => `${file.newId}\n`).join(''),
  });
  requireRead(outcome);
  const sizes = outcome.stdout.toString('latin1').split('\n').map(Number);
  return files.map((file, index) => ({ ...file, bytes: sizes[index] ?? 0 }));
}

function requireRead(outcome: GitOutcome): void {
  if (outcome.code !== 0 || outcome.isCut) throw localFailure('could not read a quarantined result', outcome);
}

function refuse(refusal: CaptureRefusal): Refused {
  return { kind: 'refused', refusal };
}
