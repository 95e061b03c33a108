// What a run does in the lane: it waits, follows a base that moves, and leaves in whatever way it ends.
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/model/message.ts';
import { grant, leaseMs, movedLane, toResult, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { base, comment, merged, outage, pull, report, sha, stopped, verified } from '../run/outcome.ts';
import * as place from '../run/place.ts';

const minuteMs = 60_000;

/** What the run tells its lane from here on. */
function listen(world: WorldOfDecisions): Message[] {
  const said: Message[] = [];
  const { courier } = world;
  world.courier = (from, to, event) => {
    said.push(event);
    courier(from, to, event);
  };
  return said;
}

function left(world: WorldOfDecisions, said: readonly Message[]): Message | undefined {
  expect(world.record.lane).toBeUndefined();
  return said.find(({ kind }) => kind === 'lane_left');
}

describe('a merge that is asked for anew', () => {
  it('has a turn of its own, also in the look in which the one before it was refused', () => {
    const world = place.merging();
    const first = world.begin('merge');
    world.put(toResult(first, { kind: 'refused', why: 'Not now.' }));
    comment(world, '/pilot merge').settle();
    const grants = [first.action, world.find('merge')?.action].map((action) => action?.kind === 'merge' && action.ask);
    expect(new Set(grants).size).toBe(2);
  });
});

describe('a run that waits', () => {
  it('shows its place, and that the base moved', () => {
    const world = place.waitingToMerge();
    const ask = world.record.lane?.ask ?? '';
    world.put({ kind: 'lane_placed', ask, epoch: 1, ahead: 2 }).settle();
    world.put({ kind: 'lane_placed', ask, epoch: 2, ahead: 1 }).settle();
    world.put({ kind: 'base_moved', ask, epoch: 1, branch: 'main', base: sha('c') }).settle();
    expect(world.run).toMatchObject({ state: { by: { phase: 'waiting', ahead: 1 } }, baseMoved: { to: sha('c') } });
    // It is told once.
    expect(world.log.filter((line) => line.startsWith('base_moved: '))).toHaveLength(1);
    expect(world.listWork()).toEqual([]);
  });

  it('verifies the base that moved only when its turn comes', () => {
    const world = place.waitingToMerge();
    const ask = world.record.lane?.ask ?? '';
    world.put({ kind: 'base_moved', ask, epoch: 1, branch: 'main', base: sha('c') }).settle();
    const said = listen(world);
    grant(world, ask).settle();
    expect(world.listWork()).toEqual(['r1-verify-2']);
    expect(said.map(({ kind }) => kind)).toEqual(['lane_held']);
  });

  it('and cannot be verified anew in an outage goes on trying to be by itself, and may be asked for again', () => {
    const world = place.verifyingAgain();
    for (let tries = 0; tries < 4; tries += 1) world.finish('verify', { kind: 'failed', cause: outage });
    // The base is known to have moved: what was verified is not offered any more.
    expect(world.run.state).toMatchObject({ kind: 'reviewing', follows: true });
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    expect(world.run.mergeRefusal).toMatchObject({ why: expect.stringContaining('502 Bad Gateway') });
    comment(world, '/pilot merge').settle();
    world.finish('verify', { kind: 'verified', head: sha('1'), base: sha('c'), report: report('tree-c') });
    expect(world.run.state.kind).toBe('merging');
  });

  it('longer than its limit ends by it, and leaves', () => {
    const world = place.waitingToMerge();
    const said = listen(world);
    world.pass(6 * 60 * minuteMs);
    expect(world.run.state.kind).toBe('ready');
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    const why = 'The limit "waiting for the lane" of 21600 s was reached after 21600 s.';
    expect(world.run.mergeRefusal).toEqual({ kind: 'refused', why });
    expect(left(world, said)).toMatchObject({ landed: false, mayLand: false });
  });
});

describe('the head of the lane on a base that moved', () => {
  it('merges what is green there, under the same grant', () => {
    const world = place.verifyingAgain();
    const epoch = world.record.lane?.grant?.epoch;
    world.finish('verify', { kind: 'verified', head: sha('1'), base: sha('c'), report: report('tree-c') });
    expect(world.show().find('merge')?.action).toMatchObject({ head: sha('1'), base: sha('c'), epoch });
  });

  it('does not merge what is red there, and names both', () => {
    const world = place.verifyingAgain();
    const said = listen(world);
    world.finish('verify', { kind: 'verified', head: sha('1'), base: sha('c'), report: report('tree-c', 1) });
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.mergeRefusal).toEqual({
      kind: 'refused',
      why: `head ${sha('1')} is red on the base ${sha('c')}, to where main has moved`,
    });
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    expect(left(world, said)).toMatchObject({ landed: false });
  });

  it('follows it three times and no more', () => {
    const world = place.merging();
    for (const digit of ['c', 'd', 'e']) {
      world.finish('merge', { kind: 'base_moved', expected: base, actual: sha(digit) });
      world.finish('verify', { kind: 'verified', head: sha('1'), base: sha(digit), report: report(`tree-${digit}`) });
      world.show();
    }
    world.finish('merge', { kind: 'base_moved', expected: sha('e'), actual: sha('f') });
    expect(world.run.state.kind).toBe('reviewing');
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
  });
});

describe('a base that moved before the command was given', () => {
  it('by a merge of ours is followed, since the lane knows of it', () => {
    const world = place.ready();
    world.facts = { defaultBranch: 'main', baseSha: sha('c') };
    world.courier = movedLane(sha('c'));
    comment(world, '/pilot merge').settle();
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { phase: 'verifying' } });
  });

  it('by somebody else is told to whoever asked, and followed in a later turn', () => {
    const world = place.ready();
    world.facts = { defaultBranch: 'main', baseSha: sha('c') };
    comment(world, '/pilot merge').settle();
    world.finish('merge', stopped).finish('merge', { kind: 'base_moved', expected: base, actual: sha('c') });
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { phase: 'verifying' } });
  });
});

describe('a turn that is taken back', () => {
  it('takes back the merge that nobody has begun, and asks again', () => {
    const world = place.merging();
    const [before, said] = [world.record.lane, listen(world)];
    world.put({ kind: 'lane_revoked', ask: before?.ask ?? '', epoch: before?.grant?.epoch ?? 0 }).settle();
    expect(said.map(({ kind }) => kind)).toEqual(['lane_left', 'lane_asked']);
    expect(world.find('merge')?.action).toMatchObject({ ask: world.record.lane?.ask });
    expect(world.record.lane?.ask).not.toBe(before?.ask);
  });

  it('ends the merge that is under way, and what that did is read', () => {
    const world = place.merging();
    const holder = world.begin('merge');
    const { ask = '', grant: granted } = world.record.lane ?? {};
    world.put({ kind: 'lane_revoked', ask, epoch: granted?.epoch ?? 0 }).settle();
    expect(world.find('merge')?.state).toMatchObject({ kind: 'begun', cancelled: true });
    expect(world.record.lane?.ask).toBe(ask);
    world.report(holder, merged());
    expect(world.run.state).toMatchObject({ kind: 'merged', isProven: true });
  });

  it('more than three times is the end of the command', () => {
    const world = place.merging();
    for (let turn = 0; turn < 3; turn += 1) world.finish('merge', stopped);
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.mergeRefusal).toMatchObject({ why: 'it did not come to an end in 3 turns' });
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
  });

  it('after a call without an answer is read by the lane before there is another', () => {
    const world = place.merging();
    const said = listen(world);
    world.finish('merge', { kind: 'unanswered', why: '502' });
    expect(said).toMatchObject([{ kind: 'lane_left', landed: false, mayLand: true }, { kind: 'lane_asked' }]);
  });
});

describe('a merge that GitHub does not want to hear of now', () => {
  it('leaves the lane to others, and asks again at the named moment', () => {
    const world = place.merging();
    const said = listen(world);
    world.finish('merge', { kind: 'postponed', why: '429', until: world.now + 50 * minuteMs });
    expect(said).toMatchObject([{ kind: 'lane_left', landed: false, mayLand: false }]);
    world.pass(49 * minuteMs);
    expect(said).toHaveLength(1);
    expect(world.findReceipt('merge')?.state.kind).toBe('started');
    world.pass(minuteMs);
    expect(said).toMatchObject([{ kind: 'lane_left' }, { kind: 'lane_asked' }]);
    expect(world.listWork()).toEqual(['r1-merge-2']);
  });

  it('is asked for once more after an hour of failures, and not for ever', () => {
    const world = place.merging();
    let asked = 0;
    for (; world.run.state.kind === 'merging' && asked < 100; asked += 1)
      world.finish('merge', { kind: 'postponed', why: 'GitHub could not be reached' }).pass(10 * minuteMs);
    expect(asked).toBe(9);
    expect(world.run.mergeRefusal).toMatchObject({
      why: 'it did not come to an end in 9 turns (GitHub could not be reached)',
    });
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
  });

  it('waits for as long as GitHub says also where the call had no answer, and reads then', () => {
    const world = place.merging();
    const said = listen(world);
    world.finish('merge', { kind: 'unanswered', why: '503', until: world.now + 2 * minuteMs });
    expect(said).toMatchObject([{ kind: 'lane_left', mayLand: true }]);
    world.pass(2 * minuteMs);
    expect(said.at(-1)).toMatchObject({ kind: 'lane_asked' });
  });
});

describe('a stop', () => {
  const places = {
    'while it waits': place.waitingToMerge,
    'while it verifies again': place.verifyingAgain,
    'while its merge is not begun': place.merging,
  };
  it.each(Object.entries(places))('%s withdraws', (_, open) => {
    const world = open();
    const said = listen(world);
    comment(world, '/pilot stop').settle();
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona' });
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    expect(left(world, said)).toMatchObject({ landed: false, mayLand: false });
  });

  it('that crosses the grant withdraws, and the grant that comes late starts nothing', () => {
    const world = place.waitingToMerge();
    const said = listen(world);
    const ask = world.record.lane?.ask ?? '';
    comment(world, '/pilot stop').settle();
    grant(world, ask).settle();
    expect(world.run.state.kind).toBe('stopped');
    expect(world.listWork()).toEqual([]);
    expect(left(world, said)).toMatchObject({ ask });
  });

  it('keeps the lane while its merge is under way, and leaves with what landed', () => {
    const world = place.merging();
    const said = listen(world);
    const holder = world.begin('merge');
    comment(world, '/pilot stop').settle();
    expect(said).toEqual([]);
    world.report(holder, merged());
    expect(world.run.state.kind).toBe('merged');
    expect(left(world, said)).toMatchObject({ landed: true, base: sha('e') });
  });

  it('keeps the lane when the merge began between its decision and its save', () => {
    const world = place.merging();
    const said = listen(world);
    comment(world, '/pilot stop');
    world.look(() => world.begin('merge'));
    world.settle();
    expect(said).toEqual([]);
    expect(world.run.state.kind).toBe('stopping');
  });

  it('whose merge died is read before the lane goes on', () => {
    const world = place.merging();
    const said = listen(world);
    world.kill(world.begin('merge'));
    comment(world, '/pilot stop').settle().pass(leaseMs).finish('merge', stopped);
    expect(world.run.state.kind).toBe('stopped');
    expect(left(world, said)).toMatchObject({ landed: false, mayLand: true });
  });
});

describe('the lane is left as well', () => {
  it('by a push, which the command was not for', () => {
    const world = pull(place.verifyingAgain(), 'synchronize', { headSha: sha('2') });
    const said = listen(world);
    world.settle();
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
    expect(world.run.mergeRefusal).toEqual({ kind: 'head_moved', expected: sha('1'), actual: sha('2') });
    expect(left(world, said)).toMatchObject({ landed: false });
  });

  it('by a person who is faster, once what landed is known', () => {
    const world = place.waitingToMerge();
    const said = listen(world);
    pull(world, 'closed', { merged: true, mergeSha: sha('e') }).settle();
    expect(said).toEqual([]);
    world.finish('prove_merge', merged(undefined, 'person'));
    expect(left(world, said)).toMatchObject({ landed: true, base: sha('e') });
    expect(world.findReceipt('merge')?.state.kind).toBe('done');
  });

  it('by a pull request that is closed', () => {
    const world = place.waitingToMerge();
    const said = listen(world);
    pull(world, 'closed').settle();
    expect(world.run.state.kind).toBe('closed');
    expect(left(world, said)).toMatchObject({ landed: false });
  });

  it('never before it was asked: a message that hangs is waited for', () => {
    const world = place.ready();
    world.isCarrying = false;
    comment(world, '/pilot merge').settle();
    comment(world, '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
    expect(world.outbox.filter(({ action }) => action.kind === 'tell')).toMatchObject([
      { action: { event: { kind: 'lane_asked' } } },
    ]);
    world.isCarrying = true;
    const said = listen(world);
    world.settle();
    expect(said.map(({ kind }) => kind)).toEqual(['lane_asked', 'lane_left']);
  });

  it('by a verification that finds no continuation', () => {
    const world = place.verifyingAgain();
    const said = listen(world);
    world.finish('verify', { kind: 'diverged', head: sha('1') });
    expect(world.run.state.kind).toBe('superseded');
    expect(left(world, said)).toBeDefined();
  });
});

it('a verdict on a newer head is for nobody who waits', () => {
  const world = place.waitingToMerge();
  expect(
    world.put({ kind: 'verified', actionId: 'r1-verify-9', token: 't', outcome: verified(sha('2')) }).settle().run.state
      .kind,
  ).toBe('merging');
});
