// How a line shows that it opens a block, as CommonMark has it. `line` begins at the first character that is not white
// space and is indented by less than four columns.

export interface Fence {
  readonly marker: '`' | '~';
  readonly length: number;
  readonly info: string;
}

export function parseFence(line: string): Fence | undefined {
  const marker = line[0];
  if (marker !== '`' && marker !== '~') return undefined;
  const length = countLeading(line, marker);
  const info = line.slice(length);
  if (length < 3 || (marker === '`' && info.includes('`'))) return undefined;
  return { marker, length, info: info.trim() };
}

export function isFenceEnd(line: string, fence: Fence): boolean {
  const length = countLeading(line, fence.marker);
  return length >= fence.length && isBlank(line.slice(length));
}

export function isHeading(line: string): boolean {
  return /^#{1,6}(?:[ \t]|$)/.test(line);
}

/** The line of `=` or `-` that makes the paragraph above it a heading. */
export function isUnderline(line: string): boolean {
  const marker = line[0];
  return (marker === '=' || marker === '-') && isBlank(line.slice(countLeading(line, marker)));
}

export function isThematicBreak(line: string): boolean {
  const marker = line[0];
  if (marker !== '*' && marker !== '-' && marker !== '_') return false;
  let count = 0;
  for (const character of line) {
    if (character === marker) count += 1;
    else if (character !== ' ' && character !== '\t') return false;
  }
  return count >= 3;
}

/** Length of the list marker that the line begins with. Only some may turn the middle of a paragraph into a list. */
export function parseListMarker(
  line: string,
  { interruptsParagraph }: { interruptsParagraph: boolean },
): number | undefined {
  const [marker, number] = /^(?:[-*+]|(\d{1,9})[.)])(?=[ \t]|$)/.exec(line) ?? [];
  if (marker === undefined) return undefined;
  if (interruptsParagraph && (isBlank(line.slice(marker.length)) || (number !== undefined && Number(number) !== 1)))
    return undefined;
  return marker.length;
}

function isBlank(text: string): boolean {
  return /^[ \t]*$/.test(text);
}

function countLeading(text: string, character: string): number {
  let count = 0;
  while (text[count] === character) count += 1;
  return count;
}
