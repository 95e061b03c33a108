const mark = /^(?:<{7}|>{7}|\|{7})(?: |$)|^={7}$/;

export function hasMarks(text: string): boolean {
  return text.split('\n').some((line) => /^<{7} /.test(line));
}

/** Whether lines look like marks of a conflict that neither side had: texts about merges may show some. */
export function isMarkLeft(text: string, sides: readonly string[]): boolean {
  const known = new Set(sides.flatMap((side) => side.split('\n')).map((line) => line.trimEnd()));
  return text.split('\n').some((line) => mark.test(line.trimEnd()) && !known.has(line.trimEnd()));
}
