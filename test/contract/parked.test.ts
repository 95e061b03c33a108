import { expect, it } from 'vitest';
import type { Event } from '../../src/core/model/event.ts';
import { forEachStore, subject } from './each-store.ts';
import { comment } from './side.ts';

forEachStore((open) => {
  it('counts troubles until the event is decided on or set aside', async () => {
    const stage = open();
    const count = (name: string) => stage.store.countTrouble(subject, name);
    await stage.intake(subject, comment(1));
    expect([await count('comment/1'), await count('comment/1'), await count('decision')]).toEqual([1, 2, 1]);
    await stage.save(subject, { handled: [] });
    expect([await count('comment/1'), await count('decision')]).toEqual([3, 1]);
    await stage.save(subject);
    expect(await count('comment/1')).toBe(1);
  });

  it('sets a poisonous event aside while the others go on, and puts it back exactly once', async () => {
    const stage = open();
    await stage.intake(subject, comment(1));
    await stage.intake(subject, comment(2));
    const [poison] = (await stage.store.load(subject)).inbox;
    const entryId = poison?.entryId ?? '';
    expect(await stage.store.park(subject, entryId, 'it never ends')).toBe(true);
    expect(await stage.store.park(subject, entryId, 'it never ends')).toBe(false);
    expect(await stage.listInbox(subject)).toEqual(['comment/2']);
    expect(await stage.intake(subject, comment(1), { deliveryId: 'again' })).toMatchObject({ kind: 'duplicate' });
    await stage.save(subject);
    const [parked] = await stage.store.listParked(10);
    expect(parked).toMatchObject({ record: subject, eventId: 'comment/1', why: 'it never ends', event: comment(1) });
    const id = parked?.id ?? '';
    expect([await stage.store.replayParked(id), await stage.store.replayParked(id)]).toEqual([true, false]);
    expect(await stage.listInbox(subject)).toEqual(['comment/1']);
    expect(await stage.save(subject)).toMatchObject({ kind: 'saved' });
    expect(await stage.store.listParked(10)).toEqual([]);
  });

  it('tells what cannot be read apart from what can', async () => {
    const stage = open();
    await stage.save(subject);
    await stage.store.append(subject, 'odd', { kind: 'from the future' } as unknown as Event);
    await stage.store.append(subject, 'comment/1', comment(1));
    const { inbox, unreadable } = await stage.store.load(subject);
    expect(inbox.map(({ eventId }) => eventId)).toEqual(['comment/1']);
    expect(unreadable).toMatchObject([{ eventId: 'odd', why: expect.any(String), isNewer: true }]);
    await stage.store.park(subject, unreadable[0]?.entryId ?? '', 'unreadable');
    expect(await stage.store.listParked(10)).toMatchObject([{ event: { kind: 'from the future' } }]);
  });
});
