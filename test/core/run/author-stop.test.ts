// Whoever opened a pull request may end what works on it, also where they may not write.
import { describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/core/model/actor.ts';
import { openRecord } from '../../../src/core/model/record.ts';
import { repository, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, mallory, pull, sha } from './outcome.ts';
import { attempting } from './place.ts';

const rita = { id: 30, login: 'rita', kind: 'person' } as const;

/** A review of the pull request that rita opened is under way. */
function reviewing(): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.record = openRecord(repository, 1, { isPullRequest: true, title: 'Add a cache' });
  world.pull = {
    ...{ number: 1, head: sha('7'), branch: 'main', base: sha('8'), state: 'open', headBranch: 'cache' },
    ...{ isSameRepository: false, isDraft: false, isOurs: false, authorId: rita.id },
  };
  pull(world, 'opened', { number: 1, headBranch: 'cache', headSha: sha('7'), isSameRepository: false }).settle();
  return comment(world, '/pilot review').settle();
}

function say(world: WorldOfDecisions, body: string, actor: Actor = rita) {
  comment(world, body, { actor, association: 'NONE' }).settle();
  return world.record.receipts.at(-1)?.state.kind;
}

describe('whoever opened a pull request, and may not write', () => {
  it('may stop a run on it', () => {
    const world = reviewing();
    expect(say(world, '/pilot stop')).toBe('done');
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'rita' });
  });

  it('may do so while GitHub does not say what they may', () => {
    const world = reviewing();
    world.permissions = {};
    expect(say(world, '/pilot stop')).toBe('done');
  });

  it.each(['pause', 'resume', 'ignore', 'finish', 'review', 'budget 5'])('may not %s', (command) => {
    const world = reviewing();
    expect(say(world, `/pilot ${command}`)).toBe('refused');
    expect(world.run.state.kind).toBe('planning');
  });

  it('is known by their number, and not by their name', () => {
    expect(say(reviewing(), '/pilot stop', { ...rita, id: 31 })).toBe('refused');
    expect(say(reviewing(), '/pilot stop', { ...rita, login: 'renamed' })).toBe('done');
  });

  it('may not where they have no access any more, or nobody says who opened it', () => {
    const gone = reviewing();
    gone.permissions = { rita: 'none' };
    expect(say(gone, '/pilot stop')).toBe('refused');
    const away = reviewing();
    away.pull = undefined;
    expect(say(away, '/pilot stop')).toBe('refused');
    expect(say(reviewing(), '/pilot stop', mallory)).toBe('refused');
  });

  it('proves by that nothing about what they may do in an outage', () => {
    const world = reviewing();
    say(world, '/pilot stop');
    world.pull = undefined;
    world.permissions = { mona: 'write' };
    comment(world, '/pilot review').settle();
    world.permissions = {};
    expect(say(world, '/pilot stop')).toBe('refused');
  });

  it('may not stop what works on another thread', () => {
    const world = attempting();
    world.pull = { ...reviewing().pull, number: 9 } as typeof world.pull;
    expect(say(world, '/pilot stop')).toBe('refused');
  });
});
