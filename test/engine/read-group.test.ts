// A look at a commit of the merge queue: who has the same heads is read from one list of what is open, however many are queued.
import { expect, it } from 'vitest';
import { openGroup } from '../../src/core/model/group.ts';
import { isGroupId, type RecordId } from '../../src/core/model/subject.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { PullFacts } from '../../src/engine/port/github.ts';
import { readGroup } from '../../src/engine/read-group.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';

const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'widget', installationId: 3 };
const sha = (name: string) => name.repeat(40);
// main ← a (#1) ← b (#2) ← c (#3); each stands on the one before it.
const line = [sha('0'), sha('a'), sha('b'), sha('c')];
const groupOf = (number: number) => {
  const [base = '', head = ''] = [line[number - 1], line[number]];
  const ref = `gh-readonly-queue/main/pr-${number}-${base}`;
  return openGroup(repository, { head, ref, branch: 'main', base, number }, 0);
};

const pullOf = (number: number, headSha: string, more: Partial<PullFacts> = {}): PullFacts => ({
  ...{ number, state: 'open', isDraft: false, nodeId: `PR_${number}`, headSha, headBranch: `topic-${number}` },
  ...{ isSameRepository: true, isOurs: false, baseBranch: 'main', mergeSha: undefined, title: '', body: '' },
  ...more,
});
/** The heads that people pushed, which the queue puts onto each other. */
const queued = [pullOf(1, sha('1')), pullOf(2, sha('2')), pullOf(3, sha('3'))];

/** `listed`: what is open besides what is queued; `away`: GitHub gives no list. */
async function look(listed: readonly PullFacts[] | 'away' = []) {
  let lists = 0;
  const listAll = async () => {
    lists += 1;
    if (listed === 'away') throw new ExternalError({ system: 'github', message: '502', retry: 'soon' });
    return [...queued, ...listed];
  };
  const place = (commit: string) => line.indexOf(commit);
  const ports = {
    git: {
      fetch: async () => sha('0'),
      treeOf: async (_ref: unknown, commit: string) => `tree of ${commit}`,
      isAncestor: async (_ref: unknown, one: string, other: string) => place(one) <= place(other),
    },
    github: {
      toGitUrl: () => 'https://github.test/acme/widget.git',
      createGitToken: async () => 'token',
      readBranch: async () => sha('c'),
      readRepository: async () => ({ defaultBranch: 'main', owner: 'acme', name: 'widget', isFork: false }),
      findSibling: async () => undefined,
      readFile: async () => undefined,
      listChanges: async () => [],
      listChecks: async () => [],
      readPull: async (_repository: unknown, number: number) => queued.find((pull) => pull.number === number),
      listOpenPulls: listAll,
      // The adapter goes through the same pages for it.
      listPullsOfHead: async (_repository: unknown, head: string) =>
        (await listAll()).filter(({ headSha }) => headSha === head),
    },
    store: {
      load: async () => ({}),
      loadGroup: async (id: RecordId) => ({
        record: [groupOf(1), groupOf(2)].find(({ head }) => isGroupId(id) && id.endsWith(head)),
      }),
    },
  } as unknown as WorkPorts;
  const { signal } = new AbortController();
  const held = { record: groupOf(3), signal, token: 't', action: { kind: 'read_group', id: 'read-1' } };
  const outcome = await readGroup(ports, held as never as Held<'read_group'>);
  return { outcome, lists };
}

async function read(listed: readonly PullFacts[]) {
  const { outcome, lists } = await look(listed);
  if (outcome.kind !== 'read') throw new Error(JSON.stringify(outcome));
  return { ...outcome.reading, lists };
}

it('is one list for all that it holds', async () => {
  const { parts, sharers, lists } = await read([]);
  expect(parts.map(({ number, state }) => [number, state])).toEqual([1, 2, 3].map((number) => [number, 'open']));
  expect(sharers).toBeUndefined();
  expect(lists).toBe(1);
});

it('finds in it the pull request of a run with one of the heads, and whoever opened one from the commit itself', async () => {
  const ofRun = { isOurs: true, headBranch: 'gatepilot/30/r1' };
  const { parts, sharers, lists } = await read([
    pullOf(31, sha('2'), ofRun),
    // Of no run, for what the branch is called like one.
    pullOf(32, sha('3'), { ...ofRun, isOurs: false }),
    pullOf(33, sha('c'), { baseBranch: 'release' }),
    pullOf(34, sha('c')),
  ]);
  expect(parts.map(({ state }) => state)).toEqual(['open', 'waiting', 'open']);
  expect(parts[1]?.because).toContain('31 has this head too');
  expect(sharers).toEqual([{ number: 33, base: 'release' }]);
  expect(lists).toBe(1);
});

it('says nothing where there is no list', async () => {
  const { outcome } = await look('away');
  expect(outcome).toMatchObject({ kind: 'failed', isForGood: false });
});
