// The lines that a change takes away and adds, by file, of the unified diff that git makes.

export interface PatchLines {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** By the name after the change; of what is gone, by the one before it. */
export function parsePatchLines(patch: string): ReadonlyMap<string, PatchLines> {
  const found = new Map<string, { removed: string[]; added: string[] }>();
  let lines: { removed: string[]; added: string[] } | undefined;
  let before = '';
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
    const [, old] = /^--- (?:a\/)?([^\t]+)/.exec(text) ?? [];
    if (old !== undefined) before = old;
    const [, path] = /^\+\+\+ (?:b\/)?([^\t]+)/.exec(text) ?? [];
    if (path !== undefined) {
      lines = { removed: [], added: [] };
      found.set(path === '/dev/null' ? before : path, lines);
    }
    const [, removed, added] = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(text) ?? [];
    if (text.startsWith('@@ ')) left = { removed: Number(removed ?? 1), added: Number(added ?? 1) };
  }
  return found;
}
