// What a repair of a conflict may change: the files with the marks, and few others that have to do with what was merged.
// What it adds besides is no part of a repair and is taken away.

import { isWithinContract } from './contract-path.ts';
import type { ScopedChange } from './evaluate-scope.ts';
import { isImportNeighbour, type SourceFile } from './import-neighbour.ts';
import { isPlainPath, isProtectedPath } from './protected-path.ts';
import { isTestOf } from './test-path.ts';

export const MAX_SECONDARY_FILES = 12;

export interface RepairedChange extends ScopedChange {
  readonly status: 'added' | 'modified' | 'deleted' | 'renamed' | 'type_changed';
}

export interface RepairArea {
  /** Files that hold marks. */
  readonly marked: readonly string[];
  /** Every file that one of the two sides changed; of a renamed one also where it was. */
  readonly merged: readonly SourceFile[];
  /** The files in question as they were before the repair. */
  readonly texts: ReadonlyMap<string, string>;
  /** What belongs to other tasks. */
  readonly foreignContracts: readonly string[];
}

export type RepairScope =
  | { readonly kind: 'inside'; readonly secondary: readonly string[]; readonly strays: readonly string[] }
  | { readonly kind: 'outside_scope' | 'too_many_files'; readonly paths: readonly string[] };

export function evaluateRepairScope(changes: readonly RepairedChange[], area: RepairArea): RepairScope {
  const marked = new Set(area.marked);
  const strays = changes.filter(({ path, status }) => status === 'added' && !marked.has(path)).map(({ path }) => path);
  const others = changes.filter(({ path }) => !marked.has(path) && !strays.includes(path));
  const outside = others.filter((change) => !isAllowed(change, area)).map(({ path }) => path);
  if (outside.length > 0) return { kind: 'outside_scope', paths: outside };
  const secondary = others.map(({ path }) => path);
  return secondary.length > MAX_SECONDARY_FILES
    ? { kind: 'too_many_files', paths: secondary }
    : { kind: 'inside', secondary, strays };
}

function isAllowed({ path, status }: RepairedChange, area: RepairArea): boolean {
  // Moving a file is no repair: half of it would be a stray.
  if (status === 'renamed' || status === 'type_changed') return false;
  if (!isPlainPath(path) || isProtectedPath(path)) return false;
  if (area.foreignContracts.some((contract) => isWithinContract(path, contract))) return false;
  const file = { path, text: area.texts.get(path) ?? '' };
  return area.merged.some(
    (other) => toFolder(other.path) === toFolder(path) || isTestOf(path, other.path) || isImportNeighbour(file, other),
  );
}

function toFolder(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
