// What conflicts in the files of a commit, or between two commits, by the names that it has for people. Files are read as bytes
// and taken as Latin-1, so that whatever encoding they have, what is put back is what was there.
import { listConflicts, type NamedBlock } from '../core/conflict/list-conflicts.ts';
import type { ConflictList, UnnamedConflict } from '../core/model/conflict.ts';
import { author } from './author.ts';
import type { RepositoryRef } from './port/git.ts';
import type { WorkPorts } from './work-ports.ts';

/** Larger files are said not to be looked through. */
export const scannedBytesAtMost = 10 * 1024 * 1024;
/** More would be too many to decide about one by one. */
const listedAtMost = 100;

export interface MarkedFile {
  readonly path: string;
  readonly text: string;
  readonly named: readonly NamedBlock[];
}

export interface ReadConflicts {
  readonly list: ConflictList;
  readonly files: readonly MarkedFile[];
}

interface Looked {
  readonly repository: RepositoryRef;
  readonly commit: string;
  /** With the name that a file had before, where that is another. */
  readonly files: readonly { readonly path: string; readonly from?: string }[];
  /** What stands in these as well is shown there, and conflicts with nothing. */
  readonly before: readonly string[];
}

export async function readFileConflicts(
  ports: Pick<WorkPorts, 'git' | 'hash'>,
  { repository, commit, files, before }: Looked,
): Promise<ReadConflicts> {
  const read = (at: string, path: string) => ports.git.readBytes(repository, at, path, scannedBytesAtMost);
  const marked: MarkedFile[] = [];
  const unnamed: UnnamedConflict[] = [];
  let room = listedAtMost;
  const tooMany = files[listedAtMost];
  if (tooMany) unnamed.push({ path: tooMany.path, why: 'too_many' });
  for (const { path, from = path } of files.slice(0, listedAtMost)) {
    const content = await read(commit, path);
    if (content === 'too_large') {
      unnamed.push({ path, why: 'too_large' });
      continue;
    }
    const text = toText(content);
    const { named, unclear } = listConflicts(path, text, ports.hash);
    const shown = new Set<string>();
    let unclearBefore = 0;
    for (const at of before) {
      const earlier = await read(at, from);
      const known = listConflicts(path, earlier === 'too_large' ? '' : toText(earlier), ports.hash);
      for (const { found } of known.named) shown.add(`${found.content} ${found.nth}`);
      unclearBefore = Math.max(unclearBefore, known.unclear.length);
    }
    const own = named.filter(({ found }) => !shown.has(`${found.content} ${found.nth}`));
    if (unclear.length > unclearBefore) unnamed.push({ path, why: 'unclear', line: unclear[0] ?? 1 });
    else if (own.length === 0) unnamed.push({ path, why: 'not_text' });
    if (own.length > room) unnamed.push({ path, why: 'too_many' });
    marked.push({ path, text, named: own.slice(0, room) });
    room -= Math.min(room, own.length);
  }
  const found = marked.flatMap(({ named }) => named.map((one) => one.found));
  return { list: { found, unnamed: unnamed.slice(0, listedAtMost) }, files: marked };
}

interface Sides {
  readonly repository: RepositoryRef;
  readonly head: string;
  readonly base: string;
}

/** Where the base is merged into the head: "ours" is the head. `commit` holds git's marks, or the merge itself. */
export async function readMergeConflicts(
  ports: Pick<WorkPorts, 'git' | 'hash'>,
  { repository, head, base }: Sides,
): Promise<ReadConflicts & { readonly commit: string; readonly isMerged: boolean }> {
  const made = await ports.git.markConflict({ repository, ours: head, theirs: base, author });
  const { commit } = made;
  if (made.kind === 'merged') return { list: { found: [], unnamed: [] }, files: [], commit, isMerged: true };
  const files = made.paths.map((path) => ({ path }));
  const read = await readFileConflicts(ports, { repository, commit, files, before: [head, base] });
  return { ...read, commit, isMerged: false };
}

export function toText(content: Uint8Array | undefined): string {
  return Buffer.from(content ?? []).toString('latin1');
}
