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
    count += redactShapes(`${name}\n${after}`).found.filter((secret) => !before.includes(secret)).length;
  }
  return count;
}
