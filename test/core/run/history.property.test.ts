// What holds in every history, and that every history comes to rest.
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { toPhase } from '../../../src/core/model/run.ts';
import { shareOf } from '../../support/share-of-runs.ts';
import { toResult, WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anyOutcome } from './any-outcome.ts';
import { anyHistory, openPast, play, type Step } from './history.ts';
import { checkDecision, checkLate, checkSaved, watchHistory } from './promise.ts';

const dayMs = 24 * 3_600_000;
const patience = { numRuns: shareOf(200) };

/** Plays a history and keeps watch over every decision and every save. */
function live(steps: readonly Step[]): WorldOfDecisions {
  const world = new WorldOfDecisions();
  const past = openPast(world);
  const watch = watchHistory();
  world.onLook = (snapshot, decision) => {
    checkDecision(snapshot, decision);
    watch(snapshot, decision);
  };
  for (const step of steps) {
    if (step.do === 'late') {
      for (const holder of past.holders.slice(-3))
        checkLate(world, toResult(holder, anyOutcome(world, holder.action, step.how)));
    } else play(world, past, step);
    if (world.inbox.length === 0) checkSaved(world);
  }
  return world;
}

/** More than any run could need; whoever needs more does not come to rest. */
const stepsAtMost = 400;

/** Goes on until nothing is outstanding and nothing is due. Presentations succeed; work ends as `finish` says. */
function comeToRest(world: WorldOfDecisions, finish: (id: string) => void): void {
  world.settle();
  for (let step = 0; step < stepsAtMost; step += 1) {
    const [open] = world.listOpen();
    if (open?.action.kind === 'present') world.finish(open.action.id, presented(world));
    else if (open) finish(open.action.id);
    else if (world.wakeAt === undefined || isLeftOpen(world)) return;
    else world.pass(world.wakeAt - world.now);
    checkSaved(world);
  }
  throw new Error(`it never comes to rest: ${JSON.stringify([world.record.run?.state, world.outbox, world.wakeAt])}`);
}

/** A pull request that rests and stays open is looked at every few hours while GitHub does not answer, and nothing else is due. */
function isLeftOpen({ record: { run }, outbox, wakeAt = 0, now }: WorldOfDecisions): boolean {
  const isResting = run !== undefined && toPhase(run.state) === 'resting' && run.pullRequest?.state === 'open';
  return isResting && outbox.length === 0 && wakeAt - now >= 6 * 3_600_000;
}

/** Whoever is waited for lets CI run by then. */
function presented({ record }: WorldOfDecisions) {
  const pull = record.run?.pullRequest;
  const ci = pull?.heldRuns ? [{ number: pull.number, head: pull.head, apps: [], runs: 0 }] : [];
  return { kind: 'presented', revision: record.presentation.wanted, ci } as const;
}

function checkRest(world: WorldOfDecisions): void {
  if (world.outbox.length > 0) throw new Error(`something is left over: ${JSON.stringify(world.outbox)}`);
  const { wanted, done } = world.record.presentation;
  if (wanted > done) throw new Error('something is not shown');
}

describe('a history', () => {
  it('in which work goes on comes to rest, with every promise kept', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = live(steps);
        for (const holder of [...world.listLiving()]) world.report(holder, anyOutcome(world, holder.action, 0));
        comeToRest(world, (id) => {
          const holder = world.begin(id);
          world.report(holder, anyOutcome(world, holder.action, 0));
        });
        checkRest(world);
      }),
      patience,
    );
  });

  it('in which everybody dies from then on comes to rest as well', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = live(steps);
        for (const holder of [...world.listLiving()]) world.kill(holder);
        comeToRest(world, (id) => world.kill(world.begin(id)));
        checkRest(world);
      }),
      patience,
    );
  });

  it('in which nobody takes anything from then on comes to rest but for what only reads', () => {
    fc.assert(
      fc.property(anyHistory, (steps) => {
        const world = live(steps);
        for (const holder of [...world.listLiving()]) world.kill(holder);
        // A review that nobody makes is missed, and what follows has a deadline of its own.
        for (let day = 0; day < 3; day += 1) world.sleepThrough(dayMs).settle();
        checkSaved(world);
        const reading = ['present', 'archive'];
        const work = world.outbox.filter(({ action, isSettling }) => !reading.includes(action.kind) && !isSettling);
        if (work.length > 0) throw new Error(`something is left over: ${JSON.stringify(work)}`);
      }),
      patience,
    );
  });
});
