// What holds in every traffic of runs before one branch, with messages that come late, twice and in any order; what is
// checked whenever the lane decides and whenever a merge lands stands in traffic.ts.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toPhase } from '../../../src/core/model/run.ts';
import { anyTraffic, Traffic } from './traffic.ts';

it('one merge at a time, in the order of arrival, each on the base that it was verified on, and all come to rest', () => {
  fc.assert(
    fc.property(anyTraffic, (steps) => {
      const traffic = new Traffic();
      for (const step of steps) traffic.play(step);
      traffic.comeToRest();
      expect(traffic.lane.record.waiting).toEqual([]);
      for (const { run, record } of traffic.runs) {
        expect(toPhase(run.state)).not.toBe('working');
        if (run.state.kind === 'merged') expect(run.state.isProven).toBe(true);
        expect(record.receipts.map(({ state }) => state.kind)).not.toContain('started');
      }
      const grants = traffic.calls.map(({ epoch }) => epoch);
      expect(grants).toEqual([...new Set(grants)]);
    }),
    { numRuns: 200 },
  );
}, 120_000);
