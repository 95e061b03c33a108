// Checks of runs that nobody works for: settled with the true reason, and only where a run is at work.
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { leaseMs, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { pull, sha } from '../run/outcome.ts';
import { attempting, closed, failedWithPull, ready, stoppedWithPull, verifyingPush } from '../run/place.ts';

const patienceMs = 5 * 60_000;

function gateOf(world: WorldOfDecisions, at = world.now) {
  const { checks } = renderView(world.record, { outbox: world.outbox, now: at });
  const check = checks.find(({ headSha }) => headSha === world.run.pullRequest?.head);
  return { state: check?.state, title: check?.title };
}

const timedOut = {
  state: { kind: 'completed', conclusion: 'timed_out' },
  title:
    'Not yet: Nobody has worked on this for 5 minutes: its verdict did not happen. It goes on when a worker takes it up.',
};
const underWay = { state: { kind: 'in_progress' }, title: 'Not yet: The newest head is being verified.' };

describe('the check of a run at work', () => {
  it('is settled when the lease of whoever worked on it ended five minutes ago', () => {
    const world = verifyingPush();
    const holder = world.begin('verify');
    const leaseEnd = world.now + leaseMs;
    world.kill(holder);
    expect(gateOf(world, leaseEnd + patienceMs - 1)).toEqual(underWay);
    expect(gateOf(world, leaseEnd + patienceMs)).toEqual(timedOut);
  });

  it('stays while somebody holds the work, however long it takes', () => {
    const world = verifyingPush();
    world.begin('verify');
    world.pass(2 * patienceMs);
    expect(gateOf(world)).toEqual(underWay);
  });

  it('stays while the work waits for its turn', () => {
    const world = verifyingPush();
    expect(gateOf(world, world.now + 2 * patienceMs)).toEqual(underWay);
  });

  it('is settled when there is no work at all', () => {
    const { record } = verifyingPush();
    const since = record.run?.state.since ?? 0;
    const [gate] = renderView(record, { outbox: [], now: since + patienceMs }).checks;
    expect(gate).toMatchObject(timedOut);
  });
});

describe('a run that rests or is over', () => {
  it.each([
    ['ready', ready],
    ['failed', failedWithPull],
    ['stopped', stoppedWithPull],
    ['closed', closed],
  ])('%s keeps the verdict that it has', (_name, reach) => {
    const world = reach();
    expect(gateOf(world, world.now + 10 * patienceMs)).toEqual(gateOf(world));
  });
});

it('a run without a pull request has no check to settle', () => {
  const world = attempting();
  expect(renderView(world.record, { outbox: [], now: world.now + 10 * patienceMs }).checks).toEqual([]);
});

it('every head that a pull request had is settled once another replaced it, whoever pushed it', () => {
  const world = verifyingPush();
  pull(world, 'synchronize', { headSha: sha('3') }).settle();
  pull(world, 'synchronize', { headSha: sha('4') }).settle();
  const { checks } = renderView(world.record);
  const states = Object.fromEntries(checks.map(({ headSha, state }) => [headSha[0], state.kind]));
  expect(states).toEqual({ 1: 'completed', 2: 'completed', 3: 'completed', 4: 'in_progress' });
});
