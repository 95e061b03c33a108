// Which pull requests a commit of the merge queue holds: what cannot be followed to the base branch is held by nobody.
import { expect, it } from 'vitest';
import { openGroup } from '../../src/core/model/group.ts';
import { isGroupId, type RecordId } from '../../src/core/model/subject.ts';
import { followQueue } from '../../src/engine/follow-queue.ts';

const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'widget', installationId: 3 };
const ref = { key: 'github.test/7', url: 'https://github.test/acme/widget.git' };
const sha = (name: string) => name.repeat(40);
// main ← a (#1) ← b (#2) ← c (#3); each stands on the one before it.
const line = [sha('0'), sha('a'), sha('b'), sha('c')];
const branch = (number: number, base: string) => `gh-readonly-queue/main/pr-${number}-${base}`;
const groupOf = (number: number, on = 'main') => {
  const [base = '', head = ''] = [line[number - 1], line[number]];
  return openGroup(repository, { head, ref: branch(number, base), branch: on, base, number }, 0);
};

interface Scene {
  readonly tip?: string;
  readonly told?: readonly ReturnType<typeof groupOf>[];
  readonly branches?: readonly { name: string; head: string }[];
}

function follow({ tip = sha('0'), told = [], branches = [] }: Scene) {
  const place = (commit: string) => line.indexOf(commit);
  return followQueue(
    {
      git: {
        treeOf: async (_ref: unknown, commit: string) => (place(commit) < 0 ? undefined : `tree of ${commit}`),
        isAncestor: async (_ref: unknown, one: string, other: string) => place(one) >= 0 && place(one) <= place(other),
      },
      github: { listBranches: async () => branches },
      store: {
        loadGroup: async (id: RecordId) => ({
          record: told.find(({ head }) => isGroupId(id) && id.endsWith(head)),
        }),
      },
    } as unknown as Parameters<typeof followQueue>[0],
    { record: groupOf(3), ref, tip },
  );
}

const numbers = async (scene: Scene) => (await follow(scene))?.map(({ number }) => number);

it('follows what the queue told of each commit, in the order in which they are merged', async () => {
  expect(await numbers({ told: [groupOf(1), groupOf(2)] })).toEqual([1, 2, 3]);
});

it('finds one whose delivery was lost by its branch', async () => {
  const branches = [{ name: branch(1, sha('0')), head: sha('a') }];
  expect(await numbers({ told: [groupOf(2)], branches })).toEqual([1, 2, 3]);
});

it('ends where a commit stands on the base branch: what landed is not in it any more', async () => {
  expect(await numbers({ tip: sha('b') })).toEqual([3]);
  expect(await numbers({ tip: sha('a'), told: [groupOf(2)] })).toEqual([2, 3]);
});

it.each<[string, Scene]>([
  ['nobody told of it', {}],
  ['its branch names nothing', { branches: [{ name: 'gh-readonly-queue/main/x', head: sha('b') }] }],
  [
    'its branch is of another queue',
    { branches: [{ name: `gh-readonly-queue/next/pr-2-${sha('a')}`, head: sha('b') }] },
  ],
  ['its record is of another branch', { told: [groupOf(1), groupOf(2, 'next')] }],
  // A name that anybody may have chosen says nothing that git does not confirm.
  ['it does not stand on what its branch says', { branches: [{ name: branch(2, sha('c')), head: sha('b') }] }],
  ['it stands on what is not there', { branches: [{ name: branch(2, sha('d')), head: sha('b') }] }],
])('leads nowhere where %s', async (_why, scene) => {
  expect(await follow(scene)).toBeUndefined();
});
