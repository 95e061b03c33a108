import { expect, it } from 'vitest';
import { toLaneId } from '../../src/core/model/subject.ts';
import { forEachStore, subject } from './each-store.ts';
import { host } from './history.ts';
import { comment, recordOf } from './side.ts';

const lane = toLaneId(host, 7, 'main');
const lines = (...texts: string[]) => texts.map((text) => ({ kind: 'x', text }));

forEachStore((open) => {
  it('leaves a record of a newer version alone', async () => {
    const stage = open();
    await stage.intake(subject, comment(1));
    await stage.save(subject, { record: { ...Object(recordOf(subject)), schema: 99 }, handled: [] });
    const loaded = await stage.store.load(subject);
    expect(loaded).toMatchObject({ isNewer: true, version: 1, inbox: [], unreadable: [], outbox: [] });
    expect(loaded.record).toBeUndefined();
    expect(await stage.save(subject)).toEqual({ kind: 'moved' });
    expect(await stage.intake(subject, comment(2))).toMatchObject({ kind: 'kept' });
  });

  it('says from where on a log is kept', async () => {
    const stage = open();
    expect(await stage.store.readLogSlice(subject, 0, 10)).toEqual({ events: [], floor: 1 });
    await stage.save(subject, { log: lines('one', 'two', 'three') });
    await stage.save(subject, { log: lines('four'), trimLogBefore: 3 });
    const slice = await stage.store.readLogSlice(subject, 0, 1);
    expect([slice.floor, slice.events.map(({ text }) => text)]).toEqual([3, ['three']]);
    await stage.save(subject, { trimLogBefore: 5 });
    expect(await stage.store.readLogSlice(subject, 0, 10)).toEqual({ events: [], floor: 5 });
    await stage.save(subject, { log: lines('five') });
    expect((await stage.store.readLog(subject, 4)).map(({ sequence }) => sequence)).toEqual([5]);
  });

  it('keeps the newest lines of a lane, and says from where on', async () => {
    const stage = open();
    for (let save = 0; save < 6; save += 1) await stage.save(lane, { log: lines(...Array(100).fill(`${save}`)) });
    const { floor, events } = await stage.store.readLogSlice(lane, 0, 1_000);
    expect([floor, events.length, events[0]?.text, events.at(-1)?.sequence]).toEqual([101, 500, '1', 600]);
    await stage.save(lane, { log: lines('last') });
    expect((await stage.store.readLog(lane, 600)).map(({ text }) => text)).toEqual(['last']);
  });

  it('puts a look off only while nothing waits to be decided on', async () => {
    const stage = open();
    await stage.save(subject, { wakeAt: stage.clock.time });
    expect(await stage.store.lookAgainAt(subject, stage.clock.time + 5_000, 1)).toBe(true);
    expect(await stage.store.takeDue(10, 1)).toEqual([]);
    expect(await stage.store.lookAgainAt(subject, undefined, 0)).toBe(false);
    await stage.intake(subject, comment(1));
    expect(await stage.store.lookAgainAt(subject, undefined, 1)).toBe(false);
    expect(await stage.store.takeDue(10, 1)).toEqual([subject]);
    expect(await stage.store.lookAgainAt(subject, undefined)).toBe(true);
    stage.pass(10_000);
    expect(await stage.store.takeDue(10, 1)).toEqual([]);
  });
});
