// The lines that a change takes away and adds, by file, of the unified diff that git makes.

export interface PatchLines {
  readonly removed: readonly string[];
  readonly added: readonly string[];
  /** The text ends in the middle of it. */
  readonly isCut?: boolean;
}

/**
 * By the name after the change; of what is gone, by the one before it. What has no lines is not in it (bytes that are no text,
 * what comes after a cut, another mode), but for what only has another name.
 */
export function parsePatchLines(patch: string, isCut = false): ReadonlyMap<string, PatchLines> {
  const found = new Map<string, { removed: string[]; added: string[]; isCut?: boolean }>();
  let lines: { removed: string[]; added: string[]; isCut?: boolean } | undefined;
  let before = '';
  let isSame = false;
  let left = { removed: 0, added: 0 };
  for (const text of patch.split('\n')) {
    if (left.removed > 0 || left.added > 0) {
      if (text.startsWith('\\')) continue;
      if (text.startsWith('-')) lines?.removed.push(text.slice(1));
      else if (text.startsWith('+')) lines?.added.push(text.slice(1));
      left = {
        removed: left.removed - (text.startsWith('+') ? 0 : 1),
        added: left.added - (text.startsWith('-') ? 0 : 1),
      };
      continue;
    }
    const old = readName(text, '--- ', 'a/');
    if (old !== undefined) before = old;
    const path = readName(text, '+++ ', 'b/');
    if (path !== undefined) {
      const name = path === '/dev/null' ? before : path;
      // A file that becomes a link is there twice: as one that is gone, and as one that is new.
      lines = found.get(name) ?? { removed: [], added: [] };
      found.set(name, lines);
    }
    const similarity = readName(text, 'similarity index ', '');
    if (similarity !== undefined) isSame = similarity === '100%';
    const renamed = readName(text, 'rename to ', '');
    if (renamed !== undefined && isSame) found.set(renamed, { removed: [], added: [] });
    const [, removed, added] = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(text) ?? [];
    if (text.startsWith('@@ ')) left = { removed: Number(removed ?? 1), added: Number(added ?? 1) };
  }
  if (isCut && lines) lines.isCut = true;
  return found;
}

/** Git ends a name that holds a space with a tab, and quotes one that holds a quote, a backslash or a control character. */
function readName(text: string, mark: string, side: string): string | undefined {
  if (!text.startsWith(mark)) return undefined;
  const name = unquote(text.slice(mark.length).replace(/\t$/, ''));
  return name.startsWith(side) ? name.slice(side.length) : name;
}

const escapes: Readonly<Record<string, string>> = {
  ...{ a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** The bytes that git writes as octal numbers are those below a space: the rest of a name stands for itself. */
function unquote(name: string): string {
  if (!/^".*"$/s.test(name)) return name;
  return name
    .slice(1, -1)
    .replace(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(Number.parseInt(code, 8)) : (escapes[code] ?? code),
    );
}
