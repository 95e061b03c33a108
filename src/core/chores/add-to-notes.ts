// Where learnings stand in the notes file: at its end, one line each, as far as runs are told of the file. A learning is
// what a model wrote about a log that may be hostile, so that nothing of it is markup and nothing of it is hidden.
import type { SharedLearning } from '../model/chores.ts';
import { notesCharsAtMost, notesLinesAtMost } from '../prompt/cut-notes.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { sanitiseText } from '../sanitise/sanitise-text.ts';

export interface NotesAddition {
  /** What comes after what stands there already; empty where nothing has room. */
  readonly added: string;
  readonly placed: readonly SharedLearning[];
  readonly left: readonly SharedLearning[];
}

const heading = '## Learned by runs';
/** No text is cut: the pilot is held to less. */
const charsOfLine = 1_000;

/** Those that the notes do not say yet, in whatever dress somebody has put them since. */
export function findUnknown(notes: string, learnings: readonly SharedLearning[]): readonly SharedLearning[] {
  const known = toPlain(notes);
  const seen = new Set(['']);
  return learnings.filter((learning) => {
    const said = toPlain(toNotesLine(learning).slice(2));
    const isNew = !seen.has(said) && !known.includes(said);
    seen.add(said);
    return isNew;
  });
}

/** The same learning is always the same line. */
export function toNotesLine({ text }: Pick<SharedLearning, 'text'>): string {
  return `- ${quoteCode(sanitiseText(text).text, charsOfLine)}`;
}

/** Lines end as they do in the file. A learning that has no room leaves it to a shorter one. */
export function addToNotes(notes: string, learnings: readonly SharedLearning[]): NotesAddition {
  const end = notes.includes('\r\n') ? '\r\n' : '\n';
  const placed: SharedLearning[] = [];
  const left: SharedLearning[] = [];
  let added = renderStart(notes, end);
  for (const learning of learnings) {
    const longer = `${added}${toNotesLine(learning)}${end}`;
    if (!hasRoom(notes + longer)) left.push(learning);
    else {
      added = longer;
      placed.push(learning);
    }
  }
  return { added: placed.length > 0 ? added : '', placed, left };
}

/** Up to where the first line stands: in our section, which is at the end of the file or is begun there. */
function renderStart(notes: string, end: string): string {
  const closing = notes === '' || notes.endsWith('\n') ? '' : end;
  const headings = notes.split(/\r?\n/).filter((line) => /^#{1,6}\s/.test(line));
  if (headings.at(-1)?.trim() === heading) return closing;
  return `${closing}${notes.trim() === '' ? '' : end}${heading}${end}${end}`;
}

function hasRoom(text: string): boolean {
  return text.trimEnd().split('\n').length <= notesLinesAtMost && text.length <= notesCharsAtMost;
}

function toPlain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[`'"*_\\|¦]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
