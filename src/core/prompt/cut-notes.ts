import { cutHead } from '../pilot/cut-text.ts';
import { sanitiseText } from '../sanitise/sanitise-text.ts';

const linesAtMost = 200;
const charsAtMost = 12_000;

/** What of the notes file is told: the beginning, without what people cannot see. */
export function cutNotes(text: string): string {
  const lines = sanitiseText(text).text.split('\n');
  const head = lines.slice(0, linesAtMost).join('\n').trim();
  const left = lines.length - linesAtMost;
  return cutHead(left > 0 ? `${head}\n(${left} more lines are left out.)` : head, charsAtMost);
}
