// Reads files out of a commit. Links are never followed: a link is not a file here.
import { ExternalError } from '../engine/external-error.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';
import { splitRecords } from './record.ts';

interface Wanted {
  readonly commit: string;
  readonly path: string;
  readonly maxBytes: number;
}

export async function readFile(context: GitContext, mirror: Mirror, wanted: Wanted): Promise<string | undefined> {
  const content = await readBytes(context, mirror, wanted);
  if (content === 'too_large') {
    const message = `${wanted.path} is larger than ${wanted.maxBytes} bytes`;
    throw new ExternalError({ system: 'git', retry: 'never', message });
  }
  return content?.toString('utf8');
}

export async function readBytes(
  context: GitContext,
  mirror: Mirror,
  { commit, path, maxBytes }: Wanted,
): Promise<Buffer | 'too_large' | undefined> {
  const entry = isRelativePath(path) ? await findEntry(context, mirror, { commit, path }) : undefined;
  if (!entry) return undefined;
  const blob = await context.run({ args: ['cat-file', 'blob', entry.id], repository: mirror.path, maxBytes });
  if (blob.isCut) return 'too_large';
  if (blob.code !== 0) throw localFailure('could not read a file', blob);
  return blob.stdout;
}

/** A regular file of a commit. */
export async function findEntry(
  context: GitContext,
  mirror: Mirror,
  { commit, path }: { readonly commit: string; readonly path: string },
): Promise<{ readonly mode: string; readonly id: string } | undefined> {
  const listing = await context.run({
    args: ['ls-tree', '-z', '--full-tree', requireCommitName(commit), '--', `:(literal)${path}`],
    repository: mirror.path,
  });
  if (listing.code !== 0) throw localFailure('could not read a tree', listing);
  const entry = splitRecords(listing.stdout)
    .map((record) => record.toString('utf8'))
    .find((text) => text.endsWith(`\t${path}`));
  const [, mode, id] = /^(100\d{3}) blob ([0-9a-f]{40})\t/.exec(entry ?? '') ?? [];
  return mode === undefined || id === undefined ? undefined : { mode, id };
}

export async function identifyFiles(
  context: GitContext,
  mirror: Mirror,
  request: { commit: string; paths: readonly string[] },
): Promise<{ path: string; id: string }[]> {
  const found: { path: string; id: string }[] = [];
  for (const paths of cutList([...new Set(request.paths)])) {
    const listing = await context.run({
      args: ['ls-tree', '-z', '--full-tree', requireCommitName(request.commit), '--', ...paths],
      repository: mirror.path,
    });
    if (listing.code !== 0) throw localFailure('could not read a tree', listing);
    for (const record of splitRecords(listing.stdout)) {
      const [, id, path] = /^100\d{3} blob ([0-9a-f]{40})\t(.*)$/s.exec(record.toString('utf8')) ?? [];
      if (id !== undefined && path !== undefined) found.push({ path, id });
    }
  }
  return found;
}

/** Far below what a system takes as arguments of one program. */
const charsAtOnce = 100_000;

function cutList(paths: readonly string[]): string[][] {
  const lists: string[][] = [];
  let chars = charsAtOnce;
  for (const path of paths) {
    const argument = `:(literal)${path}`;
    chars += argument.length;
    if (chars > charsAtOnce) {
      lists.push([]);
      chars = argument.length;
    }
    lists.at(-1)?.push(argument);
  }
  return lists;
}

export async function listFiles(
  context: GitContext,
  mirror: Mirror,
  request: { commit: string; maxPaths: number; folder?: string | undefined },
): Promise<{ paths: readonly string[]; total: number }> {
  const args = ['ls-tree', '-r', '-z', '--name-only', '--full-tree', requireCommitName(request.commit)];
  if (request.folder !== undefined) args.push('--', `:(literal)${request.folder}`);
  const outcome = await context.run({ args, repository: mirror.path });
  if (outcome.isCut)
    throw new ExternalError({ system: 'git', retry: 'never', message: 'a tree has too many paths to list' });
  if (outcome.code !== 0) throw localFailure('could not list a tree', outcome);
  const records = splitRecords(outcome.stdout);
  return { paths: records.slice(0, request.maxPaths).map((record) => record.toString('utf8')), total: records.length };
}

function isRelativePath(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
