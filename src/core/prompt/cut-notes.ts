import { cutHead } from '../pilot/cut-text.ts';
import { sanitiseText } from '../sanitise/sanitise-text.ts';

/** How much of the notes file runs are told. */
export const notesLinesAtMost = 200;
export const notesCharsAtMost = 12_000;

/** What of the notes file is told: the beginning, without what people cannot see. */
export function cutNotes(text: string): string {
  const lines = sanitiseText(text).text.trimEnd().split('\n');
  const head = lines.slice(0, notesLinesAtMost).join('\n').trim();
  const left = lines.length - notesLinesAtMost;
  return cutHead(left > 0 ? `${head}\n(${left} more lines are left out.)` : head, notesCharsAtMost);
}
