// Shortens Markdown so that what is kept still renders as it did, and says how much is gone.
import { OpenElements } from './markdown/open-elements.ts';
import { scanMarkdown, splitLines } from './markdown/scan-markdown.ts';

/** More closing tags than this are not written; nothing of ours nests so deep. */
const maxClosed = 20;

/**
 * At most `maxChars` characters: whole lines from the beginning, open fences, details and comments closed, and a last
 * line that counts what was left out. A diagram is left out as a whole. A first line that is too long by itself is cut.
 */
export function cutOnStructure(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const ends = [...splitLines(text)].map(({ line, start }) => start + line.length);
  let room = maxChars - renderNote(ends.length, text.length).length;
  while (room > 0) {
    const cut = cutAt(text, ends, room);
    if (cut.length <= maxChars) return cut;
    room -= Math.max(cut.length - maxChars, 1);
  }
  return sliceWhole(text, maxChars);
}

function cutAt(text: string, ends: readonly number[], room: number): string {
  const end = ends.findLast((candidate) => candidate <= room) ?? 0;
  const kept = end === 0 ? sliceWhole(text, room) : dropOpenDiagram(text.slice(0, end));
  const leftOut = ends.filter((candidate) => candidate > kept.length).length;
  return `${kept}${renderClosers(kept)}${renderNote(leftOut, text.length - kept.length)}`;
}

/** Half a Mermaid diagram is an error message; no diagram is a shorter text. */
function dropOpenDiagram(text: string): string {
  const { lines, open } = scanMarkdown(text);
  if (open?.kind !== 'fence' || !/^mermaid\b/i.test(open.fence.info)) return text;
  return text.slice(0, lines[open.firstLine]?.start ?? 0).trimEnd();
}

/** What has to be written so that a paragraph below stands outside of everything. A blank line ends the rest. */
function renderClosers(text: string): string {
  const { lines, open } = scanMarkdown(text);
  const elements = new OpenElements();
  for (const line of lines) if (line.kind === 'html') elements.read(line.text);
  let closers = '';
  if (open && !open.isNested)
    closers += `\n${open.kind === 'fence' ? open.fence.marker.repeat(open.fence.length) : open.closer}`;
  elements.read(closers);
  if (elements.isInComment()) closers += '\n\n<!-- -->';
  const details = Math.min(elements.countOpen('details'), maxClosed);
  return details === 0 ? closers : `${closers}\n\n${'</details>'.repeat(details)}`;
}

function renderNote(lines: number, chars: number): string {
  return `\n\n_… ${lines} ${lines === 1 ? 'line' : 'lines'} (${chars} characters) left out._`;
}

/** A cut between the two halves of one character would leave half of it. */
function sliceWhole(text: string, maxChars: number): string {
  const part = text.slice(0, Math.max(0, maxChars));
  return /[\ud800-\udbff]$/.test(part) ? part.slice(0, -1) : part;
}
