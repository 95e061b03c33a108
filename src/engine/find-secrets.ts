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
    const text = showWideText(before);
    count += redactShapes(`${name}\n${showWideText(after)}`).found.filter((secret) => !text.includes(secret)).length;
  }
  return count;
}

/**
 * Text in UTF-16 or UTF-32 has zeros between the letters that secrets are made of, whichever end of a letter comes first.
 * A file that is no text loses its zeros as well, which hides nothing: what it had in a row it has in a row.
 */
function showWideText(text: string): string {
  return text.replaceAll('\0', '');
}
