// The scripts on a real Redis and the store in memory answer every history alike and show the same after every step.
// The clock is the history's own on both sides; what a store makes up (tokens, places in an inbox) is compared by number.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createStore } from '../../src/store/create-store.ts';
import { startTestRedis, type TestRedis } from '../support/redis.ts';
import { createSimulatedStore } from '../support/simulated-store.ts';
import { anyHistory, type Step } from './history.ts';
import { observe, play, type Side, toComparable } from './side.ts';

let redis: TestRedis;
let played = 0;

beforeAll(async () => {
  redis = await startTestRedis();
  // What is compared is answers; that they are on disk before they are given is not this suite's to show.
  await redis.connect().config('SET', 'appendfsync', 'no');
});
afterAll(() => redis.stop());

/** Beyond the server's own clock, so that nothing is dropped by the server before its time has come here. */
const beginning = Date.UTC(2100, 0);

function openSides(clock: { now(): number }, client: ReturnType<TestRedis['connect']>): [Side, Side] {
  played += 1;
  const prefix = `{model-${played}}`;
  const simulated = createSimulatedStore({ clock });
  const listDue = async () => {
    const flat = await client.zrange(`${prefix}:due`, '0', '-1', 'WITHSCORES');
    return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, Number(flat[index + 1])] as const] : []));
  };
  return [
    { store: createStore(client, { prefix, clock }), clock, listDue, holders: [], taken: [] },
    { store: simulated, clock, listDue: async () => simulated.listDue(), holders: [], taken: [] },
  ];
}

async function compare(history: readonly Step[], client: ReturnType<TestRedis['connect']>): Promise<void> {
  let now = beginning;
  const sides = openSides({ now: () => now }, client);
  for (const step of history) {
    if (step.kind === 'pass') now += step.ms;
    const [real, simulated] = await Promise.all(
      sides.map(async (side) => toComparable(side, { answer: await play(side, step), state: await observe(side) })),
    );
    expect(real).toEqual(simulated);
  }
}

it('the scripts and the simulated store cannot be told apart', { timeout: 300_000 }, async () => {
  const client = redis.connect();
  await fc.assert(
    fc.asyncProperty(anyHistory, (history) => compare(history, client)),
    { numRuns: 60 },
  );
});
