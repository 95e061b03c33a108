// A verdict that was carried over says so, and from what.
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { base, press, pushBase, sha, treeOf, verified } from './outcome.ts';
import { ready, verifyingPush } from './place.ts';

const carried = { isCarried: true } as const;

function tell(world: WorldOfDecisions): string {
  const check = renderView(world.record).checks.find(({ isOnlyForKnown }) => !isOnlyForKnown);
  return check?.summary.split('\n').find((line) => line.startsWith('| carried over')) ?? '';
}

/** The base moved, and what a merge would give is what was verified. */
function moved(how: object): WorldOfDecisions {
  const world = ready();
  world.baseHead = sha('c');
  const report = world.run.verification?.report;
  pushBase(world, sha('c')).settle();
  return world.finish('verify', { ...verified(), base: sha('c'), ...(report ? { report } : {}), ...how } as never);
}

describe('a verdict', () => {
  it('of commands that ran says nothing of the kind', () => {
    expect(tell(ready())).toBe('');
    expect(tell(moved({}))).toBe('');
  });

  it('that was carried over names the key that it was given for', () => {
    const world = moved(carried);
    expect(world.run.verification?.key).toMatchObject({ head: sha('1'), base: sha('c') });
    expect(tell(world)).toBe(
      `| carried over | nothing ran anew: this tree was verified with the same commands before, as \`${sha('1')}\` on \`${base}\` |`,
    );
  });

  it('that is carried on names where it came from first', () => {
    const world = moved(carried);
    world.baseHead = sha('d');
    pushBase(world, sha('d')).settle();
    world.finish('verify', { ...verified(), base: sha('d'), ...carried } as never);
    expect(tell(world)).toContain(`as \`${sha('1')}\` on \`${base}\``);
  });

  it('that comes from the tasks of the run, or from another head, says so', () => {
    const world = verifyingPush();
    const head = world.run.pullRequest?.head ?? '';
    world.finish('verify', { ...verified(head), ...carried } as never);
    expect(world.run.verification?.report.tree).toBe(treeOf(head));
    expect(tell(world)).toContain('before in this run, as its tasks were merged or at another head');
  });

  it('that was given anew is not carried over any more', () => {
    const world = moved(carried);
    press(world, 'recheck').settle();
    world.finish('verify', { ...verified(), base: sha('c') } as never);
    expect(tell(world)).toBe('');
  });
});
