const part = /^[\p{L}\p{M}\p{N}_@.+~][\p{L}\p{M}\p{N}_@.+~,%-]*$/u;

/** A path from the top of the repository, as git writes it; empty: the top itself. Undefined where it leads out, or is none. */
export function joinPath(folder: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const parts: string[] = [];
  for (const one of `${folder}/${path}`.split('/')) {
    if (one === '' || one === '.') continue;
    if (one !== '..' && part.test(one)) parts.push(one);
    else if (one !== '..' || parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}
