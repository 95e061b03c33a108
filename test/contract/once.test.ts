// Exactly once, for as long as a delivery may come again, and not remembered for ever.
import { expect, it } from 'vitest';
import type { Event } from '../../src/core/model/event.ts';
import { forEachStore, hoursMs, subject, tokenOf } from './each-store.ts';
import { comment, request, result } from './side.ts';

const mona = { id: 1, login: 'mona', kind: 'person' } as const;
const closed = (deliveryId: string): Event => ({ kind: 'issue_closed', deliveryId, actor: mona });

forEachStore((open) => {
  it('refuses a known delivery with another body', async () => {
    const stage = open();
    await stage.intake(subject, comment(1));
    const forged = await stage.intake(subject, comment(2), { deliveryId: 'delivery of comment/1', bodyHash: 'other' });
    expect(forged).toEqual({ kind: 'mismatch', subject });
    expect(await stage.listInbox(subject)).toEqual(['comment/1']);
    const change = { deliveryId: 'd', hookId: 'hook', installationId: 3, change: {} };
    expect(await stage.store.intakeInstallation({ ...change, bodyHash: 'a' })).toBe('kept');
    expect(await stage.store.intakeInstallation({ ...change, bodyHash: 'a' })).toBe('duplicate');
    expect(await stage.store.intakeInstallation({ ...change, bodyHash: 'b' })).toBe('mismatch');
  });

  it('knows a handled event for 74 hours after it was handled, and then forgets it', async () => {
    const stage = open();
    await stage.intake(subject, closed('d1'));
    stage.pass(80 * hoursMs);
    await stage.save(subject);
    stage.pass(74 * hoursMs - 1);
    await stage.save(subject);
    expect(await stage.intake(subject, closed('d1'))).toMatchObject({ kind: 'duplicate' });
    stage.pass(1);
    await stage.save(subject);
    expect(await stage.intake(subject, closed('d1'), { deliveryId: 'much later' })).toMatchObject({ kind: 'kept' });
  });

  it('knows a comment as long as its record, because comments are also listed', async () => {
    const stage = open();
    await stage.intake(subject, comment(1));
    await stage.save(subject);
    stage.pass(75 * hoursMs);
    await stage.save(subject);
    const listed = { deliveryId: 'listed-1' };
    expect(await stage.intake(subject, comment(1), listed)).toMatchObject({ kind: 'duplicate' });
    await stage.store.remove(subject);
    expect(await stage.intake(subject, comment(1), { deliveryId: 'd' })).toMatchObject({ kind: 'kept' });
  });

  it('never forgets an event that waits', async () => {
    const stage = open();
    await stage.intake(subject, comment(1));
    stage.pass(200 * hoursMs);
    await stage.save(subject, { handled: [] });
    expect(await stage.intake(subject, comment(1), { deliveryId: 'much later' })).toMatchObject({ kind: 'duplicate' });
  });

  it('keeps a request of the API once and answers it as it was answered', async () => {
    const stage = open();
    const submit = (bodyHash: string) => stage.store.submit({ subject, key: 'k', bodyHash, event: request('k') });
    expect(await submit('x')).toEqual({ kind: 'unknown_subject' });
    await stage.save(subject);
    const doubles = await Promise.all([submit('x'), submit('x'), submit('x')]);
    expect(doubles.map(({ kind }) => kind).sort()).toEqual(['kept', 'pending', 'pending']);
    expect(await submit('y')).toEqual({ kind: 'mismatch' });
    stage.pass(100 * hoursMs);
    expect(await submit('x')).toEqual({ kind: 'pending' });
    const answer = { outcome: 'started', text: 'r1 is under way' } as const;
    await stage.save(subject, { answers: [{ key: 'k', answer }] });
    stage.pass(74 * hoursMs - 1);
    expect(await submit('x')).toEqual({ kind: 'answered', answer });
    stage.pass(1);
    expect(await submit('x')).toEqual({ kind: 'kept' });
  });

  it('refuses a decision on an event that was set aside and put back since', async () => {
    const stage = open();
    await stage.intake(subject, comment(1));
    const { inbox } = await stage.store.load(subject);
    const handled = inbox.map(({ entryId, eventId }) => ({ entryId, eventId }));
    await stage.store.park(subject, handled[0]?.entryId ?? '', 'poison');
    const [parked] = await stage.store.listParked(10);
    expect(await stage.store.replayParked(parked?.id ?? '')).toBe(true);
    expect(await stage.save(subject, { handled })).toEqual({ kind: 'already_handled', eventId: 'comment/1' });
    expect(await stage.save(subject)).toMatchObject({ kind: 'saved' });
  });

  it('takes the result of a holder once, and gives nothing to a holder that was replaced', async () => {
    const stage = open();
    await stage.add(subject, 'a');
    const token = tokenOf(await stage.store.begin(subject, 'a', 1, 10_000));
    expect(await stage.store.append(subject, 'result/a/1', result('a', token))).toBe(true);
    expect(await stage.store.append(subject, 'result/a/1', result('a', token))).toBe(false);
    stage.pass(10_000);
    await stage.save(subject, { outbox: [{ kind: 'redispatch', id: 'a', dispatch: 2, isSettling: false }] });
    const next = tokenOf(await stage.store.begin(subject, 'a', 2, 10_000));
    expect(await stage.store.heartbeat(subject, 'a', token, 10_000)).toBe('lost');
    expect(await stage.store.heartbeat(subject, 'a', next, 10_000)).toBe('held');
  });

  it('40 live-vs-dead-owner: never replaces a holder whose lease is valid, and tells it to end when its action is to be settled', async () => {
    const stage = open();
    await stage.add(subject, 'a');
    const token = tokenOf(await stage.store.begin(subject, 'a', 1, 10_000));
    await stage.save(subject, { outbox: [{ kind: 'redispatch', id: 'a', dispatch: 2, isSettling: false }] });
    expect(await stage.store.heartbeat(subject, 'a', token, 10_000)).toBe('held');
    await stage.save(subject, { outbox: [{ kind: 'redispatch', id: 'a', dispatch: 2, isSettling: true }] });
    expect(await stage.store.heartbeat(subject, 'a', token, 10_000)).toBe('cancelled');
    expect(await stage.store.begin(subject, 'a', 2, 10_000)).toMatchObject({ kind: 'refused' });
  });

  it('never revives a lease that ran out, though nobody else has it yet', async () => {
    const stage = open();
    await stage.add(subject, 'a');
    const token = tokenOf(await stage.store.begin(subject, 'a', 1, 10_000));
    stage.pass(9_999);
    expect(await stage.store.heartbeat(subject, 'a', token, 10_000)).toBe('held');
    stage.pass(10_000);
    expect(await stage.store.heartbeat(subject, 'a', token, 10_000)).toBe('lost');
  });
});
