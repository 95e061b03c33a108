// What is put in place of a conflict: exactly what git wrote of one side, of both, or what somebody wrote.
import type { ConflictAnswer } from '../model/conflict.ts';
import type { ConflictBlock } from './parse-conflicts.ts';

/** Undefined where git was not asked to say what was there before. */
export function chooseSide(block: ConflictBlock, answer: ConflictAnswer): string | undefined {
  switch (answer.kind) {
    case 'ours':
      return block.ours;
    case 'theirs':
      return block.theirs;
    case 'base':
      return block.base;
    case 'both':
      return `${block.ours}${block.theirs}`;
    case 'text':
      return answer.lines.map((line) => `${line}${block.ending}`).join('');
  }
}

/** The text with each of these in place of its conflict. Blocks are those of this text. */
export function spliceConflicts(text: string, parts: readonly (readonly [ConflictBlock, string])[]): string {
  let at = 0;
  let spliced = '';
  for (const [{ from, to }, instead] of parts.toSorted(([one], [other]) => one.from - other.from)) {
    spliced += `${text.slice(at, from)}${instead}`;
    at = to;
  }
  return `${spliced}${text.slice(at)}`;
}
