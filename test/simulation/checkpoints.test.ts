// Workers that die, hang or are replaced at every step of an attempt that is kept, with and without a stop, and every way in which
// keeping and restoring go wrong. What is checked at every step is in invariant/checkpoints.ts.
import { expect, it } from 'vitest';
import { type Act, type ActKind, type Fault, faultKinds, type History, quiet } from './history.ts';
import { simulate } from './simulate.ts';

const label: Act = { kind: 'label', afterS: 0, issue: 0 };
const kept: History = { ...quiet, isKept: true, workers: 2, plans: ['one'], agents: ['hangs', 'done'] };

async function play(histories: readonly History[]): Promise<Set<string>> {
  const reached = new Set<string>();
  for (const history of histories) {
    const played = await simulate(history);
    expect(played.wrong, JSON.stringify(history)).toBeUndefined();
    for (const name of played.reached) reached.add(name);
  }
  return reached;
}

const orders: readonly (readonly ActKind[])[] = [
  ['kill_workers'],
  ['kill_workers', 'kill_workers'],
  ['replace_workers'],
  ['tell', 'kill_workers', 'tell'],
  ['kill_workers', 'stop', 'resume'],
  ['stop', 'kill_workers', 'resume'],
  ['replace_workers', 'stop', 'resume'],
];

/** From the first call for an attempt to its end. */
const offsets = Array.from({ length: 14 }, (_, index) => 20 + index * 5);

it.each(orders.map((kinds) => [kinds.join(', '), kinds] as const))(
  '50 checkpoints: whenever it comes, %s',
  async (_, kinds) => {
    const histories = offsets.flatMap((nth) =>
      [0, nth].map((schedule): History => {
        const acts = kinds.map(
          (kind, at): Act => ({
            kind,
            afterS: at === 0 ? 0 : 4,
            issue: 0,
            ...(at === 0 ? { once: { on: 'store', nth } } : {}),
          }),
        );
        return { ...kept, schedule, acts: [label, ...acts] };
      }),
    );
    const reached = await play(histories);
    expect([...reached]).toEqual(
      expect.arrayContaining(
        kinds.includes('stop') ? ['ready'] : ['a checkpoint was restored', 'an attempt was gone on with'],
      ),
    );
  },
);

const calls = ['checkpoint.take', 'checkpoint.restore', 'checkpoint.drop', 'checkpoint.dropAll'];

it('50 checkpoints: whatever goes wrong while one is kept, restored or dropped', async () => {
  const histories = calls.flatMap((on) =>
    faultKinds.flatMap((kind) =>
      [1, 2].map((nth): History => {
        const faults: readonly Fault[] = [{ on, nth, kind }];
        const kill: Act = { kind: 'kill_workers', afterS: 4, issue: 0, once: { on: 'checkpoint.take', nth: 1 } };
        return { ...kept, agents: ['hangs', 'hangs', 'done'], acts: [label, kill], faults };
      }),
    ),
  );
  const reached = await play(histories);
  expect([...reached]).toEqual(expect.arrayContaining(['an attempt was gone on with', 'an attempt was begun anew']));
});
