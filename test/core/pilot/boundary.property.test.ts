// The promises of the boundary against decisions of every kind. The checks are written anew here and share nothing with
// the code that they check.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDecision } from '../../../src/core/pilot/apply-decision.ts';
import type { Boundary } from '../../../src/core/pilot/boundary.ts';
import type { BoundaryPatch } from '../../../src/core/pilot/boundary-patch.ts';
import { renderRejection } from '../../../src/core/pilot/decision-rejection.ts';
import { computeKeySets } from '../../../src/core/pilot/key-sets.ts';
import { PilotDecision } from '../../../src/core/pilot/pilot-decision.ts';
import { isPilotNeeded } from '../../../src/core/pilot/pilot-needed.ts';
import { replanDeterministically } from '../../../src/core/pilot/replan-deterministically.ts';
import { anyBoundary, hostileDecision, openKeys, plausibleDecision } from './boundary-support.ts';

const anyDecision = anyBoundary.chain((at) =>
  fc.tuple(
    fc.constant(at),
    fc.oneof({ weight: 3, arbitrary: plausibleDecision(at) }, { weight: 1, arbitrary: hostileDecision }),
  ),
);

function mentioned(patch: BoundaryPatch): string[] {
  return [patch.attempts, patch.skips, patch.blocked, patch.spent, patch.failed].flatMap((list) =>
    list.map(({ key }) => key),
  );
}

function pathsOf(at: Boundary, key: string): readonly string[] {
  return at.tasks.find((each) => each.key === key)?.ownedPaths ?? [];
}

/** True for the paths that anyBoundary uses: those of one folder overlap when they are equal or one is a pattern. */
function isSharing(left: readonly string[], right: readonly string[]): boolean {
  const folder = (path: string) => path.split('/')[0];
  return left.some((a) => right.some((b) => a === b || (folder(a) === folder(b) && `${a}${b}`.includes('*'))));
}

function expectSound(at: Boundary, patch: BoundaryPatch) {
  const tasks = new Map(at.tasks.map((each) => [each.key, each]));
  const placed = patch.batches.flat();
  const open = openKeys(at);
  // Every open task is accounted for exactly once, and no passed or ended one is touched.
  expect(mentioned(patch).sort()).toEqual([...open].sort());
  expect([...placed].sort()).toEqual(patch.attempts.map(({ key }) => key).sort());
  for (const [index, batch] of patch.batches.entries()) {
    const done = new Set([...patch.batches.slice(0, index).flat()]);
    for (const key of batch) {
      const each = tasks.get(key);
      expect(each?.attemptsUsed).toBeLessThan(at.maxAttempts);
      for (const needed of each?.dependsOn ?? []) {
        expect(done.has(needed) || tasks.get(needed)?.state === 'passed').toBe(true);
      }
    }
    for (const [position, left] of batch.entries()) {
      for (const right of batch.slice(position + 1))
        expect(isSharing(pathsOf(at, left), pathsOf(at, right))).toBe(false);
    }
    expect(at.apart.filter(([a, b]) => a !== b && batch.includes(a) && batch.includes(b))).toEqual([]);
  }
  // A task that failed never turns into something milder.
  for (const { key } of [...patch.skips, ...patch.blocked, ...patch.spent])
    expect(tasks.get(key)?.state).not.toBe('failed');
}

function expectBounded(at: Boundary, patch: BoundaryPatch) {
  if (patch.skips.length === 0) return;
  const share = Number.isNaN(at.maxSkipRatio) ? 0 : at.maxSkipRatio * at.plannedTotal;
  expect(patch.skips.length + at.skippedSoFar).toBeLessThanOrEqual(Math.max(1, share));
  expect(patch.givenUp).toEqual(expect.arrayContaining(patch.skips.map(({ key }) => key)));
}

describe('for every boundary and every decision', () => {
  it('a decision is applied soundly and as a whole, or rejected with reasons', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyDecision, ([at, made]) => {
        const before = structuredClone({ at, made });
        const result = applyDecision(at, made);
        expect({ at, made }).toEqual(before);
        expect(applyDecision(before.at, before.made)).toEqual(result);
        if (result.kind === 'rejected') {
          expect(result.rejections.length).toBeGreaterThan(0);
          for (const rejection of result.rejections) expect(renderRejection(rejection)).toMatch(/^[^\n]+\.$/);
          return;
        }
        accepted += 1;
        expectSound(at, result.patch);
        expectBounded(at, result.patch);
      }),
      { numRuns: 3_000 },
    );
    // The property says nothing unless a fair share of the decisions is accepted.
    expect(accepted).toBeGreaterThan(300);
  });

  it('guidance is what the decision wrote for that task and for no other', () => {
    fc.assert(
      fc.property(anyDecision, ([at, made]) => {
        const result = applyDecision(at, made);
        if (result.kind === 'rejected') return;
        for (const { key, guidance } of result.patch.attempts) {
          expect(made.strategies.find(({ task }) => task === key)?.guidance).toBe(guidance);
        }
        for (const { key, facts } of result.patch.facts) {
          expect(made.routedContext.filter(({ to }) => to === key).map(({ fact }) => fact)).toEqual(
            facts.map(({ fact }) => fact),
          );
        }
      }),
    );
  });

  it('whatever parses as a decision is applied or rejected', () => {
    fc.assert(
      fc.property(anyBoundary, fc.anything(), (at, reply) => {
        const parsed = PilotDecision.safeParse(reply);
        if (parsed.success) applyDecision(at, parsed.data);
      }),
    );
  });
});

describe('for every boundary', () => {
  it('the deterministic arm is sound, skips nothing and advises nothing', () => {
    fc.assert(
      fc.property(anyBoundary, (at) => {
        const patch = replanDeterministically(at);
        expectSound(at, patch);
        expect(patch.skips).toEqual([]);
        expect(patch.attempts.filter(({ guidance }) => guidance !== undefined)).toEqual([]);
        expect(replanDeterministically(structuredClone(at))).toEqual(patch);
      }),
      { numRuns: 1_000 },
    );
  });

  it('the key sets are disjoint, and the pilot is called only when something in them can run', () => {
    fc.assert(
      fc.property(anyBoundary, (at) => {
        const { failed, rolledBack, remaining } = computeKeySets(at);
        const all = [...failed, ...rolledBack, ...remaining];
        expect(new Set(all).size).toBe(all.length);
        const canRun = at.tasks.some(({ key, attemptsUsed }) => all.includes(key) && attemptsUsed < at.maxAttempts);
        if (isPilotNeeded(at).kind === 'call') expect(canRun).toBe(true);
        if (replanDeterministically(at).batches.length > 0) {
          expect(isPilotNeeded({ ...at, batch: at.tasks.map(({ key }) => key) }).kind).toBe('call');
        }
      }),
    );
  });

  it('nothing breaks when dependencies have cycles or lead nowhere', () => {
    fc.assert(
      fc.property(anyBoundary, fc.array(fc.nat(6)), (at, needs) => {
        const broken = {
          ...at,
          tasks: at.tasks.map((each, index) => ({
            ...each,
            dependsOn: [`task-${needs[index] ?? 99}`, ...each.dependsOn],
          })),
        };
        expectSound(broken, replanDeterministically(broken));
        isPilotNeeded(broken);
      }),
    );
  });
});
