// A run that rests while its pull request is open, and nobody tells what became of that: GitHub is asked once a day.
import { describe, expect, it } from 'vitest';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, sha } from './outcome.ts';
import { attempting, failedWithPull, ready, stoppedWithPull } from './place.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What GitHub would answer, if it were asked. */
function isNow(world: WorldOfDecisions, state: 'open' | 'closed' | 'merged', headSha: string): WorldOfDecisions {
  world.pulls[world.run.pullRequest?.number ?? 0] = { headSha, baseBranch: 'main', state, isOurs: true };
  return world;
}

const headOf = (world: WorldOfDecisions) => world.run.pullRequest?.head ?? '';

describe.each([
  ['is ready', ready],
  ['failed', failedWithPull],
  ['was stopped', stoppedWithPull],
])('a run that %s', (_, make) => {
  it('is looked at a day later, and not before', () => {
    const world = make();
    isNow(world, 'closed', headOf(world));
    world.passShown(dayMs - 1);
    expect(world.run.pullRequest?.state).toBe('open');
    world.passShown(1);
    expect(world.run.state).toMatchObject({ kind: 'closed', by: 'somebody' });
  });

  it('reads what landed where it was merged', () => {
    const world = make();
    isNow(world, 'merged', headOf(world)).passShown(dayMs);
    expect(world.run.state).toMatchObject({ kind: 'merging', by: { kind: 'person' } });
    expect(world.listWork()).toEqual(['r1-prove-1']);
  });

  it('is verified anew where somebody pushed', () => {
    const world = make();
    isNow(world, 'open', sha('7')).passShown(dayMs);
    expect(world.run.pullRequest?.head).toBe(sha('7'));
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
  });

  it('is left as it is where nothing happened, and looked at again the next day', () => {
    const world = make();
    const { kind } = world.run.state;
    isNow(world, 'open', headOf(world)).passShown(dayMs);
    expect(world.run.state.kind).toBe(kind);
    const lookedAt = world.now;
    expect(world.run.lookedAt).toBe(lookedAt);
    expect(world.wakeAt).toBe(lookedAt + dayMs);
  });

  it('is asked about again some hours later where GitHub did not answer', () => {
    const world = make();
    delete world.pulls[world.run.pullRequest?.number ?? 0];
    world.passShown(dayMs);
    expect(world.run.lookedAt).toBeUndefined();
    isNow(world, 'closed', headOf(world)).passShown(6 * hourMs);
    expect(world.run.state.kind).toBe('closed');
  });
});

it('a run that rests without a pull request, or works, is not looked at', () => {
  const world = comment(attempting(), '/pilot stop').settle();
  world.passShown(2 * dayMs);
  expect(world.run.lookedAt).toBeUndefined();
});
