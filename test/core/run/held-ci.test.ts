// CI of others that waits for somebody is told of, and opens and shuts nothing here.
import { expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { endSuite, sha } from './outcome.ts';
import { ready } from './place.ts';

/** The publisher showed what was wanted, and read which checks wait. */
function show(world: WorldOfDecisions, heldCi: string[] | undefined): WorldOfDecisions {
  world.put({ kind: 'restarted', at: world.next() }).pass(60_000).settle();
  const head = { number: 9, head: sha('1'), sharers: [], asked: [], ...(heldCi ? { heldCi } : {}) };
  const revision = world.record.presentation.wanted;
  return world.finish('present', { kind: 'presented', revision, heads: [head], lookedAt: world.now });
}

const isShownAnew = (world: WorldOfDecisions) => world.listOpen().some(({ action }) => action.kind === 'present');

it('is read anew when it is held back and when it ended, and not for what is known', () => {
  const world = show(ready(), []).pass(60_000).settle();
  expect(isShownAnew(world)).toBe(false);
  expect(isShownAnew(endSuite(world, false).settle())).toBe(false);
  expect(isShownAnew(endSuite(world, true, sha('e')).settle())).toBe(false);
  expect(isShownAnew(endSuite(world, true).settle())).toBe(true);
  show(world, ['CI & more']).pass(60_000).settle();
  expect(isShownAnew(endSuite(world, true).settle())).toBe(false);
  expect(isShownAnew(endSuite(world, false).settle())).toBe(true);
});

it('stands beside a gate that is open all the same, in words that cannot do anything', () => {
  const world = show(ready(), ['Actions `@all`']);
  expect(evaluateGate(world.run).state.kind).toBe('open');
  const headline = renderHeadline(world.run);
  expect(headline).toContain('**CI waits for approval:** Actions ');
  expect(headline).not.toContain(' @all');
  expect(renderHeadline(show(world, undefined).run)).toContain('CI waits');
  expect(renderHeadline(show(world, []).run)).not.toContain('CI waits');
});
