// Files of a commit in which marks of a conflict stand that were not there before.
import type { FindMark } from '../core/plan/conflict-mark.ts';
import type { GitPort, RepositoryRef } from './port/git.ts';

interface Looked {
  readonly head: string;
  /** With the name that a file had before, where that is another. */
  readonly files: readonly { readonly path: string; readonly from?: string }[];
  /** What the commit was made from. */
  readonly before: readonly string[];
  readonly bytesAtMost: number;
}

interface Marks {
  readonly found: readonly { readonly path: string; readonly line: number }[];
  /** Files over the limit, of which nothing was read. */
  readonly unscanned: readonly string[];
}

export async function findMarks(
  git: GitPort,
  repository: RepositoryRef,
  { head, files, before, bytesAtMost }: Looked,
  find: FindMark,
): Promise<Marks> {
  const found: { path: string; line: number }[] = [];
  const unscanned: string[] = [];
  /** Nothing of what is too large. */
  const readBefore = async (commit: string, path: string) => {
    const content = await git.readBytes(repository, commit, path, bytesAtMost);
    return content === undefined || content === 'too_large' ? '' : toText(content);
  };
  for (const { path, from = path } of files) {
    const content = await git.readBytes(repository, head, path, bytesAtMost);
    if (content === 'too_large') unscanned.push(path);
    if (content === undefined || content === 'too_large') continue;
    const text = toText(content);
    // Most files hold nothing like a mark: what was before is not read for those.
    if (find(text, []) === undefined) continue;
    const texts: string[] = [];
    for (const commit of before) texts.push(await readBefore(commit, from));
    const line = find(text, texts);
    if (line !== undefined) found.push({ path, line });
  }
  return { found, unscanned };
}

function toText(content: Uint8Array): string {
  return Buffer.from(content).toString('utf8');
}
