// "Deny", "stop" and "approve" within a moment of each other, and workers that die: what was denied is never on GitHub, nor behind
// anything there, and whoever works on it next is told why. What is checked at every push is in invariant/merges.ts.
import { expect, it } from 'vitest';
import { type Act, type ActKind, type History, quiet } from './history.ts';
import { simulate } from './simulate.ts';

const orders: readonly (readonly ActKind[])[] = [
  ['deny'],
  ['deny', 'deny'],
  ['deny', 'kill_workers'],
  ['deny', 'stop', 'resume'],
  ['stop', 'deny', 'resume'],
  ['stranger_deny', 'deny', 'approve'],
];

const offsets = Array.from({ length: 12 }, (_, index) => 12 + index * 8);

const held: Partial<History> = { plans: ['anywhere'], acts: [{ kind: 'label', afterS: 0, issue: 0 }] };
const planned: Partial<History> = { plans: ['one', 'two'], acts: [{ kind: 'plan', afterS: 0, issue: 0 }] };

it.each([
  ['change', held],
  ['plan', planned],
] as const)('a %s that is denied at any moment', { timeout: 120_000 }, async (what, { acts = [], ...history }) => {
  const reached = new Set<string>();
  for (const kinds of orders)
    for (const nth of offsets) {
      const said = kinds.map(
        (kind, at): Act => ({ kind, afterS: at, issue: 0, ...(at === 0 ? { once: { on: 'store', nth } } : {}) }),
      );
      const played = await simulate({ ...quiet, ...history, workers: 2, schedule: nth, acts: [...acts, ...said] });
      expect(played.wrong, `${kinds} at call ${nth}`).toBeUndefined();
      for (const name of played.reached) reached.add(name);
    }
  // It would hold for ever if nothing of it ever happened.
  expect([...reached]).toEqual(expect.arrayContaining([`a ${what} was denied`, 'ready']));
});
