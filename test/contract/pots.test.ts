// What many records spend is reserved and settled by the very saves that say so: whatever dies between two of them, the
// pot and the records agree.
import { expect, it } from 'vitest';
import { toSubjectId } from '../../src/core/model/subject.ts';
import { forEachStore, hoursMs, other, type Stage, subject } from './each-store.ts';
import { host } from './history.ts';

const saved = { kind: 'saved' };
const ask = (id: string, amount: number, pot = 'day') => ({ reservations: [{ pot, id, amount, cap: 10 }] });
const spend = (id: string, amount: number, pot = 'day') => ({ settlements: [{ pot, id, amount }] });

async function read(stage: Stage, pot = 'day') {
  return (await stage.store.readPots([pot]))[pot];
}

forEachStore((open) => {
  it('gives out no more than the cap, of many that ask at once', async () => {
    const stage = open();
    const subjects = Array.from({ length: 12 }, (_, index) => toSubjectId(host, 7, index + 1));
    const answers = await Promise.all(subjects.map((at) => stage.save(at, ask(at, 3))));
    expect(answers.filter(({ kind }) => kind === 'saved')).toHaveLength(3);
    expect(answers.filter(({ kind }) => kind === 'over')).toHaveLength(9);
    expect(await read(stage)).toEqual({ committed: 9, open: 9 });
  });

  it('writes nothing of a decision that there is too little for, and says what is in the pot', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 6));
    const log = [{ kind: 'x', text: 'began' }];
    const answer = await stage.save(other, { ...ask('b', 5), log });
    expect(answer).toEqual({ kind: 'over', pot: 'day', held: { committed: 6, open: 6 } });
    expect(await stage.store.load(other)).toMatchObject({ version: 0 });
    expect(await stage.store.readLog(other, 0)).toEqual([]);
  });

  it('reserves of all pots or of none', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 9, 'all'));
    const reservations = [...ask('b', 2).reservations, ...ask('b', 2, 'all').reservations];
    expect(await stage.save(other, { reservations })).toMatchObject({ kind: 'over', pot: 'all' });
    expect(await read(stage)).toEqual({ committed: 0, open: 0 });
  });

  it('counts as spent in full what a process that died had reserved, until its record says otherwise', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 9));
    stage.pass(50 * hoursMs);
    expect(await stage.save(other, ask('b', 2))).toMatchObject({ kind: 'over', held: { committed: 9, open: 9 } });
    expect(await stage.save(subject, spend('a', 9))).toMatchObject(saved);
    expect(await read(stage)).toEqual({ committed: 9, open: 0 });
  });

  it('settles once, however often it is told', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 9));
    await stage.save(subject, spend('a', 3));
    await stage.save(subject, spend('a', 0));
    expect(await read(stage)).toEqual({ committed: 3, open: 0 });
    expect(await stage.save(other, ask('b', 7))).toMatchObject(saved);
  });

  it('settles nothing with a save that was overtaken', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 9));
    const { record } = await stage.store.load(subject);
    const late = { record, handled: [], log: [], outbox: [], aliases: [], ...spend('a', 1) };
    expect(await stage.store.save(subject, 0, late)).toEqual({ kind: 'moved' });
    expect(await read(stage)).toEqual({ committed: 9, open: 9 });
  });

  it('reserves once per id, and gives out what the same decision settles', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 9));
    await stage.save(subject, ask('a', 9));
    expect(await stage.save(subject, { ...spend('a', 2), ...ask('b', 8) })).toMatchObject(saved);
    expect(await read(stage)).toEqual({ committed: 10, open: 8 });
  });

  it('keeps more than the cap where more was spent', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 9));
    await stage.save(subject, spend('a', 12));
    expect(await read(stage)).toEqual({ committed: 12, open: 0 });
    expect(await stage.save(other, ask('b', 1))).toMatchObject({ kind: 'over' });
  });

  it('forgets a pot three days after its last use, and settling does not begin it again', async () => {
    const stage = open();
    await stage.save(subject, ask('a', 9));
    stage.pass(72 * hoursMs - 1);
    expect(await read(stage)).toEqual({ committed: 9, open: 9 });
    stage.pass(1);
    await stage.save(subject, spend('a', 5));
    expect(await read(stage)).toEqual({ committed: 0, open: 0 });
    expect(await stage.save(other, ask('b', 9))).toMatchObject(saved);
  });

  it('remembers a pot for as long as whoever took from it asked, whatever comes after', async () => {
    const stage = open();
    const asMonth = { reservations: [{ pot: 'month', id: 'a', amount: 9, cap: 10, keepMs: 20 * 24 * hoursMs }] };
    await stage.save(subject, asMonth);
    stage.pass(15 * 24 * hoursMs);
    // What is settled, and what is asked for with less, does not end that sooner.
    await stage.save(subject, spend('a', 8, 'month'));
    expect(await stage.save(other, ask('b', 1, 'month'))).toMatchObject(saved);
    stage.pass(5 * 24 * hoursMs - 1);
    expect(await read(stage, 'month')).toEqual({ committed: 9, open: 1 });
    expect(await stage.save(other, ask('c', 2, 'month'))).toMatchObject({ kind: 'over' });
    stage.pass(1);
    expect(await read(stage, 'month')).toEqual({ committed: 0, open: 0 });
  });
});
