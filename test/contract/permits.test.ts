import { expect, it } from 'vitest';
import { forEachStore, other, subject, tokenOf } from './each-store.ts';

const one = [{ name: 'all', limit: 1 }];
const leaseMs = 10_000;

forEachStore((open) => {
  it('gives a place to whoever asked first, and says how many are before', async () => {
    const { store, save } = await arrange();
    const begun = await store.begin(subject, 'a', 1, leaseMs, one);
    expect(begun).toMatchObject({ kind: 'begun' });
    const full = { kind: 'refused', why: 'full', permit: 'all' };
    expect(await store.begin(subject, 'b', 1, leaseMs, one)).toEqual({ ...full, ahead: 0 });
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toEqual({ ...full, ahead: 1 });
    await save(subject, { outbox: [{ kind: 'remove', id: 'a' }] });
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toEqual({ ...full, ahead: 1 });
    expect(await store.begin(subject, 'b', 1, leaseMs, one)).toMatchObject({ kind: 'begun' });
  });

  it('takes all permits or none', async () => {
    const { store } = await arrange();
    await store.begin(subject, 'a', 1, leaseMs, one);
    const both = [{ name: 'free', limit: 1 }, ...one];
    expect(await store.begin(subject, 'b', 1, leaseMs, both)).toMatchObject({ why: 'full', permit: 'all' });
    expect(await store.begin(other, 'a', 1, leaseMs, [{ name: 'free', limit: 1 }])).toMatchObject({ kind: 'begun' });
  });

  it('lets no two wait for each other, however their lines came about', async () => {
    const { store, save } = await arrange();
    const host = { name: 'host', limit: 1 };
    const wanted = [{ name: 'all', limit: 1 }, host];
    // Somebody of another repository has the machine; this one has work to do and meets only that line.
    expect(await store.begin(other, 'a', 1, leaseMs, [host])).toMatchObject({ kind: 'begun' });
    for (const action of ['a', 'b'])
      expect(await store.begin(subject, action, 1, leaseMs, wanted)).toMatchObject({ why: 'full', permit: 'host' });
    await save(other, { outbox: [{ kind: 'remove', id: 'a' }] });
    expect(await store.begin(subject, 'a', 1, leaseMs, wanted)).toMatchObject({ kind: 'begun' });
    // A younger one meets both lines before the older one asks again.
    expect(await store.begin(other, 'b', 1, leaseMs, wanted)).toMatchObject({ why: 'full' });
    expect(await store.begin(subject, 'b', 1, leaseMs, wanted)).toMatchObject({ why: 'full' });
    await save(subject, { outbox: [{ kind: 'remove', id: 'a' }] });
    expect(await store.begin(other, 'b', 1, leaseMs, wanted)).toMatchObject({ why: 'full', ahead: 1 });
    expect(await store.begin(subject, 'b', 1, leaseMs, wanted)).toMatchObject({ kind: 'begun' });
  });

  it('makes a record due as soon as its turn comes, and until then from time to time', async () => {
    const { store, pass, save } = await arrange();
    await store.begin(subject, 'a', 1, 500_000, one);
    await store.begin(other, 'a', 1, leaseMs, one);
    await store.takeDue(10, 1);
    await save(other);
    pass(19_999);
    expect(await store.takeDue(10, 1)).not.toContain(other);
    pass(1);
    expect(await store.takeDue(10, 40_000)).toContain(other);
    await save(subject, { outbox: [{ kind: 'remove', id: 'a' }] });
    expect(await store.takeDue(10, 1)).toContain(other);
  });

  it('passes over whoever does not come back', async () => {
    const { store, pass } = await arrange();
    await store.begin(subject, 'a', 1, 30_000, one);
    await store.begin(subject, 'b', 1, leaseMs, one);
    pass(30_000);
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toMatchObject({ why: 'full', ahead: 1 });
    pass(30_000);
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toMatchObject({ kind: 'begun' });
  });

  it('never gives away the place of a live holder, and that of a dead one at once', async () => {
    const { store, pass } = await arrange();
    const token = tokenOf(await store.begin(subject, 'a', 1, leaseMs, one));
    pass(leaseMs - 1);
    expect(await store.heartbeat(subject, 'a', token, leaseMs)).toBe('held');
    pass(leaseMs - 1);
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toMatchObject({ why: 'full' });
    pass(1);
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toMatchObject({ kind: 'begun' });
    expect(await store.heartbeat(subject, 'a', token, leaseMs)).toBe('lost');
  });

  it('counts every live holder', async () => {
    const { store } = await arrange();
    const two = [{ name: 'all', limit: 2 }];
    expect(await store.begin(subject, 'a', 1, leaseMs, two)).toMatchObject({ kind: 'begun' });
    expect(await store.begin(subject, 'b', 1, leaseMs, two)).toMatchObject({ kind: 'begun' });
    expect(await store.begin(other, 'a', 1, leaseMs, two)).toMatchObject({ why: 'full' });
  });

  it.each([
    ['a cancelled one that waits', { kind: 'cancel', id: 'b' }],
    ['a removed one', { kind: 'remove', id: 'b' }],
  ] as const)('frees the place in the line of %s', async (_name, change) => {
    const { store, save } = await arrange();
    await store.begin(subject, 'a', 1, leaseMs, one);
    await store.begin(subject, 'b', 1, leaseMs, one);
    await save(subject, { outbox: [change] });
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toMatchObject({ why: 'full', ahead: 0 });
  });

  it('keeps the permit of a cancelled holder until its result, and takes it from one that is replaced', async () => {
    const { store, save, pass } = await arrange();
    await store.begin(subject, 'a', 1, leaseMs, one);
    await save(subject, { outbox: [{ kind: 'cancel', id: 'a' }] });
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toMatchObject({ why: 'full' });
    pass(leaseMs);
    await save(subject, { outbox: [{ kind: 'redispatch', id: 'a', dispatch: 2, isSettling: true }] });
    expect(await store.begin(other, 'a', 1, leaseMs, one)).toMatchObject({ kind: 'begun' });
  });

  async function arrange() {
    const stage = open();
    await stage.add(subject, 'a', 'b');
    await stage.add(other, 'a', 'b');
    const save: typeof stage.save = (...args) => stage.save(...args);
    return { store: stage.store, save, pass: (ms: number) => stage.pass(ms) };
  }
});
