// Judges what a workspace would change, from git's raw diff alone. Pure.
import type { CaptureRefusal } from '../../engine/port/git.ts';
import type { RawChange } from '../raw-diff.ts';
import { renderByteName } from '../record.ts';
import { findUnsafeNewPath, findUnsafePath, foldName, refusePath } from './path-policy.ts';

const link = '120000';
const submodule = '160000';
const absent = '000000';

/** The first reason against a set of changes. */
export function findUnsafeChange(changes: readonly RawChange[]): CaptureRefusal | undefined {
  for (const change of changes) {
    const refusal = judge(change);
    if (refusal) return refusal;
  }
  return undefined;
}

function judge(change: RawChange): CaptureRefusal | undefined {
  const { oldMode, newMode, name } = change;
  if (oldMode === submodule || newMode === submodule) return refusePath(name, 'submodules cannot be changed');
  if (newMode === link) return refusePath(name, 'new and changed symbolic links are not taken');
  if (oldMode === absent) return findUnsafeNewPath(name);
  if (newMode !== absent) return findUnsafePath(name);
  // Whoever removes a badly named file does no harm; a list of submodules must stay.
  return name === '.gitmodules' ? findUnsafePath(name) : undefined;
}

/** All changed files together; the largest one is named. */
export function findOversize(
  files: readonly { name: string; bytes: number }[],
  maxBytes: number,
): CaptureRefusal | undefined {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes <= maxBytes) return undefined;
  const largest = files.reduce((best, file) => (file.bytes > best.bytes ? file : best));
  return { kind: 'too_large', bytes, maxBytes, path: renderByteName(largest.name) };
}

/** What can only be seen by looking at the whole result: a new path that does not fit in with the rest. */
export function findMisfit(trees: { base: Iterable<string>; result: Iterable<string> }): CaptureRefusal | undefined {
  const known = withFolders(trees.base);
  const all = withFolders(trees.result);
  const fresh = [...all].filter((name) => !known.has(name));
  const folded = new Map([...all].filter((name) => known.has(name)).map((name) => [fold(name), name]));
  for (const name of fresh) {
    if (folded.has(fold(name))) return refusePath(name, 'its name differs from another one only in case or encoding');
    folded.set(fold(name), name);
    if (isBareRepository(name, all)) return refusePath(name, 'its folder would be read as a git repository');
  }
  return undefined;
}

/** Git trusts the settings in a folder of this shape as soon as somebody uses git inside it. */
function isBareRepository(name: string, all: ReadonlySet<string>): boolean {
  const [, folder] = /^(.*\/|)(?:HEAD|objects|refs)$/.exec(name) ?? [];
  return folder !== undefined && ['HEAD', 'objects', 'refs'].every((part) => all.has(`${folder}${part}`));
}

function fold(name: string): string {
  return foldName(Buffer.from(name, 'latin1').toString('utf8'));
}

/** All paths and all folders on the way to them. */
function withFolders(names: Iterable<string>): Set<string> {
  const all = new Set<string>();
  for (const name of names) {
    all.add(name);
    for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
      const folder = name.slice(0, slash);
      if (all.has(folder)) break;
      all.add(folder);
    }
  }
  return all;
}
