import { expect, it } from 'vitest';
import { toLaneId } from '../../src/core/model/subject.ts';
import { forEachStore, hoursMs, other, pull, subject, tokenOf } from './each-store.ts';
import { host } from './history.ts';
import { comment, request, result } from './side.ts';

const lane = toLaneId(host, 7, 'release/1.x');

forEachStore((open) => {
  it('leaves nothing but a last event, for an hour', async () => {
    const { stage } = await arrange();
    await stage.store.remove(subject);
    await stage.store.remove(subject);
    const loaded = await stage.store.load(subject);
    expect(loaded).toMatchObject({ version: 0, inbox: [], unreadable: [], outbox: [] });
    expect(loaded.record).toBeUndefined();
    const farewell = { sequence: 3, kind: 'deleted', text: 'everything that was kept of this was deleted' };
    expect(await stage.store.readLogSlice(subject, 0, 10)).toMatchObject({ floor: 3, events: [farewell] });
    expect(await stage.store.listParked(10)).toEqual([]);
    expect(await stage.store.listSubjects(10)).toEqual([]);
    expect(await stage.store.listRecords(host, 7)).toEqual([]);
    expect(await stage.store.readLive(subject, 'a', '')).toEqual([]);
    stage.pass(100 * hoursMs);
    expect(await stage.store.takeDue(10, 1)).toEqual([]);
    expect(await stage.store.readLogSlice(subject, 0, 10)).toEqual({ floor: 1, events: [] });
  });

  it('of a record at a version happens only there, and only when nothing waits for it', async () => {
    const stage = open();
    await stage.save(subject);
    expect(await stage.store.remove(subject, 2)).toBe(false);
    await stage.intake(subject, comment(1));
    expect(await stage.store.remove(subject, 1)).toBe(false);
    await stage.save(subject);
    expect(await stage.store.remove(subject, 1)).toBe(false);
    expect(await stage.store.remove(subject, 2)).toBe(true);
    expect((await stage.store.load(subject)).version).toBe(0);
    expect(await stage.store.remove(subject, 2)).toBe(false);
    expect(await stage.store.remove(subject)).toBe(true);
  });

  it('is not undone by what was still under way', async () => {
    const { stage, token } = await arrange();
    await stage.store.remove(subject);
    expect(await stage.store.heartbeat(subject, 'a', token, 10_000)).toBe('lost');
    expect(await stage.store.append(subject, 'result/a/1', result('a', token))).toBe(false);
    expect(await stage.store.append(subject, 'granted/1', comment(7))).toBe(false);
    await stage.store.appendLive(subject, 'a', 'late');
    expect(await stage.store.submit({ subject, key: 'k', bodyHash: 'x', event: request('k') })).toEqual({
      kind: 'unknown_subject',
    });
    expect(await stage.intake(subject, comment(1))).toMatchObject({ kind: 'duplicate' });
    expect(await stage.store.countTrouble(subject, 'decision')).toBe(1);
    stage.pass(2 * hoursMs);
    expect(await stage.store.append(subject, 'result/a/2', result('a', token))).toBe(false);
    expect(await stage.store.listRecords(host, 7)).toEqual([]);
    expect(await stage.store.takeDue(10, 1)).toEqual([]);
  });

  it('gives back what was held, and who waits for it is due', async () => {
    const { stage } = await arrange();
    await stage.add(other, 'a');
    const permit = [{ name: 'all', limit: 1 }];
    expect(await stage.store.begin(other, 'a', 1, 10_000, permit)).toMatchObject({ why: 'full' });
    await stage.store.takeDue(10, 60_000);
    await stage.store.remove(subject);
    expect(await stage.store.takeDue(10, 1)).toEqual([other]);
    expect(await stage.store.begin(other, 'a', 1, 10_000, permit)).toMatchObject({ kind: 'begun' });
  });

  it('lets a subject begin anew, without its aliases, and its log goes on numbering', async () => {
    const { stage } = await arrange();
    await stage.store.remove(subject);
    expect(await stage.intake(pull, comment(8))).toMatchObject({ subject: pull });
    await stage.intake(subject, comment(9));
    await stage.save(subject, { log: [{ kind: 'x', text: 'again' }] });
    const log = await stage.store.readLog(subject, 0);
    expect(log.map(({ sequence, kind }) => [sequence, kind])).toEqual([
      [3, 'deleted'],
      [4, 'x'],
    ]);
  });

  it('lets a lane begin by a message, but not by one that was under way when it was removed', async () => {
    const stage = open();
    expect(await stage.store.append(lane, 'asked/1', comment(1))).toBe(true);
    await stage.save(lane);
    expect((await stage.store.loadLane(lane)).record).toMatchObject({ branch: 'release/1.x', epoch: 0 });
    expect(await stage.store.listSubjects(10)).toEqual([]);
    await stage.store.remove(lane);
    expect(await stage.store.append(lane, 'left/1', comment(2))).toBe(false);
    stage.pass(60_000);
    expect(await stage.store.append(lane, 'asked/2', comment(3))).toBe(true);
  });

  /** A subject that has one of everything. */
  async function arrange() {
    const stage = open();
    const log = ['one', 'two'].map((text) => ({ kind: 'x', text }));
    const outbox = [{ kind: 'add', action: { kind: 'present', id: 'a' } }] as const;
    await stage.save(subject, { log, outbox, aliases: [12], wakeAt: stage.clock.time + 5_000 });
    const token = tokenOf(await stage.store.begin(subject, 'a', 1, 10_000, [{ name: 'all', limit: 1 }]));
    await stage.intake(subject, comment(1));
    await stage.intake(subject, comment(2));
    const [first] = (await stage.store.load(subject)).inbox;
    await stage.store.park(subject, first?.entryId ?? '', 'poison');
    await stage.store.submit({ subject, key: 'k', bodyHash: 'x', event: request('k') });
    await stage.store.appendLive(subject, 'a', 'line');
    return { stage, token };
  }
});
