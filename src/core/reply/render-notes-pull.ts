import type { SharedLearning } from '../model/chores.ts';
import { notesLinesAtMost } from '../prompt/cut-notes.ts';
import { sanitiseText } from '../sanitise/sanitise-text.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

export interface NotesChange {
  readonly path: string;
  readonly placed: readonly SharedLearning[];
  /** What the file has no room for. */
  readonly left: readonly SharedLearning[];
}

export const notesPullTitle = 'Notes: what runs learned';

export function renderNotesMessage({ path, placed }: Pick<NotesChange, 'path' | 'placed'>): string {
  const runs = [...new Set(placed.map(({ runId, number }) => `run ${runId} of #${number}`))];
  return `Add to ${path} what runs learned\n\n${runs.join(', ')}.\n`;
}

export function renderNotesPull(change: NotesChange): string {
  const where = quoteCode(change.path);
  const what =
    `Runs observed what this adds to ${where}, and it did not stand there. A model wrote each sentence; that the quoted words ` +
    'stand in the output of the command was checked, and that makes no sentence true.\n\n' +
    'Later runs are told what stands in that file on the default branch, so please read each line as an instruction that you give. ' +
    'Change, merge or close this like any other pull request: nothing but a person merges it, and what you close or take out is not proposed again.';
  return [what, ...renderSections(change, '')].join('\n\n');
}

/** The same text with what is new in it; the text itself where it says everything already. */
export function extendNotesPull(body: string, change: NotesChange): string {
  const sections = renderSections(change, body);
  return sections.length === 0 ? body : [body.trimEnd(), ...sections].join('\n\n');
}

/** What such a pull request proposed, as `renderLearned` gives it. People may have changed its text. */
export function listProposed(body: string): string[] {
  return body.split(/\r?\n/).flatMap((line) => /^- (?!Left out: )(.+?) \(run r\d+ of #\d+: /.exec(line)?.[1] ?? []);
}

function renderSections({ path, placed, left }: NotesChange, body: string): string[] {
  const added = placed.map((learning) => `- ${renderLearning(learning)}`);
  const absent = left.map((learning) => `- Left out: ${renderLearning(learning)}`);
  const why = `Runs are told at most ${notesLinesAtMost} lines of ${quoteCode(path)}, and these have no room there:`;
  return [...renderSection('### Added', added, body), ...renderSection(`### Not added\n\n${why}`, absent, body)];
}

function renderSection(head: string, lines: readonly string[], body: string): string[] {
  const fresh = lines.filter((line) => !body.includes(line));
  return fresh.length === 0 ? [] : [`${head}\n\n${fresh.join('\n')}`];
}

function renderLearning(learning: SharedLearning): string {
  const { number, runId, task, attempt, command, quote, log } = learning;
  const output = log === undefined ? '' : `; the whole output is the artifact ${quoteCode(log)}`;
  return (
    `${renderLearned(learning)} (run ${runId} of #${number}: ${quoteCode(command)} of ${quoteCode(task)}, attempt ${attempt}, ` +
    `printed ${quoteCode(sanitiseText(quote).text, 300)}${output})`
  );
}

export function renderLearned({ text }: SharedLearning): string {
  return quoteInline(sanitiseText(text).text, 500);
}
