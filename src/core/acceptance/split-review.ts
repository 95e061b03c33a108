// A batch may have more items than one answer can speak of. It is then reviewed in several parts, and none is left out: an
// item that nobody was asked about could not be met.
import type { AcceptanceItem } from '../model/plan-outcome.ts';

interface Reviewed {
  readonly acceptance: readonly AcceptanceItem[];
}

const itemsPerPart = 30;
const charsPerPart = 15_000;
/** More different commands than this are not run for one part, besides those that verified the tree. */
export const commandsPerPart = 12;

/** Tasks stay together and in order where they fit; one that is too large by itself stands in several parts. */
export function splitReview<Task extends Reviewed>(tasks: readonly Task[]): Task[][] {
  const parts: Task[][] = [];
  let room = emptyPart;
  for (const piece of tasks.flatMap(cutTask)) {
    const size = sizeOf(piece.acceptance);
    const part = parts.at(-1);
    if (part && size.items <= room.items && size.chars <= room.chars) part.push(piece);
    else {
      parts.push([piece]);
      room = emptyPart;
    }
    room = { items: room.items - size.items, chars: room.chars - size.chars };
  }
  return parts;
}

const emptyPart = { items: itemsPerPart, chars: charsPerPart };

function cutTask<Task extends Reviewed>(task: Task): Task[] {
  const pieces: AcceptanceItem[][] = [[]];
  for (const item of task.acceptance) {
    const piece = pieces.at(-1) ?? [];
    const { items, chars } = sizeOf([...piece, item]);
    if (piece.length > 0 && (items > itemsPerPart || chars > charsPerPart)) pieces.push([item]);
    else piece.push(item);
  }
  return pieces.map((acceptance) => ({ ...task, acceptance }));
}

function sizeOf(items: readonly AcceptanceItem[]): { items: number; chars: number } {
  return { items: items.length, chars: items.reduce((sum, { id, text }) => sum + id.length + text.length, 0) };
}

/** Room for thinking, and for one entry with its evidence for each item. */
export function toAnswerTokens(tasks: readonly Reviewed[]): number {
  return 6_000 + 350 * tasks.reduce((sum, { acceptance }) => sum + acceptance.length, 0);
}
