// Which texts may stand for a commit, a branch or a ref. Names come from people and other hosts: whatever git would
// read as an option or an expression is refused here, before git sees it.

/** A full SHA-1, the only way in which commits are named between the engine and git. */
export function isCommitName(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** A bug of the caller: commits are never named by anything but their full SHA. */
export function requireCommitName(text: string): string {
  if (!isCommitName(text)) throw new Error('a commit must be given as its full SHA');
  return text;
}

/** The rules of `git check-ref-format` for a full ref below `refs/`. */
export function isRefName(text: string): boolean {
  if (!text.startsWith('refs/') || text.endsWith('.') || text.includes('..') || text.includes('@{')) return false;
  if (/[\p{Cc} ~^:?*[\\]/u.test(text)) return false;
  const parts = text.split('/');
  return parts.length >= 3 && parts.every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

export function isBranchName(text: string): boolean {
  return !text.startsWith('-') && isRefName(`refs/heads/${text}`);
}
