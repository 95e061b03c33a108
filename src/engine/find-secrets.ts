// Token-shaped text that a commit brings in, looked for in whole files and their names, and not in a patch, which may be
// cut. What was in the repository before is not ours to judge.
import { redactShapes } from '../core/sanitise/redact.ts';
import { resultBytesAtMost } from './capture-workspace.ts';
import type { ChangedPath, GitPort, RepositoryRef } from './port/git.ts';

export async function countNewSecrets(
  git: GitPort,
  repository: RepositoryRef,
  commits: { readonly base: string; readonly head: string; readonly changed: readonly ChangedPath[] },
): Promise<number> {
  let count = 0;
  for (const { path, from = path, status } of commits.changed) {
    if (status === 'deleted') continue;
    const before = (await git.readFile(repository, commits.base, from, resultBytesAtMost)) ?? '';
    const after = (await git.readFile(repository, commits.head, path, resultBytesAtMost)) ?? '';
    const name = status === 'added' || status === 'renamed' ? path : '';
    // One that takes the place of another is new as well, so it is the secrets that are compared and not their number.
    const known = [before, readWideText(before)];
    count += findIn(`${name}\n${after}`).filter((secret) => !known.some((text) => text.includes(secret))).length;
  }
  return count;
}

/**
 * As the text is and as wide text, since neither shows all: a file that is no text may have zeros where one word ends and
 * a secret begins, and without them a secret that has its own beginning would seem to be the middle of a word.
 */
function findIn(text: string): readonly string[] {
  const { found } = redactShapes(text);
  if (!text.includes('\0')) return found;
  const wide = redactShapes(readWideText(text)).found;
  return [...found, ...wide.filter((secret) => !found.some((other) => secret.includes(other)))];
}

/** Text in UTF-16 or UTF-32 has zeros between the letters that secrets are made of, whichever end of a letter comes first. */
function readWideText(text: string): string {
  return text.replaceAll('\0', '');
}
