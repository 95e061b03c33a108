// Who is counted is decided by the save that makes it so: of many that begin at once, as many get in as may.
import { expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { forEachStore, other, subject } from './each-store.ts';
import { host } from './history.ts';

const one = [{ name: 'all', limit: 1 }];
const full = { kind: 'full', name: 'all' };

forEachStore((open) => {
  it('lets in as many as may be, of many that are saved at once', async () => {
    const stage = open();
    const census = [{ name: 'all', limit: 3 }];
    const subjects = Array.from({ length: 12 }, (_, index) => toSubjectId(host, 7, index + 1));
    const saved = await Promise.all(subjects.map((at) => stage.save(at, { census })));
    expect(saved.filter(({ kind }) => kind === 'saved')).toHaveLength(3);
    expect(saved.filter(({ kind }) => kind === 'full')).toHaveLength(9);
  });

  it('writes nothing of a decision for which there is no seat', async () => {
    const stage = open();
    await stage.save(subject, { census: one });
    const log = [{ kind: 'x', text: 'began' }];
    expect(await stage.save(other, { census: one, log })).toEqual(full);
    expect(await stage.store.load(other)).toMatchObject({ version: 0 });
    expect(await stage.store.readLog(other, 0)).toEqual([]);
  });

  it('gives the seat back with the save that does not name it any more', async () => {
    const stage = open();
    await stage.save(subject, { census: one });
    await stage.save(subject);
    expect(await stage.save(other, { census: one })).toMatchObject({ kind: 'saved' });
    expect(await stage.save(subject, { census: one })).toEqual(full);
  });

  it('counts whoever has a seat once, however often it is saved', async () => {
    const stage = open();
    const two = [{ name: 'all', limit: 2 }];
    for (let times = 0; times < 5; times += 1) await stage.save(subject, { census: two });
    expect(await stage.save(other, { census: two })).toMatchObject({ kind: 'saved' });
    expect(await stage.save(subject, { census: one })).toMatchObject({ kind: 'saved' });
  });

  it('counts whoever does not ask, whatever there is', async () => {
    const stage = open();
    await stage.save(subject, { census: one });
    expect(await stage.save(other, { census: [{ name: 'all' }] })).toMatchObject({ kind: 'saved' });
    await stage.save(subject);
    expect(await stage.save(subject, { census: one })).toEqual(full);
  });

  it('counts under no name but the newest ones', async () => {
    const stage = open();
    await stage.save(subject, { census: one });
    await stage.save(subject, { census: [{ name: 'elsewhere', limit: 1 }] });
    expect(await stage.save(other, { census: one })).toMatchObject({ kind: 'saved' });
  });

  it('counts nobody who was removed', async () => {
    const stage = open();
    await stage.save(subject, { census: one });
    await stage.store.remove(subject);
    expect(await stage.save(other, { census: one })).toMatchObject({ kind: 'saved' });
  });
});
