import { redactedMark, type SecretShape } from './secret-shape.ts';

/** Puts a mark in the place of every secret of one shape, and adds the secrets to `found`. */
export function hideShape(text: string, shape: SecretShape, found: string[]): string {
  const { begin, measure, isNamed = false, isSecret } = shape;
  begin.lastIndex = 0;
  const kept: string[] = [];
  let at = 0;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const from = begin.lastIndex;
    const end = measure ? measure(text, from) : from;
    // Another one may begin within what only looked like a beginning, and none within what was measured.
    begin.lastIndex = end ?? match.index + 1;
    if (end === undefined || isSecret?.(text.slice(from, end), match.slice(1)) === false) continue;
    const start = isNamed ? from : match.index;
    kept.push(text.slice(at, start), redactedMark);
    found.push(text.slice(start, end));
    at = end;
  }
  return at === 0 ? text : kept.join('') + text.slice(at);
}
