// State labels are a view: what somebody changes about them is set right, also where nothing else is to be shown.
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { label, mona } from './outcome.ts';
import { attempting, ready, stoppedEarly, waitingToMerge } from './place.ts';

/** Everything is shown. */
function rest(make: () => WorldOfDecisions): WorldOfDecisions {
  return make().settle().show().pass(120_000).show();
}

function isShownAnew(world: WorldOfDecisions): boolean {
  const { wanted } = world.record.presentation;
  world.settle();
  expect(world.outbox.some(({ action }) => action.kind === 'present')).toBe(world.record.presentation.wanted > wanted);
  return world.record.presentation.wanted > wanted;
}

const bot = { ...mona, kind: 'bot' } as const;
const off = { isTakenOff: true } as const;

describe('a state label', () => {
  it.each([
    ['that says how things stand is taken off', ready, 'pilot:ready', off],
    ['that says something else is put on', ready, 'pilot:failed', {}],
    ['is taken off its pull request', ready, 'pilot:ready', { ...off, thread: 9 }],
    ['that says something else is put on its pull request', ready, 'pilot:failed', { thread: 9 }],
    ['is put on in another case', stoppedEarly, 'Pilot:Ready', {}],
    ['is put on where no run is', () => new WorldOfDecisions(), 'pilot:working', {}],
    ['is put on a run that works', attempting, 'pilot:ready', {}],
  ] as const)('is set right where one %s', (_, make, name, how) => {
    expect(isShownAnew(label(rest(make), name, mona, how))).toBe(true);
  });

  it.each([
    ['that says how things stand is put on', ready, 'pilot:ready', {}],
    ['that says something else is taken off', ready, 'pilot:failed', off],
    ['is another label', ready, 'pilot:readiness', {}],
    ['stands on a thread that bears none', ready, 'pilot:ready', { ...off, thread: 77 }],
    ['of its pull request says how things stand', ready, 'pilot:ready', { thread: 9 }],
  ] as const)('is left where one %s', (_, make, name, how) => {
    expect(isShownAnew(label(rest(make), name, mona, how))).toBe(false);
  });

  it('of ours is no change of somebody', () => {
    const world = rest(ready);
    expect(isShownAnew(label(label(world, 'pilot:working', bot, off), 'pilot:ready', bot))).toBe(false);
    expect(isShownAnew(label(label(world, 'pilot:ready', bot, off), 'pilot:failed', bot))).toBe(false);
  });

  it('is set right once for as many changes as there were in the meantime, and at the pace of progress', () => {
    const world = rest(ready);
    for (let time = 0; time < 20; time += 1) label(world, 'pilot:failed').settle();
    const [present, ...more] = world.outbox.filter(({ action }) => action.kind === 'present');
    expect([present?.action.kind, more]).toEqual(['present', []]);
    label(world.show(), 'pilot:failed').settle();
    expect(world.find('present')?.notBefore).toBeGreaterThan(world.now);
  });

  it('says that it waits behind others for its turn to merge, and only then', () => {
    const world = waitingToMerge();
    const has = () => renderView(world.record).labels[0]?.has;
    const { state } = world.run;
    if (state.kind !== 'merging' || state.by.kind !== 'command') throw new Error('it is to be merged');
    delete state.by.ahead;
    expect(has()).toBe('pilot:working');
    state.by.ahead = 2;
    expect(has()).toBe('pilot:queued');
    state.by.phase = 'merging';
    expect(has()).toBe('pilot:working');
  });
});
