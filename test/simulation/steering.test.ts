// "Stop", and then "do it like this", within a moment of each other, at every step of a run: what was said is handled exactly once,
// and never by the turn that was stopped. What is checked at every step is in invariant/instructions.ts.
import { expect, it } from 'vitest';
import { type Act, type ActKind, quiet } from './history.ts';
import { simulate } from './simulate.ts';

const orders: readonly (readonly ActKind[])[] = [
  ['tell', 'stop', 'resume'],
  ['stop', 'tell', 'resume'],
  ['stop', 'resume', 'tell'],
  ['tell', 'stop', 'tell_task', 'resume', 'tell'],
];

const told = ['an agent was told something while it worked', 'nobody heard what somebody said'];

/** From the first look at a run to its pull request. */
const offsets = Array.from({ length: 15 }, (_, index) => 12 + index * 6);

it.each(orders.map((kinds) => [kinds.join(', '), kinds] as const))(
  'whatever happens at that moment: %s',
  async (_, kinds) => {
    const reached = new Set<string>();
    for (const nth of offsets)
      for (const [schedule, gapS] of [
        [0, 0],
        [nth, 3],
      ] as const) {
        const acts = kinds.map(
          (kind, at): Act => ({
            kind,
            afterS: at === 0 ? 0 : gapS,
            issue: 0,
            ...(at === 0 ? { once: { on: 'store', nth } } : {}),
          }),
        );
        const label: Act = { kind: 'label', afterS: 0, issue: 0 };
        const played = await simulate({
          ...quiet,
          schedule,
          workers: 2,
          plans: ['one'],
          agents: ['hangs'],
          acts: [label, ...acts],
        });
        expect(played.wrong, `${kinds} at call ${nth}, schedule ${schedule}`).toBeUndefined();
        for (const name of played.reached) reached.add(name);
      }
    // It would hold for ever if nothing of it ever happened.
    expect([...reached]).toEqual(
      expect.arrayContaining(kinds[0] === 'tell' ? ['stopped', ...told] : ['stopped', 'ready']),
    );
  },
);
