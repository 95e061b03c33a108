// How whoever is at work hears that a decision told it something.
import { expect, it } from 'vitest';
import { forEachStore, other, subject } from './each-store.ts';

forEachStore((open) => {
  it('names the decision that last told something, of this record and no other', async () => {
    const stage = open();
    expect(await stage.store.readTold(subject)).toBe(0);
    await stage.save(subject);
    expect(await stage.store.readTold(subject)).toBe(0);
    await stage.save(subject, { tells: true });
    await stage.save(other);
    await stage.save(subject);
    expect([await stage.store.readTold(subject), await stage.store.readTold(other)]).toEqual([2, 0]);
    await stage.save(subject, { tells: true });
    expect(await stage.store.readTold(subject)).toBe(4);
    expect(await stage.store.save(subject, 1, { ...(await refused(stage)), tells: true })).toEqual({ kind: 'moved' });
    expect(await stage.store.readTold(subject)).toBe(4);
  });

  it('is over with its record', async () => {
    const stage = open();
    await stage.save(subject, { tells: true });
    await stage.store.remove(subject);
    expect(await stage.store.readTold(subject)).toBe(0);
  });
});

async function refused({ store }: { store: { load: (id: typeof subject) => Promise<{ record: unknown }> } }) {
  return { record: (await store.load(subject)).record, handled: [], log: [], outbox: [], aliases: [] };
}
