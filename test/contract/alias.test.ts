import { expect, it } from 'vitest';
import { toEventId } from '../../src/core/model/event.ts';
import { forEachStore, other, pull, subject, tokenOf } from './each-store.ts';
import { comment, result } from './side.ts';

forEachStore((open) => {
  it('leads from an alias of an alias to its end', async () => {
    const stage = open();
    await stage.save(other, { aliases: [12] });
    await stage.save(subject, { aliases: [2] });
    expect(await stage.intake(pull, comment(1))).toEqual({ kind: 'kept', subject });
    expect(await stage.listInbox(subject)).toEqual(['comment/1']);
  });

  it('never leads in a circle', async () => {
    const stage = open();
    await stage.save(subject, { aliases: [1, 2] });
    await stage.save(other, { aliases: [1, 2] });
    expect(await stage.intake(subject, comment(1))).toEqual({ kind: 'kept', subject });
    expect(await stage.intake(other, comment(2))).toEqual({ kind: 'kept', subject });
  });

  it('moves what landed elsewhere once, also when it was being decided on there', async () => {
    const stage = open();
    await stage.intake(pull, comment(1));
    const { inbox } = await stage.store.load(pull);
    const handled = inbox.map(({ entryId, eventId }) => ({ entryId, eventId }));
    await stage.save(subject, { aliases: [12] });
    expect(await stage.listInbox(subject)).toEqual(['comment/1']);
    expect(await stage.save(pull, { handled })).toEqual({ kind: 'already_handled', eventId: 'comment/1' });
    await stage.save(subject);
    await stage.save(subject, { aliases: [12] });
    expect(await stage.intake(pull, comment(1), { deliveryId: 'again' })).toMatchObject({ kind: 'duplicate' });
  });

  it('leaves a result with the record that holds its action', async () => {
    const stage = open();
    await stage.add(pull, 'a');
    const token = tokenOf(await stage.store.begin(pull, 'a', 1, 10_000));
    await stage.save(subject, { aliases: [12] });
    const event = result('a', token);
    expect(await stage.store.append(pull, toEventId(event), event)).toBe(true);
    await stage.save(subject, { aliases: [12] });
    expect(await stage.listInbox(pull)).toEqual([toEventId(event)]);
    expect(await stage.store.takeDue(10, 1)).toContain(pull);
  });

  it('leaves a record that was there before its own next look', async () => {
    const stage = open();
    await stage.save(pull, { wakeAt: 1 });
    await stage.intake(other, comment(1));
    await stage.save(subject, { aliases: [12, 2] });
    expect(await stage.store.takeDue(10, 1)).toContain(pull);
    expect(await stage.store.takeDue(10, 1)).not.toContain(other);
  });

  it('keeps the same number of another repository apart', async () => {
    const stage = open();
    await stage.save(subject, { aliases: [12] });
    const foreign = pull.replace('/7/', '/8/') as typeof pull;
    expect(await stage.intake(foreign, comment(1))).toEqual({ kind: 'kept', subject: foreign });
    expect(await stage.store.listRecords('github.test:8080', 8)).toEqual([foreign]);
  });
});
