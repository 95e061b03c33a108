import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Fault, Step } from '../../src/demo/chaos/plan/chaos-plan.ts';
import { planChaos } from '../../src/demo/chaos/plan/plan-chaos.ts';

const options = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  runs: fc.integer({ min: 1, max: 60 }),
  kills: fc.integer({ min: 1, max: 40 }),
});

function listFaults(steps: readonly Step[]): Fault[] {
  return steps.flatMap((step) => (step.kind === 'fault' ? [step.fault] : []));
}

it('is the same for the same seed, and another for another', () => {
  const plan = planChaos({ seed: 7, runs: 30, kills: 20 });
  expect(planChaos({ seed: 7, runs: 30, kills: 20 })).toEqual(plan);
  expect(planChaos({ seed: 8, runs: 30, kills: 20 })).not.toEqual(plan);
});

it('holds every run and every kill that was asked for, in repositories that there are', () => {
  fc.assert(
    fc.property(options, ({ seed, runs, kills }) => {
      const { steps, repositories } = planChaos({ seed, runs, kills });
      const stories = steps.flatMap((step) => (step.kind === 'story' ? [step.story] : []));
      expect(stories.filter(({ kind }) => kind === 'run')).toHaveLength(runs);
      expect(listFaults(steps).filter(({ kind }) => kind === 'kill')).toHaveLength(kills);
      expect(stories.filter(({ repository }) => repository >= repositories)).toEqual([]);
      expect(new Set(stories.map(({ item }) => item)).size).toBe(stories.length);
      expect(steps[0]?.kind).toBe('story');
    }),
    { numRuns: 100 },
  );
});

it('kills everything that can die, and breaks deliveries and answers as well', () => {
  fc.assert(
    fc.property(options, ({ seed }) => {
      const faults = listFaults(planChaos({ seed, runs: 5, kills: 4, isShort: true }).steps);
      const killed = faults.flatMap((fault) => (fault.kind === 'kill' ? [fault.target.kind] : []));
      expect([...new Set(killed)].sort()).toEqual(['redis', 'web', 'worker']);
      expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(['kill', 'delivery', 'answer', 'outage']));
    }),
    { numRuns: 50 },
  );
});
