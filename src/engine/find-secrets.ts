// Token-shaped text that a commit brings in, looked for in whole files and not in a patch, which may be cut. What was
// in the repository before is not ours to judge.
import { redact } from '../core/sanitise/redact.ts';
import type { ChangedPath, GitPort, RepositoryRef } from './port/git.ts';

const bytesAtMost = 32 * 1024 * 1024;

export async function countNewSecrets(
  git: GitPort,
  repository: RepositoryRef,
  commits: { readonly base: string; readonly head: string; readonly changed: readonly ChangedPath[] },
): Promise<number> {
  let count = 0;
  for (const { path, from, status } of commits.changed) {
    if (status === 'deleted') continue;
    const before = (await git.readFile(repository, commits.base, from ?? path, bytesAtMost)) ?? '';
    const after = (await git.readFile(repository, commits.head, path, bytesAtMost)) ?? '';
    count += Math.max(0, redact(after).count - redact(before).count);
  }
  return count;
}
