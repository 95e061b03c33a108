// Which lines of a file stand in a change, of the unified diff that git makes: only beside these a remark can stand.
import type { Finding } from '../model/finding.ts';

/** By path, the lines of the new side that a hunk shows. */
export type ChangedLines = ReadonlyMap<string, ReadonlySet<number>>;

export function parseChangedLines(patch: string): ChangedLines {
  const found = new Map<string, Set<number>>();
  let lines: Set<number> | undefined;
  let at = 0;
  let left = 0;
  for (const text of patch.split('\n')) {
    if (left > 0) {
      // Of the old side alone; and what git says about a missing line end counts for no line.
      if (text.startsWith('-') || text.startsWith('\\')) continue;
      lines?.add(at);
      at += 1;
      left -= 1;
      continue;
    }
    const [, path] = /^\+\+\+ (?:b\/)?([^\t]+)/.exec(text) ?? [];
    if (path !== undefined) {
      // A name that git had to quote is looked for by nobody.
      lines = path === '/dev/null' || path.startsWith('"') ? undefined : new Set();
      if (lines) found.set(path, lines);
      continue;
    }
    const [, start, count = '1'] = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(text) ?? [];
    if (start === undefined) continue;
    at = Number(start);
    left = Number(count);
  }
  return found;
}

/** Of what was found before as well, which may stand in the change no more. */
export function markInChange(findings: readonly Finding[], patch: string): Finding[] {
  const lines = parseChangedLines(patch);
  return findings.map(({ isInChange: _, ...finding }) =>
    finding.line !== undefined && lines.get(finding.path)?.has(finding.line)
      ? { ...finding, isInChange: true }
      : finding,
  );
}
