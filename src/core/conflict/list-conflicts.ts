import type { FoundConflict } from '../model/conflict.ts';
import { type ConflictBlock, parseConflicts } from './parse-conflicts.ts';

export interface NamedBlock {
  readonly block: ConflictBlock;
  readonly found: FoundConflict;
}

/** Enough to tell conflicts apart, and too few to be taken for the name of an artifact. */
const hashChars = 24;

/**
 * The conflicts of a file, each known by what its sides hold: its labels name commits, and lines above it move it. Two that
 * hold just the same are told apart by their order.
 */
export function listConflicts(
  path: string,
  text: string,
  hash: (text: string) => string,
): { readonly named: readonly NamedBlock[]; readonly unclear: readonly number[] } {
  const { blocks, unclear } = parseConflicts(text);
  const seen = new Map<string, number>();
  const named = blocks.map((block) => {
    const { ours, base, theirs, line } = block;
    const content = hash(JSON.stringify([ours, base ?? null, theirs])).slice(0, hashChars);
    const nth = seen.get(content) ?? 0;
    seen.set(content, nth + 1);
    return { block, found: { path, line, hasBase: base !== undefined, content, nth } };
  });
  return { named, unclear };
}

export function isSameConflict(one: FoundConflict, other: FoundConflict): boolean {
  return one.path === other.path && one.content === other.content && one.nth === other.nth;
}
