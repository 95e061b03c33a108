import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findCycle, isWaitingFor, sortByDependency } from '../../../src/core/plan/dependency-graph.ts';

const KEYS = ['a', 'b', 'c', 'd', 'e'];
const anyGraph = fc
  .tuple(...KEYS.map(() => fc.uniqueArray(fc.constantFrom(...KEYS, 'gone'), { maxLength: 3 })))
  .map((lists) => new Map(KEYS.map((key, at) => [key, lists[at] ?? []])));

it('names a shortest cycle in the order of waiting', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['d']],
    ['d', ['b']],
  ]);
  expect(findCycle(graph)).toEqual(['b', 'd']);
});

it('a cycle that is found is one, and none is found only when there is none', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const cycle = findCycle(graph);
      if (cycle === undefined) expect(KEYS.some((key) => isWaitingFor(graph, key, key))).toBe(false);
      for (const [at, key] of (cycle ?? []).entries()) {
        expect(graph.get(key)).toContain(cycle?.[at + 1] ?? cycle?.[0]);
      }
      expect(new Set(cycle).size).toBe(cycle?.length ?? 0);
    }),
  );
});

it('sorting keeps every key once, and every dependency that is on no cycle', () => {
  fc.assert(
    fc.property(anyGraph, (graph) => {
      const sorted = sortByDependency(graph);
      expect([...sorted].sort()).toEqual(KEYS);
      for (const [key, dependencies] of graph) {
        for (const needed of dependencies.filter((each) => KEYS.includes(each) && !isWaitingFor(graph, each, key))) {
          expect(sorted.indexOf(needed)).toBeLessThan(sorted.indexOf(key));
        }
      }
    }),
  );
});
