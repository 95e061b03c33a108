import type { ReadActions } from '../action/actions.ts';
import { readSides } from '../action/pull-state.ts';
import { readDiff } from '../git/diff.ts';
import { resolveCommit } from '../git/refs.ts';
import { readBlob, readTreeEntry } from '../git/tree.ts';
import { pullOf, repositoryOf } from '../state/find.ts';
import type { World } from '../state/world.ts';
import { readSnapshot, repositorySnapshot, threadSnapshot } from './snapshot.ts';

const maxWaitMs = 30_000;

export function createReadActions(world: World): ReadActions {
  return {
    readState: () => readSnapshot(world),
    readRepository: async ({ repository }) => repositorySnapshot(world, repositoryOf(world, repository)),
    readThread: async ({ repository, number }) => threadSnapshot(world, repositoryOf(world, repository), number),
    readDeliveries: async ({ after }) => world.deliveries.filter(({ id }) => id > (after ?? 0)),
    readChanges: async ({ after, waitMs }) => {
      const changes = await world.changes.waitAfter(after, Math.min(maxWaitMs, waitMs ?? 0));
      return { changes, last: world.changes.last };
    },
    readRequests: async ({ after }) => world.requests.filter(({ index }) => index > (after ?? 0)),
    countRequests: async ({ after }) => countRequests(world, after ?? 0),
    readUnimplemented: async () => world.requests.filter(({ status }) => status === 501),
    readPullDiff: async ({ repository: name, number }) => {
      const repository = repositoryOf(world, name);
      const { mergeBase, headSha } = await readSides(repository, pullOf(repository, number));
      return readDiff(repository.git, mergeBase, headSha);
    },
    readFile: async ({ repository: name, ref, path }) => {
      const { git } = repositoryOf(world, name);
      const commit = await resolveCommit(git, ref);
      const entry = commit === undefined ? undefined : await readTreeEntry(git, commit, path);
      return entry?.kind === 'blob' ? ((await readBlob(git, entry.sha))?.toString() ?? null) : null;
    },
  };
}

function countRequests(world: World, after: number): Record<string, Record<number, number>> {
  const counts: Record<string, Record<number, number>> = {};
  for (const { index, token, method, template, path, status } of world.requests) {
    if (index <= after || (token !== 'app' && token !== 'installation')) continue;
    const name = `${method} ${template ?? path}`;
    const byStatus = counts[name] ?? {};
    counts[name] = { ...byStatus, [status ?? 0]: (byStatus[status ?? 0] ?? 0) + 1 };
  }
  return counts;
}
