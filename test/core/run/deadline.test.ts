import { describe, expect, it } from 'vitest';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, comment, integrated, planned, press, pull, sha, verified } from './outcome.ts';
import * as place from './place.ts';

const minuteMs = 60_000;

/** What ends a run in which one holder works for ever and never reports. */
function endOf(world: WorldOfDecisions): string {
  const [work] = world.listWork();
  if (work !== undefined) world.begin(work);
  const start = world.now;
  world.passShown(24 * 60 * minuteMs);
  const { state } = world.run;
  const minutes = (state.since - start) / minuteMs;
  const refusal = world.run.mergeRefusal;
  if (refusal?.kind === 'refused') return `${state.kind} after ${minutes} min: ${refusal.why}`;
  const cause = state.kind === 'failed' && state.cause.kind === 'deadline' ? state.cause : undefined;
  const [limitMin, elapsedMin] = [cause?.valueMs ?? 0, cause?.elapsedMs ?? 0].map((ms) => ms / minuteMs);
  return `${state.kind} after ${minutes} min: ${cause?.limit} (${elapsedMin} of ${limitMin} min)`;
}

describe('the time of a run', () => {
  it('is not used up by a hold that ends with a stop', () => {
    const world = place.paused().passShown(24 * 60 * minuteMs);
    comment(world, '/pilot stop').settle();
    comment(world, '/pilot resume').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing' });
  });

  it('is not used up by a rest that ends with a push', () => {
    const world = place.readyInPart().passShown(24 * 60 * minuteMs);
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', verified(sha('2')));
    comment(world, '/pilot retry b').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing' });
  });
});

describe('every working state', () => {
  it('45 deadline-label: ends by the limit that is named', () => {
    const {
      planning,
      attempting,
      integrating,
      atBoundary,
      verifying,
      publishing,
      verifyingPush,
      waitingToMerge,
      verifyingAgain,
      merging,
      provingMerge,
    } = place;
    const ends = Object.entries({
      planning: planning(),
      attempting: attempting(),
      integrating: integrating(),
      boundary: atBoundary(),
      verifying: verifying(),
      publishing: publishing(),
      verifyingPush: verifyingPush(),
      waitingToMerge: waitingToMerge(),
      verifyingBeforeTheMerge: verifyingAgain(),
      merging: merging(),
      provingMerge: provingMerge(),
    }).map(([name, world]) => `${name}: ${endOf(world)}`);
    expect(ends).toMatchInlineSnapshot(`
      [
        "planning: failed after 15 min: planning (15 of 15 min)",
        "attempting: failed after 195 min: attempts of a batch (195 of 195 min)",
        "integrating: failed after 50 min: integration (50 of 50 min)",
        "boundary: failed after 10 min: boundary (10 of 10 min)",
        "verifying: failed after 70 min: verifying (70 of 70 min)",
        "publishing: failed after 50 min: publishing (50 of 50 min)",
        "verifyingPush: failed after 70 min: verifying (70 of 70 min)",
        "waitingToMerge: ready after 360 min: The limit "waiting for the lane" of 21600 s was reached after 21600 s.",
        "verifyingBeforeTheMerge: failed after 140 min: The limit "verifying before the merge" of 4200 s was reached after 4200 s.",
        "merging: ready after 10 min: The limit "merging" of 600 s was reached after 600 s.",
        "provingMerge: failed after 1440 min: reading what was merged (1440 of 1440 min)",
      ]
    `);
  });

  it("has no time for the base's tests where nobody wants them", () => {
    const world = place.verifying();
    world.run.policy.baseTests = 'off';
    expect(endOf(world)).toBe('failed after 50 min: verifying (50 of 50 min)');
  });

  it('may take as long as its tasks need one after the other, up to the limit of the run', () => {
    expect(endOf(place.attempting(['a', 'b']))).toMatchInlineSnapshot(
      `"failed after 345 min: attempts of a batch (345 of 345 min)"`,
    );
    expect(endOf(place.attempting(['a', 'b', 'c', 'd']))).toMatchInlineSnapshot(
      `"failed after 480 min: budget.run_minutes (480 of 480 min)"`,
    );
  });
});

describe('work that waits until somebody begins it', () => {
  it.each([
    ['planning', place.planning, 15],
    ['attempts of a batch', place.checkingBaseline, 215],
    ['integration', place.integrating, 50],
    ['acceptance', place.accepting, 55],
    ['boundary', place.atBoundary, 10],
    ['verifying', place.verifying, 70],
  ])('has its limit for %s from then on', (name, make, minutes) => {
    const world = make();
    world.passShown((minutes + 40) * minuteMs);
    const { since } = world.run.state;
    expect(endOf(world)).toBe(`failed after ${minutes} min: ${name} (${minutes} of ${minutes} min)`);
    expect(world.run.state.since - since).toBe((2 * minutes + 40) * minuteMs);
  });

  it('waits long, and not for ever: it is said that nobody began', () => {
    const world = place.integrating();
    const { since } = world.run.state;
    world.passShown(24 * 60 * minuteMs);
    expect(world.run.state).toMatchObject({
      kind: 'failed',
      since: since + (6 * 60 + 50) * minuteMs,
      cause: { limit: 'integration, which nobody has begun' },
    });
  });

  it('keeps nobody waiting in a lane, and nobody who asked for a stop', () => {
    const world = place.verifyingAgain();
    const merge = world.findReceipt('merge');
    world.pass(71 * minuteMs);
    expect([merge?.state.kind, world.findReceipt('merge')?.state.kind]).toEqual(['started', 'refused']);
    expect(world.record.lane).toBeUndefined();
  });
});

describe('a run that ended by a limit', () => {
  it('leaves no task at work and cancels whoever works', () => {
    const world = place.attempting(['a', 'b']);
    world.begin('attempt');
    world.passShown(24 * 60 * minuteMs);
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['failed', 'failed']);
    expect(world.find('attempt')?.state).toMatchObject({ kind: 'begun', cancelled: true });
    expect(world.findReceipt('run')?.state.kind).toBe('failed');
  });

  it('keeps what was merged before', () => {
    const world = place
      .planning()
      .finish('plan', planned(['a'], ['b']))
      .finish('attempt', anchored());
    world.finish('integrate', integrated(['a']));
    world.passShown(24 * 60 * minuteMs);
    expect(world.run.tasks.map(({ state }) => state.kind)).toEqual(['merged', 'failed']);
    expect(world.run.integration).toBeDefined();
    expect(renderHeadline(world.run)).toMatch(
      /One task that is merged into the branch is kept and not delivered yet\.$/,
    );
  });
});

describe('people who take their time', () => {
  it('cost a run nothing: a pull request may be open for weeks', () => {
    const world = place.ready();
    world.finish('present', { kind: 'presented', revision: world.record.presentation.wanted });
    world.passShown(30 * 24 * 60 * minuteMs);
    press(world, 'recheck').settle();
    expect(world.run.state).toMatchObject({ kind: 'reviewing', phase: 'verifying' });
    comment(world, '/pilot stop').settle();
    expect(world.run.state.kind).toBe('stopped');
  });
});
