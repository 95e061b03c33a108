// What differs between two trees, for people and for the rules that judge paths. Attributes and configuration of the
// repository have no say in it: no external diff, no text conversion.

import { ExternalError } from '../engine/external-error.ts';
import type { ChangedPath, DiffStat, TreeDiff } from '../engine/port/git.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';
import { parseRawDiff, type RawChange } from './raw-diff.ts';
import { renderByteName } from './record.ts';
import type { GitOutcome } from './run-git.ts';

const maxPatchBytes = 1024 * 1024;
const plain = ['--no-ext-diff', '--no-textconv', '--find-renames', '--full-index', '-r'];

export async function diffCommits(
  context: GitContext,
  mirror: Mirror,
  pair: { base: string; head: string },
): Promise<TreeDiff> {
  const commits = [requireCommitName(pair.base), requireCommitName(pair.head)];
  const read = (format: readonly string[], maxBytes?: number) =>
    context.run({
      args: ['diff-tree', ...plain, ...format, ...commits],
      repository: mirror.path,
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
  const [raw, summary, patch] = await Promise.all([
    read(['--raw', '-z']),
    read(['--shortstat']),
    read(['--patch'], maxPatchBytes),
  ]);
  for (const outcome of [raw, summary, patch]) requireRead(outcome, outcome === patch);
  const changed = parseRawDiff(raw.stdout).map(describeChange);
  return {
    changed,
    stat: parseSummary(summary.stdout.toString('utf8'), changed.length),
    patch: patch.stdout.toString('utf8'),
    patchIsCut: patch.isCut,
  };
}

function requireRead(outcome: GitOutcome, mayBeCut: boolean): void {
  if (outcome.isCut && mayBeCut) return;
  if (outcome.isCut) throw new ExternalError({ system: 'git', retry: 'never', message: 'a diff names too many paths' });
  if (outcome.code !== 0) throw localFailure('could not compare two commits', outcome);
}

const statuses: Readonly<Record<string, ChangedPath['status']>> = {
  A: 'added',
  M: 'modified',
  D: 'deleted',
  R: 'renamed',
  T: 'type_changed',
};

function describeChange(change: RawChange): ChangedPath {
  const status = statuses[change.status];
  if (status === undefined) throw new Error(`git gave a change of an unknown kind: ${change.status}`);
  const path = renderByteName(change.name);
  return change.from === undefined ? { path, status } : { path, status, from: renderByteName(change.from) };
}

function parseSummary(text: string, files: number): DiffStat {
  const additions = Number(/(\d+) insertion/.exec(text)?.[1] ?? 0);
  const deletions = Number(/(\d+) deletion/.exec(text)?.[1] ?? 0);
  return { files, additions, deletions };
}
