// What a delivery says about many is kept for all of them in one step, by who they are at that moment.
import { expect, it } from 'vitest';
import { toEventId } from '../../src/core/model/event.ts';
import { toChoresId } from '../../src/core/model/subject.ts';
import { forEachStore, hoursMs, other, pull, type Stage, subject } from './each-store.ts';
import { host } from './history.ts';
import { comment, repositoryOf } from './side.ts';

const base = [{ name: 'base' }];
const chores = toChoresId({ host, id: 7 });
const event = comment(1);

function push(stage: Stage, deliveryId = 'd', bodyHash = 'hash') {
  const about = { deliveryId, hookId: 'hook', bodyHash, repository: repositoryOf(subject), name: 'base' };
  return stage.store.intakeForCounted({ ...about, event: { id: toEventId(event), event } });
}

forEachStore((open) => {
  it('is kept for everybody who is counted, and for nobody else', async () => {
    const stage = open();
    await stage.save(subject, { census: base });
    await stage.save(other, { census: [{ name: 'all', limit: 3 }, ...base] });
    await stage.save(pull, { census: [{ name: 'another base' }] });
    // Whoever looks after a repository hears of its default branch like anybody else.
    await stage.save(chores, { census: base });
    expect(await push(stage)).toEqual({ kind: 'kept', records: [subject, other, chores] });
    const heard = ['comment/1'];
    for (const record of [subject, other, chores]) expect(await stage.listInbox(record)).toEqual(heard);
    expect(await stage.listInbox(pull)).toEqual([]);
    expect((await stage.store.takeDue(9, 1)).toSorted()).toEqual([subject, other, chores]);
    await stage.store.remove(chores);
    expect(await push(stage, 'e')).toEqual({ kind: 'kept', records: [subject, other] });
  });

  it('is kept once for each, whoever delivers it', async () => {
    const stage = open();
    await stage.save(subject, { census: base });
    await push(stage);
    expect(await push(stage)).toEqual({ kind: 'duplicate' });
    expect(await push(stage, 'd', 'another')).toEqual({ kind: 'mismatch' });
    await push(stage, 'e');
    expect(await stage.listInbox(subject)).toEqual(['comment/1']);
  });

  it('is not remembered where nobody is counted: whoever is by then hears of it when it comes again', async () => {
    const stage = open();
    expect(await push(stage)).toEqual({ kind: 'nobody' });
    await stage.save(subject, { census: base });
    expect(await push(stage)).toEqual({ kind: 'kept', records: [subject] });
    await stage.save(subject);
    stage.pass(75 * hoursMs);
    expect(await push(stage)).toEqual({ kind: 'nobody' });
  });
});
