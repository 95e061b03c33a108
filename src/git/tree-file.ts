// Reads files out of a commit. Links are never followed: a link is not a file here.
import { ExternalError } from '../engine/external-error.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';
import { splitRecords } from './record.ts';

export async function readFile(
  context: GitContext,
  mirror: Mirror,
  request: { commit: string; path: string; maxBytes: number },
): Promise<string | undefined> {
  const { path, maxBytes } = request;
  const commit = requireCommitName(request.commit);
  if (!isRelativePath(path)) return undefined;
  const listing = await context.run({
    args: ['ls-tree', '-z', '--full-tree', commit, '--', `:(literal)${path}`],
    repository: mirror.path,
  });
  if (listing.code !== 0) throw localFailure('could not read a tree', listing);
  const entry = splitRecords(listing.stdout)
    .map((record) => record.toString('utf8'))
    .find((text) => text.endsWith(`\t${path}`));
  const id = /^100\d{3} blob ([0-9a-f]{40})\t/.exec(entry ?? '')?.[1];
  if (id === undefined) return undefined;
  const blob = await context.run({ args: ['cat-file', 'blob', id], repository: mirror.path, maxBytes });
  if (blob.isCut)
    throw new ExternalError({ system: 'git', retry: 'never', message: `${path} is larger than ${maxBytes} bytes` });
  if (blob.code !== 0) throw localFailure('could not read a file', blob);
  return blob.stdout.toString('utf8');
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
