// Open pull requests that no run made, on a GitHub in memory: who is told of them, and when.
import { beforeEach, describe, expect, it } from 'vitest';
import { openChores } from '../../src/core/model/chores.ts';
import type { PullsOutcome } from '../../src/core/model/result.ts';
import { toChoresId, toSubjectId } from '../../src/core/model/subject.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import { createCovering } from '../../src/engine/cover-repositories.ts';
import { lookAtPulls } from '../../src/engine/look-at-pulls.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import { repository } from '../core/chores/chores-world.ts';
import { createHub, type Hub } from '../simulation/hub.ts';
import { createObjects, hashText } from '../simulation/objects.ts';
import { createSimulatedGitHub } from '../simulation/simulated-github.ts';
import { quiet } from '../support/quiet.ts';
import { createSimulatedStore, type SimulatedStore } from '../support/simulated-store.ts';

type Look = Held<'look_at_pulls'>['action'];
type Seen = Extract<PullsOutcome, { kind: 'seen' }>;

const policyPath = '.github/gatepilot.yml';
let now: number;
let hub: Hub;
let store: SimulatedStore;
let woken: string[];
let changes: Partial<GitHubPort>;
let looks: number;

beforeEach(() => {
  now = 1_000_000;
  looks = 0;
  const objects = createObjects();
  hub = createHub({ objects, listLagMs: 0, now: () => now, step: () => 0, emit: () => undefined });
  hub.branches.set('main', objects.commit(new Map([['README.md', 'A garden.\n']]), [], 'First', now).id);
  store = createSimulatedStore({ clock: { now: () => now } });
  woken = [];
  changes = {};
});

function open(count: number, { branch = 'mine', isOurs = false } = {}): number[] {
  return Array.from({ length: count }, (_, at) => {
    const name = count === 1 ? branch : `${branch}-${at}`;
    hub.branches.set(name, hub.branches.get('main') ?? '');
    return hub.openPull({ branch: name, base: 'main', title: 'Mine', body: '', isOurs });
  });
}

function write(text: string): void {
  const parent = hub.branches.get('main') ?? '';
  const tree = new Map([...hub.objects.get(parent).tree, [policyPath, text]]);
  hub.push('main', hub.objects.commit(tree, [parent], 'Settings', now).id, 'maria');
}

async function look(more: Partial<Look> = {}): Promise<PullsOutcome> {
  looks += 1;
  const github = { ...createSimulatedGitHub(hub), ...changes };
  const action: Look = { kind: 'look_at_pulls', id: `look-at-pulls-${looks}`, at: now, isWhole: false, ...more };
  const held = { subject: toChoresId(repository), action, record: openChores(repository), stillHolds: () => true };
  const queue = { wake: async (id: string) => void woken.push(id) };
  const ports = { store, queue, hash: hashText, log: quiet, github: budgetWrites(github, { store, perMinute: 40 }) };
  return await lookAtPulls(ports, held as unknown as Held<'look_at_pulls'>);
}

async function seen(more: Partial<Look> = {}): Promise<Seen> {
  const outcome = await look(more);
  if (outcome.kind !== 'seen') throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** What a subject was told, in order. */
async function heard(number: number) {
  const { inbox } = await store.load(toSubjectId(repository.host, repository.id, number));
  return inbox.map(({ event }) => event);
}

async function listTold(numbers: readonly number[]): Promise<number[]> {
  const told = await Promise.all(numbers.map(async (number) => [number, (await heard(number)).length] as const));
  return told.flatMap(([number, count]) => (count > 0 ? [number] : []));
}

const asLook = ({ rule, rest }: Seen): Partial<Look> => ({ ...(rule ? { rule } : {}), ...(rest ? { rest } : {}) });

describe('a look at the open pull requests', () => {
  it('tells each that no run made as a webhook would, and wakes its subject', async () => {
    const [number = 0] = open(1);
    open(1, { branch: 'gatepilot/5/r1', isOurs: true });
    // Whoever may push may call a branch like that of a run; what a queue makes has a check of its own.
    const [named = 0] = open(1, { branch: 'gatepilot/6/r1' });
    open(1, { branch: 'gh-readonly-queue/main/pr-1-c0ffee' });
    const outcome = await seen({ isWhole: true });
    expect(outcome).toMatchObject({ branch: 'main', pages: 1, told: 2 });
    expect(outcome).not.toHaveProperty('rest');
    expect(await heard(number)).toMatchObject([
      {
        ...{ kind: 'pull_listed', number, headBranch: 'mine', headSha: hub.branches.get('mine'), baseBranch: 'main' },
        ...{ isSameRepository: true, isDraft: false, title: 'Mine', isMoved: true },
      },
    ]);
    expect(woken.toSorted()).toEqual([number, named].map((one) => `github.test/7/${one}`).toSorted());
  });

  it('tells nobody where the settings say what they said, and everybody where they say something else', async () => {
    const numbers = open(2);
    const { rule } = await seen({ isWhole: true });
    expect(await seen({ rule })).toMatchObject({ told: 0, rule });
    write('max_tasks: 3\n');
    expect(await seen({ rule })).toMatchObject({ told: 0, rule });
    expect((await heard(numbers[0] ?? 0)).length).toBe(1);
    for (const text of ['gate: { other_prs: review }\n', 'gate: { other_prs: reviews }\n']) {
      write(text);
      const moved = await seen({ rule });
      expect(moved.told).toBe(2);
      expect(moved.rule).not.toBe(rule);
      expect((await heard(numbers[1] ?? 0)).at(-1)).toMatchObject({ isMoved: true });
    }
    // A look at all of them shows none anew by itself.
    const last = await seen();
    await seen({ rule: last.rule, isWhole: true });
    expect((await heard(numbers[0] ?? 0)).at(-1)).toMatchObject({ isMoved: false });
  });

  it('finds what the organisation says by now, of which no push tells', async () => {
    const [number = 0] = open(1);
    const { rule } = await seen({ isWhole: true });
    changes.findSibling = async (home) => ({ ...home, id: 8, name: '.github' });
    changes.readFile = async ({ name }) => (name === '.github' ? 'gate: { other_prs: review }\n' : undefined);
    expect(await seen({ rule, isWhole: true })).toMatchObject({ told: 1 });
    expect((await heard(number)).at(-1)).toMatchObject({ isMoved: true });
  });

  it('tells some at a time, the newest first, and none of them twice or never', async () => {
    const numbers = open(60).toReversed();
    const first = await seen({ isWhole: true });
    expect(first).toMatchObject({ told: 25, rest: { before: numbers[24], isMoved: true } });
    expect(await listTold(numbers)).toEqual(numbers.slice(0, 25));
    // One of them is closed meanwhile, and another is opened: that tells of itself.
    hub.closePull(numbers[3] ?? 0, 'maria');
    open(1, { branch: 'newer' });
    const second = await seen(asLook(first));
    const third = await seen(asLook(second));
    expect([second.told, third.told]).toEqual([25, 10]);
    expect(third).not.toHaveProperty('rest');
    expect(await listTold(numbers)).toEqual(numbers);
    for (const number of numbers) expect(await heard(number)).toHaveLength(1);
  });

  it('begins anew where the settings move under it', async () => {
    const numbers = open(30).toReversed();
    const { rule } = await seen();
    const first = await seen({ rule, isWhole: true });
    expect(first.rest).toMatchObject({ isMoved: false });
    write('gate: { other_prs: review }\n');
    expect(await seen(asLook(first))).toMatchObject({ told: 25, rest: { before: numbers[24], isMoved: true } });
  });

  it('is the same look whoever carries it out beside', async () => {
    const [number = 0] = open(1);
    const action = { id: 'look-at-pulls-1', isWhole: true };
    await Promise.all([seen(action), seen(action)]);
    expect(await heard(number)).toHaveLength(1);
  });

  it('asks nothing of the settings where there is none, and says so', async () => {
    open(1, { branch: 'gatepilot/5/r1', isOurs: true });
    changes.readFile = () => Promise.reject(new Error('nobody needs to know'));
    const outcome = await seen({ rule: 'any', isWhole: true });
    expect(outcome).toEqual({ kind: 'seen', branch: 'main', pages: 1, told: 0 });
  });
});

describe('a repository that the App covers', () => {
  const chores = toChoresId(repository);
  const covering = () =>
    createCovering({ store, hash: hashText, queue: { wake: async (id: string) => void woken.push(id) } });

  it('is looked after from then on, whoever finds it and however often', async () => {
    const one = covering();
    await one.cover(repository, now);
    await one.cover(repository, now + 1);
    await covering().cover(repository, now);
    const { inbox } = await store.loadChores(chores);
    expect(inbox.map(({ event }) => event.kind)).toEqual(['covered']);
    expect(woken).toContain(chores);
  });

  it('is told of no more while it is looked after, and again when it is not any more', async () => {
    const pulls = { wholeAt: now, failures: 0 };
    const record = { ...openChores(repository), pulls };
    await store.save(chores, 0, { record, handled: [], log: [], outbox: [], aliases: [] });
    const one = covering();
    await one.cover(repository, now);
    expect((await store.loadChores(chores)).inbox).toEqual([]);
    await store.remove(chores);
    await one.cover(repository, now + 60_000);
    expect((await store.loadChores(chores)).inbox).toEqual([]);
    await one.cover(repository, now + 3_600_000);
    expect((await store.loadChores(chores)).inbox).toHaveLength(1);
  });
});
