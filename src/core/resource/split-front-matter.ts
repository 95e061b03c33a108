export type FrontMatter =
  | {
      readonly kind: 'split';
      readonly yaml: string;
      /** 1-based line of the file on which `yaml` begins, and the same of `body`. */
      readonly yamlLine: number;
      readonly body: string;
      readonly bodyLine: number;
    }
  | { readonly kind: 'none'; readonly line: number; readonly why: string };

/** Between two lines of `---`, the first of which opens the file. */
export function splitFrontMatter(text: string): FrontMatter {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  if (!isRule(lines[0]))
    return { kind: 'none', line: 1, why: 'The file must begin with a line "---" and the keys of the resource.' };
  const end = lines.findIndex((line, index) => index > 0 && isRule(line));
  if (end === -1) return { kind: 'none', line: 1, why: 'The front matter is not closed by a second line "---".' };
  return {
    kind: 'split',
    yaml: lines.slice(1, end).join('\n'),
    yamlLine: 2,
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
  };
}

function isRule(line: string | undefined): boolean {
  return line !== undefined && /^---[ \t]*$/.test(line);
}
