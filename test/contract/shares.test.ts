import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forEachStore, hoursMs } from './each-store.ts';

const bucket = { name: 'writes', capacity: 5, perSecond: 2 };

forEachStore((open) => {
  it('refills a bucket by time, and says when enough will be there', async () => {
    const stage = open();
    const take = (amount: number, leave = 0) => stage.store.takeTokens({ ...bucket, amount, leave });
    expect(await take(4)).toEqual({ kind: 'taken' });
    expect(await take(2)).toEqual({ kind: 'wait', until: stage.clock.time + 500 });
    stage.pass(499);
    expect(await take(2)).toMatchObject({ kind: 'wait' });
    stage.pass(1);
    expect(await take(2)).toEqual({ kind: 'taken' });
    stage.pass(hoursMs);
    expect(await take(2, 4)).toEqual({ kind: 'taken' });
    expect(await take(1, 3)).toMatchObject({ kind: 'wait' });
  });

  it('goes on refilling when the clock was set back', async () => {
    const stage = open();
    const take = () => stage.store.takeTokens({ ...bucket, amount: 5, leave: 0 });
    stage.pass(hoursMs);
    expect(await take()).toEqual({ kind: 'taken' });
    stage.pass(-hoursMs);
    const answer = await take();
    expect(answer).toEqual({ kind: 'wait', until: stage.clock.time + 2_500 });
    stage.pass(2_500);
    expect(await take()).toEqual({ kind: 'taken' });
  });

  it('serves whoever asks for more than there can be when the bucket is full', async () => {
    const stage = open();
    expect(await stage.store.takeTokens({ ...bucket, amount: 7, leave: 9 })).toEqual({ kind: 'taken' });
    expect(await stage.store.takeTokens({ ...bucket, amount: 1, leave: 0 })).toMatchObject({
      until: stage.clock.time + 1_500,
    });
  });

  it('has enough at the moment that it named', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        fc.integer({ min: 1, max: 5 }),
        async (perSecond, amount) => {
          const stage = open();
          const take = () => stage.store.takeTokens({ ...bucket, perSecond, amount, leave: 0 });
          for (let taken = 0; taken < 6; taken += 1) {
            const answer = await take();
            if (answer.kind === 'taken') continue;
            stage.pass(answer.until - stage.clock.time);
            expect(await take()).toEqual({ kind: 'taken' });
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('lets the first claim within a time', async () => {
    const stage = open();
    const claims = await Promise.all([1, 2, 3].map(() => stage.store.claim('sweep', 1_000)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    stage.pass(1_000);
    expect(await stage.store.claim('sweep', 1_000)).toBe(true);
  });
});
