// Files of a commit in which marks of a conflict stand that were not there before.
import type { FindMark } from '../core/plan/conflict-mark.ts';
import { resultBytesAtMost } from './capture-workspace.ts';
import type { GitPort, RepositoryRef } from './port/git.ts';

interface Looked {
  readonly head: string;
  /** With the name that a file had before, where that is another. */
  readonly files: readonly { readonly path: string; readonly from?: string }[];
  /** What the commit was made from. */
  readonly before: readonly string[];
}

export async function findMarks(
  git: GitPort,
  repository: RepositoryRef,
  { head, files, before }: Looked,
  find: FindMark,
): Promise<{ path: string; line: number }[]> {
  const found: { path: string; line: number }[] = [];
  for (const { path, from = path } of files) {
    const text = await git.readFile(repository, head, path, resultBytesAtMost);
    // Most files hold nothing like a mark: what was before is not read for those.
    if (text === undefined || find(text, []) === undefined) continue;
    const texts: string[] = [];
    for (const commit of before) texts.push((await git.readFile(repository, commit, from, resultBytesAtMost)) ?? '');
    const line = find(text, texts);
    if (line !== undefined) found.push({ path, line });
  }
  return found;
}
