// What differs between two trees, for people and for the rules that judge paths. Attributes and configuration of the
// repository have no say in it: no external diff, no text conversion.

import { ExternalError } from '../engine/external-error.ts';
import type { ChangedPath, DiffStat, TreeDiff } from '../engine/port/git.ts';
import { localFailure } from './failure.ts';
import type { GitContext } from './git-context.ts';
import type { Mirror } from './mirror-path.ts';
import { requireCommitName } from './name.ts';
import { type FileStat, parseNumstat } from './numstat.ts';
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
  const [raw, numbers, patch] = await Promise.all([
    read(['--raw', '-z']),
    read(['--numstat', '-z']),
    read(['--patch'], maxPatchBytes),
  ]);
  for (const outcome of [raw, numbers, patch]) requireRead(outcome, outcome === patch);
  const stats = parseNumstat(numbers.stdout);
  return {
    changed: parseRawDiff(raw.stdout).map((change) => describeChange(change, stats.get(change.name))),
    stat: sum(stats),
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

function describeChange(change: RawChange, stat: FileStat | undefined): ChangedPath {
  const status = statuses[change.status];
  if (status === undefined) throw new Error(`git gave a change of an unknown kind: ${change.status}`);
  const path = renderByteName(change.name);
  const named = change.from === undefined ? { path, status } : { path, status, from: renderByteName(change.from) };
  return isUnshown(change, stat) ? { ...named, isUnshown: true } : named;
}

const gitlinkMode = '160000';

/** Only a name, a mode or that it is gone changes where the content stays: that is told as text, whatever the content is. */
function isUnshown({ status, oldId, newId, newMode }: RawChange, stat: FileStat | undefined): boolean {
  if (status === 'D' || oldId === newId) return false;
  return newMode === gitlinkMode || stat?.isBinary !== false;
}

function sum(stats: ReadonlyMap<string, FileStat>): DiffStat {
  const all = [...stats.values()];
  return {
    files: all.length,
    additions: all.reduce((total, { additions }) => total + additions, 0),
    deletions: all.reduce((total, { deletions }) => total + deletions, 0),
  };
}
