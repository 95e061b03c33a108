// A run that is over for good leaves the record, and nothing that comes in between is lost by it.
import { describe, expect, it } from 'vitest';
import type { ArchiveOutcome } from '../../../src/core/model/result.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, merged, pull } from './outcome.ts';
import { attempting, merging, ready } from './place.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Everything that people should see is shown. */
function shown(world: WorldOfDecisions): WorldOfDecisions {
  while (world.record.presentation.wanted > world.record.presentation.done)
    world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted });
  return world;
}

function archived(world: WorldOfDecisions): Extract<ArchiveOutcome, { kind: 'archived' }> {
  const runHash = `hash-${JSON.stringify(world.record.run).length}`;
  return { kind: 'archived', artifact: 'f'.repeat(64), through: 12, runHash };
}

const mergedRun = () => shown(merging().finish('merge', merged()));
const stoppedRun = () => shown(comment(attempting(), '/pilot stop').settle());

describe('a run that is over', () => {
  it('is archived after a day and becomes its summary', () => {
    const world = mergedRun().passShown(dayMs + hourMs);
    world.finish('archive', archived(world));
    expect(world.record.run).toBeUndefined();
    expect(world.record.archived).toMatchObject([
      {
        id: 'r1',
        state: 'merged',
        startedBy: 'mona',
        artifact: 'f'.repeat(64),
        tasks: [{ key: 'a', state: 'merged' }],
      },
    ]);
    expect(world.log.at(-1)).toBe('archived: run r1 is archived with the log up to 12');
    expect(world.wakeAt).toBeUndefined();
  });

  it('is one of at most a hundred that the record still names', () => {
    const other = mergedRun().pass(dayMs + hourMs);
    const [before] = other.finish('archive', archived(other)).record.archived ?? [];
    if (!before) throw new Error('it is archived');
    const world = mergedRun();
    world.record.archived = Array.from({ length: 100 }, (_, index) => ({ ...before, id: `old-${index}` }));
    world.pass(dayMs + hourMs);
    world.finish('archive', archived(world));
    const ids = world.record.archived?.map(({ id }) => id) ?? [];
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([100, 'old-1', 'r1']);
  });

  it('is not archived before', () => {
    const world = mergedRun().passShown(dayMs - hourMs);
    expect(world.find('archive')).toBeUndefined();
  });

  it('trims the log up to what is in the archive, and no further', () => {
    const world = mergedRun().passShown(dayMs + hourMs);
    const holder = world.begin('archive');
    world.put({ kind: 'archived', actionId: holder.action.id, token: holder.token, outcome: archived(world) });
    expect(world.look().trimLogBefore).toBe(13);
  });

  it('waits until people were told how it ended', () => {
    const world = merging().finish('merge', merged());
    world.pass(2 * dayMs);
    expect(world.find('archive')).toBeUndefined();
    shown(world).pass(2 * hourMs);
    expect(world.find('archive')).toBeDefined();
  });
});

describe('a run that rests', () => {
  it.each([
    ['ready', () => shown(ready())],
    [
      'stopped with an open pull request',
      () => shown(comment(pull(ready(), 'synchronize').settle(), '/pilot stop').settle()),
    ],
  ])('and may go on is never archived: %s', (_name, place) => {
    expect(
      place()
        .passShown(60 * dayMs)
        .find('archive'),
    ).toBeUndefined();
  });

  it('without anything to go on with is archived after two weeks', () => {
    const world = stoppedRun().passShown(13 * dayMs);
    expect(world.find('archive')).toBeUndefined();
    world.passShown(2 * dayMs);
    world.finish('archive', archived(world));
    expect(world.record.archived?.map(({ state }) => state)).toEqual(['stopped']);
  });
});

describe('what comes while a run is archived', () => {
  it('wins: a new run is another one, and the file is of nobody', () => {
    const world = stoppedRun().passShown(15 * dayMs);
    const holder = world.begin('archive');
    const outcome = archived(world);
    comment(world, '/pilot run').settle();
    world.report(holder, outcome);
    expect([world.run.id, world.run.state.kind, world.record.archived]).toEqual(['r2', 'planning', undefined]);
  });

  it('wins: a run that changed since it was read is read again', () => {
    const world = mergedRun().passShown(dayMs + hourMs);
    const holder = world.begin('archive');
    world.report(holder, { ...archived(world), runHash: 'of what it was' });
    expect([world.record.archived, world.run.state.kind]).toEqual([undefined, 'merged']);
    world.passShown(3 * dayMs);
    expect(world.find('archive')?.action.id).toBe('archive-r1-2');
  });

  it('may be a stop of the next run, and the archive still comes to its end', () => {
    const world = stoppedRun().passShown(15 * dayMs);
    comment(world, '/pilot run').settle();
    comment(world, '/pilot stop').settle();
    world.finish('archive', { kind: 'failed', why: 'it is not at rest any more' });
    expect(world.run.state.kind).toBe('stopped');
    expect(world.find('archive')).toBeUndefined();
  });

  it('may be the death of whoever does it', () => {
    const world = mergedRun().passShown(dayMs + hourMs);
    for (let dispatch = 1; dispatch <= 4; dispatch += 1) world.die('archive');
    expect(world.find('archive')).toBeUndefined();
    world.passShown(3 * dayMs);
    world.finish('archive', archived(world));
    expect(world.record.archived).toHaveLength(1);
  });
});

describe('an archived run', () => {
  it.each(['stop', 'merge'])('is not changed by "%s", and people are told why', (command) => {
    const world = mergedRun().passShown(dayMs + hourMs);
    world.finish('archive', archived(world));
    comment(world, `/pilot ${command}`).settle();
    expect(world.findReceipt(command)).toMatchObject({
      state: { kind: 'refused' },
      reply: 'Run r1 is archived (merged): it can be read and not changed. A new run starts anew.',
    });
  });

  it('makes room for a new one', () => {
    const world = mergedRun().passShown(dayMs + hourMs);
    world.finish('archive', archived(world));
    comment(world, '/pilot run').settle();
    expect([world.run.id, world.record.archived?.map(({ id }) => id)]).toEqual(['r2', ['r1']]);
  });
});
