// A pull request that opens as a draft, people who make it ready or a draft again at any moment, and publishers that die: it is
// marked ready once, by whoever comes first, and for what was verified. What is checked of each is in invariant/merges.ts.
import { expect, it } from 'vitest';
import { type Act, type ActKind, type Fault, faultKinds, type History, type Mishap, quiet } from './history.ts';
import { simulate } from './simulate.ts';

const drafting: History = { ...quiet, isDrafting: true, workers: 2 };
const start: Act = { kind: 'label', afterS: 0, issue: 0 };

async function play(history: History, what: string, reached: Set<string>): Promise<void> {
  const played = await simulate(history);
  expect(played.wrong, what).toBeUndefined();
  for (const name of played.reached) reached.add(name);
}

const orders: readonly (readonly ActKind[])[] = [
  ['ready_pull'],
  ['ready_pull', 'draft_pull'],
  ['merge'],
  ['merge', 'push_force'],
  ['push_base', 'merge'],
  ['hold_ci', 'merge', 'let_ci_run'],
  ['stop', 'resume'],
];
const offsets = Array.from({ length: 10 }, (_, index) => 1 + index * 3);

it('people and what changes under it', { timeout: 240_000 }, async () => {
  const reached = new Set<string>();
  for (const kinds of orders)
    for (const nth of offsets) {
      const once = { on: 'github.createCheck', nth: 1 };
      const acts = kinds.map(
        (kind, at): Act => ({ kind, afterS: at === 0 ? nth : 2, issue: 0, ...(at === 0 ? { once } : {}) }),
      );
      await play({ ...drafting, schedule: nth, acts: [start, ...acts] }, `${kinds} at ${nth}`, reached);
    }
  // It would hold for ever if nothing of it ever happened.
  expect([...reached]).toEqual(expect.arrayContaining(['marked ready', 'ready', 'merged']));
});

it('whoever makes it a draft again means it', { timeout: 240_000 }, async () => {
  const reached = new Set<string>();
  for (const nth of offsets) {
    const once = { on: 'github.markReady', nth: 1 };
    const acts: Act[] = [
      { kind: 'draft_pull', afterS: 61, issue: 0, once },
      { kind: 'push_forward', afterS: nth, issue: 0 },
      { kind: 'recheck', afterS: 30, issue: 0 },
      { kind: 'merge', afterS: 30, issue: 0 },
    ];
    await play({ ...drafting, schedule: nth, acts: [start, ...acts] }, `at ${nth}`, reached);
  }
  expect([...reached]).not.toContain('merged');
});

/** Where `ready_for_review` is lost, only that it was made a draft again says that it was none; GitHub is away for minutes meanwhile. */
it('whoever makes it a draft again means it, also where nobody heard that it was ready', {
  timeout: 240_000,
}, async () => {
  const reached = new Set<string>();
  const faults = [1, 2, 3, 4, 5, 6].map((nth): Fault => ({ on: 'github.markReady', nth, kind: 'fails' }));
  for (const kind of ['lost', 'lost_for_ever', 'late'] as const)
    for (const nth of [5, 6, 7, 8, 9, 10]) {
      const once = { on: 'github.markReady', nth: 1 };
      const acts: Act[] = [
        start,
        { kind: 'ready_pull', afterS: 1, issue: 0, once },
        { kind: 'draft_pull', afterS: 1, issue: 0 },
        { kind: 'merge', afterS: 300, issue: 0 },
      ];
      const mishaps: Mishap[] = [{ of: 'webhook', nth, kind }];
      await play({ ...drafting, schedule: 3, faults, mishaps, acts }, `webhook ${nth} is ${kind}`, reached);
    }
  expect([...reached]).not.toContain('merged');
});

it.each(faultKinds)('%s where it is marked, opened or shown', { timeout: 240_000 }, async (kind) => {
  const reached = new Set<string>();
  for (const on of ['github.markReady', 'github.createPull', 'github.updateCheck'] as const)
    for (const nth of [1, 2, 3]) {
      const faults: Fault[] = [{ on, nth, kind }];
      const acts: Act[] = [start, { kind: 'merge', afterS: 60, issue: 0 }];
      await play({ ...drafting, schedule: nth, faults, acts }, `${on} ${nth}`, reached);
    }
  expect([...reached]).toEqual(expect.arrayContaining(['marked ready', 'merged']));
});
