// The write budget as GitHub would measure it: never more than allowed in any window, and what matters most goes through.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { budgetWrites, type Importance, Replaced, WritePostponed } from '../../src/engine/budget-writes.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import type { BucketAnswer, BucketRequest } from '../../src/engine/port/store.ts';

const repository = { host: 'github.com', id: 1, owner: 'acme', name: 'widget', installationId: 7 };

/** Buckets as the store keeps them, with a clock that the test moves. */
function createWorld() {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const world = { now: 0, written: [] as number[], storeMs: 0, heldUntil: Number.POSITIVE_INFINITY };
  const takeTokens = async ({ name, capacity, perSecond, amount, leave }: BucketRequest): Promise<BucketAnswer> => {
    const known = buckets.get(name) ?? { tokens: capacity, at: world.now };
    const tokens = Math.min(capacity, known.tokens + ((world.now - known.at) * perSecond) / 1000);
    const needed = Math.min(amount + leave, capacity);
    if (tokens + 1e-9 < needed) {
      return { kind: 'wait', until: world.now + Math.ceil(((needed - tokens) / perSecond) * 1000) };
    }
    buckets.set(name, { tokens: tokens - amount, at: world.now });
    return { kind: 'taken' };
  };
  const writer = { createComment: async () => world.written.push(world.now) };
  // Only what the tests write is there; anything else would fail loudly.
  const holder = { stillHolds: () => world.now < world.heldUntil };
  const github = budgetWrites(writer as unknown as GitHubPort, {
    store: {
      takeTokens: async (request) => {
        world.now += world.storeMs;
        return await takeTokens(request);
      },
    },
    perMinute: 40,
  }).writeFor(holder);
  const write = async (importance: Importance): Promise<number | undefined> => {
    try {
      await github.createComment(importance, repository, 1, 'text');
      return undefined;
    } catch (error) {
      if (!(error instanceof WritePostponed) || typeof error.retry !== 'object') throw error;
      return error.retry.at;
    }
  };
  const drain = async (importance: Importance): Promise<number> => {
    let count = 0;
    while ((await write(importance)) === undefined) count += 1;
    return count;
  };
  return { world, write, drain };
}

const all: readonly Importance[] = ['closing_check', 'terminal_check', 'merge', 'answer', 'progress'];

describe('the write budget', () => {
  it('lets through at most 40 writes in any minute and 250 in any hour', async () => {
    const step = fc.record({ importance: fc.constantFrom(...all), pauseMs: fc.nat(20_000), times: fc.nat(30) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { world, write } = createWorld();
        for (const { importance, pauseMs, times } of steps) {
          for (let time = 0; time < times; time += 1) await write(importance);
          world.now += pauseMs;
        }
        for (const [windowMs, allowed] of [
          [60_000, 40],
          [3_600_000, 250],
        ] as const) {
          const inWindow = (from: number) => world.written.filter((at) => at >= from && at < from + windowMs).length;
          expect(Math.max(0, ...world.written.map(inWindow))).toBeLessThanOrEqual(allowed);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps room for what matters more, in the order of importance', async () => {
    const { drain } = createWorld();
    const counts: number[] = [];
    for (const importance of all.toReversed()) counts.push(await drain(importance));
    expect(counts).toEqual([18, 6, 3, 1, 2]);
  });

  it('says when there is room again, and keeps its word', async () => {
    const { world, write, drain } = createWorld();
    await drain('progress');
    const until = (await write('progress')) ?? 0;
    expect(until).toBeGreaterThan(0);
    world.now = until - 1;
    expect(await write('progress')).toBeDefined();
    world.now = until;
    expect(await write('progress')).toBeUndefined();
  });

  it('sends nothing for a holder whose lease ran out while the budget was asked', async () => {
    const { world, write } = createWorld();
    Object.assign(world, { storeMs: 5_000, heldUntil: 8_000 });
    await expect(write('merge')).rejects.toBeInstanceOf(Replaced);
    expect(world.written).toEqual([]);
  });
});
