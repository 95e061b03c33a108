// CI that waits for somebody: workflow runs shut the gate until that is over, and what other Apps wait for is told of.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, endSuite, published, pull, reviewed, sha } from './outcome.ts';
import { judging, ready } from './place.ts';

const minute = 60_000;

/** The publisher showed what was wanted, and read which checks wait. */
function show(world: WorldOfDecisions, apps: string[] | undefined, runs = 0): WorldOfDecisions {
  world.put({ kind: 'restarted', at: world.next() }).pass(minute).settle();
  return tell(world, apps, runs);
}

function tell(world: WorldOfDecisions, apps: string[] | undefined, runs = 0): WorldOfDecisions {
  const revision = world.record.presentation.wanted;
  const ci = apps ? [{ number: 9, head: sha('1'), apps, runs }] : [];
  return world.finish('present', { kind: 'presented', revision, ci, lookedAt: world.now });
}

const held = (world = ready()) => show(world, ['GitHub Actions'], 2);
const isShownAnew = (world: WorldOfDecisions) => world.listOpen().some(({ action }) => action.kind === 'present');
const gate = (world: WorldOfDecisions) => {
  const { state, because } = evaluateGate(world.run);
  return `${state.kind === 'closed' ? state.conclusion : state.kind}: ${because}`;
};

it('is read anew when it is held back and when it ended, and not for what is known', () => {
  const world = show(ready(), []).pass(minute).settle();
  expect(isShownAnew(world)).toBe(false);
  expect(isShownAnew(endSuite(world, false).settle())).toBe(false);
  expect(isShownAnew(endSuite(world, true, { headSha: sha('e') }).settle())).toBe(false);
  expect(isShownAnew(endSuite(world, true).settle())).toBe(true);
  show(world, ['CI & more']).pass(minute).settle();
  expect(isShownAnew(endSuite(world, true).settle())).toBe(false);
  // That another App waits says nothing of the repository's own workflows.
  expect(isShownAnew(endSuite(world, true, { isWorkflow: true }).settle())).toBe(true);
  show(world, ['CI & more']).pass(minute).settle();
  expect(isShownAnew(endSuite(world, false).settle())).toBe(true);
});

it('of another App stands beside a gate that is open all the same, in words that cannot do anything', () => {
  const world = show(ready(), ['Actions `@all`']);
  expect(evaluateGate(world.run).state.kind).toBe('open');
  const headline = renderHeadline(world.run);
  expect(headline).toContain('**CI waits for approval:** Actions ');
  expect(headline).not.toContain(' @all');
  expect(renderHeadline(show(world, undefined).run)).toContain('CI waits');
  expect(renderHeadline(show(world, []).run)).not.toContain('CI waits');
});

describe('workflow runs of the head that wait for an approval', () => {
  it('shut the gate with what to do, and it opens by itself once none waits any more', () => {
    const world = held();
    expect(gate(world)).toMatch(/^action_required: GitHub holds 2 workflow runs of this head back until somebody/);
    expect(renderHeadline(world.run)).toContain('Not mergeable yet');
    // What could not be read opens nothing.
    expect(gate(show(world, undefined))).toContain('action_required');
    expect(gate(show(world, []))).toMatch(/^open/);
    expect(world.run.pullRequest).not.toHaveProperty('heldRuns');
  });

  it('are looked at again by themselves, within a minute at first and within an hour at last, and never in a loop', () => {
    const world = held();
    const looks: number[] = [];
    const from = world.now;
    for (let passed = 0; passed < 6 * 60; passed += 1) {
      world.pass(minute).settle();
      if (!isShownAnew(world)) continue;
      looks.push(Math.round((world.now - from) / minute));
      tell(world, ['GitHub Actions'], 2).settle();
      expect(isShownAnew(world)).toBe(false);
    }
    expect(looks[0]).toBeLessThanOrEqual(2);
    expect(looks.length).toBeLessThan(16);
    expect(Math.max(...looks.map((at, index) => at - (looks[index - 1] ?? 0)))).toBeLessThanOrEqual(62);
    expect(gate(tell(endSuite(world, false, { isWorkflow: true }).settle(), []))).toMatch(/^open/);
  });

  it('let nobody merge by command, nor by the settings before they ran, and then at once', () => {
    const world = held();
    comment(world, '/pilot merge').settle();
    expect(world.run.state.kind).toBe('ready');
    expect(world.record.receipts.at(-1)?.reply).toContain('GitHub holds 2 workflow runs');

    const own = judging('gate: { auto_merge: true }\n')
      .finish('review', reviewed())
      .finish('publish_branch', published());
    expect(own.run.state.kind).toBe('merging');
    held(own).settle();
    expect(own.run.state.kind).toBe('ready');
    expect(own.listOpen().map(({ action }) => action.kind)).not.toContain('merge');
    show(own, []).settle();
    expect(own.run.state.kind).toBe('merging');
  });

  it('found in the last moment before a merge shut the gate as well', () => {
    const world = show(ready(), []);
    comment(world, '/pilot merge').settle();
    world.finish('merge', { kind: 'ci_held', runs: 1 });
    expect(world.run.state.kind).toBe('ready');
    expect(gate(world)).toContain('action_required: GitHub holds 1 workflow run of this head back');
    expect(world.record.receipts.at(-1)).toMatchObject({ state: { kind: 'refused' } });
  });

  it('say nothing any more of another head, nor of what is merged', () => {
    const other = pull(held(), 'synchronize', { headSha: sha('2') }).settle();
    expect(other.run.pullRequest).not.toHaveProperty('heldRuns');
    const merged = pull(held(), 'closed', { merged: true }).settle();
    expect(evaluateGate(merged.run).parts.map(({ gate }) => gate)).not.toContain('ci approval');
  });
});
