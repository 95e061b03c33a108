// Commands that change little and answer at once.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderStatus } from '../../../src/core/reply/render-status.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  comment,
  found,
  label,
  mallory,
  merged,
  mona,
  press,
  published,
  pull,
  pushBase,
  reviewed,
  sha,
  stopped,
  verified,
} from './outcome.ts';
import {
  attempting,
  capped,
  failedEarly,
  judging,
  landed,
  merging,
  pausedByDay,
  pausedByOutage,
  ready,
  verifyingAgain,
  waitingToMerge,
} from './place.ts';

function ask(world: WorldOfDecisions, body: string): string {
  comment(world, body).settle();
  const receipt = world.record.receipts.at(-1);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

describe('recheck', () => {
  it('verifies once more what the button would', () => {
    const world = ready();
    expect(ask(world, '/pilot recheck')).toBe('done: ');
    expect(world.find('verify')?.action).toMatchObject({ head: sha('1'), isFresh: true });
  });

  it('says what there is not', () => {
    expect(ask(attempting(), '/pilot recheck')).toContain('refused: No run made this pull request');
    expect(ask(landed(), '/pilot recheck')).toContain('refused: Pull request #9 is merged');
  });
});

describe('unmerge', () => {
  it('takes back a merge that waits for its turn, and whoever asked for it is told', () => {
    const world = waitingToMerge();
    expect(ask(world, '/pilot unmerge')).toContain('done: Pull request #9 is not merged before somebody asks');
    expect(world.run.state.kind).toBe('ready');
    expect(world.run.mergeRefusal).toMatchObject({ why: '@\u200bmona took it back.' });
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    world.pass(60_000);
    expect(world.record.lane).toBeUndefined();
  });

  it('disarms one that waits for its verdict', () => {
    const world = press(ready(), 'recheck').settle();
    ask(world, '/pilot merge');
    expect(ask(world, '/pilot unmerge')).toContain('done:');
    world.finish('verify', verified()).show();
    expect([world.run.state.kind, world.listWork()]).toEqual(['ready', []]);
  });

  it('takes back nothing that may be landing, and nothing that nobody wants', () => {
    const world = merging();
    expect(ask(world, '/pilot unmerge')).toBe('refused: Pull request #9 may be merged at this very moment.');
    world.finish('merge', merged());
    expect(world.run.state.kind).toBe('merged');
    expect(ask(ready(), '/pilot unmerge')).toBe('refused: Nobody asked to merge #9.');
    expect(ask(world, '/pilot unmerge')).toBe('refused: Pull request #9 is merged.');
    const lost = merging().finish('merge', { kind: 'unanswered', why: '502' });
    expect(ask(lost, '/pilot unmerge')).toContain('refused:');
  });

  it('keeps a run that would merge by itself open until somebody wants it merged', () => {
    const world = judging('gate: { auto_merge: true }\n').finish('review', reviewed());
    const publish = world.begin('publish_branch');
    world.report(publish, published());
    expect(ask(world, '/pilot unmerge')).toContain('done:');
    world.show();
    pushBase(world, sha('d')).settle();
    world.finish('verify', { ...verified(), base: sha('d') } as ReturnType<typeof verified>).show();
    expect([world.run.state.kind, world.listWork()]).toEqual(['ready', []]);
    ask(world, '/pilot merge');
    expect(world.show().find('merge')).toBeDefined();
  });
});

describe('review', () => {
  const offered = () => judging().finish('review', reviewed()).finish('publish_branch', published());

  it('has what is offered reviewed once more, and the gate waits for that', () => {
    const world = offered();
    expect(ask(world, '/pilot review')).toBe('done: What would be merged is reviewed once more.');
    expect(world.find('review')?.action).toMatchObject({ plan: { depth: 'selective' } });
    expect(evaluateGate(world.run).state.kind).toBe('waiting');
    world.finish('review', reviewed(found()));
    expect(evaluateGate(world.run).state.kind).toBe('closed');
  });

  it('in full has every reviewer look at it', () => {
    const world = offered();
    ask(world, '/pilot review full');
    expect(world.find('review')?.action).toMatchObject({
      plan: { depth: 'full', why: 'somebody asked for it', reviewers: world.run.policy.review?.reviewers },
    });
    world.finish('review', reviewed());
    expect(evaluateGate(world.run).state.kind).toBe('open');
    // For that change, and not for what follows.
    ask(world, '/pilot review');
    expect(world.find('review')?.action).toMatchObject({ plan: { depth: 'selective' } });
  });

  it('is not begun where nothing is left to pay it with: what was found before stays', () => {
    const world = offered();
    world.run.spend = { ...world.run.spend, microUsd: world.run.policy.runMicroUsd };
    expect(ask(world, '/pilot review')).toContain('refused: What run r1 may cost leaves nothing for a review');
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('says why not', () => {
    expect(ask(ready(), '/pilot review')).toContain('refused: The settings want no review');
    expect(ask(offered(), '/pilot review the parser')).toContain('refused: A focus is for what no run made');
    expect(ask(attempting(), '/pilot review')).toContain('refused:');
  });

  it('looks at what no run made by a run that only reads', () => {
    const world = failedEarly();
    expect(ask(world, '/pilot review the parser')).toContain('started:');
    expect(world.run).toMatchObject({ id: 'r2', request: 'the parser', workflow: 'review' });
  });
});

describe('budget', () => {
  it('sets what the run may cost: up to what the settings give by whoever may write, and beyond by maintainers', () => {
    const world = ready();
    expect(ask(world, '/pilot budget 25')).toBe(
      'refused: `budget` needs maintain permission on this repository; you have write.',
    );
    world.permissions = { ...world.permissions, mona: 'maintain' };
    expect(ask(world, '/pilot budget 25')).toContain('done: `budget.run_usd` of run r1 is now $25.00;');
    expect(world.run.policy.runMicroUsd + (world.run.raised?.microUsd ?? 0)).toBe(25_000_000);
    expect(ask(world, '/pilot budget $1.50')).toContain('is now $1.50;');
    expect(world.run.policy.runMicroUsd + (world.run.raised?.microUsd ?? 0)).toBe(1_500_000);
  });

  it('is never less than what is spent or reserved', () => {
    const world = attempting();
    const { reserved = {}, spend } = world.run;
    const least = Object.values(reserved).reduce((sum, { microUsd }) => sum + microUsd, spend.microUsd);
    expect(least).toBeGreaterThan(10_000);
    expect(ask(world, '/pilot budget 0.01')).toContain('refused: Run r1 has spent or reserved $');
    expect(world.run.raised).toBeUndefined();
  });

  it('lets a run that had reached it go on within it, by the command that it names', () => {
    const world = capped();
    world.permissions = { ...world.permissions, mona: 'maintain' };
    expect(ask(world, '/pilot budget 100')).toContain('`/pilot continue` goes on');
    expect(ask(world, '/pilot continue')).toContain('started:');
    expect(world.run.policy.runMicroUsd + (world.run.raised?.microUsd ?? 0)).toBe(100_000_000);
  });

  it('is of no use to what is over', () => {
    expect(ask(landed(), '/pilot budget 5')).toContain('refused: Run r1 is over for good');
  });
});

describe('ignore', () => {
  const asked = '@\u200bmona asked to leave this alone: nothing starts here until `/pilot unignore`.';

  it('stops what works, and nothing starts until it is taken back, by a command, a label, a button or a schedule', () => {
    const world = attempting();
    expect(ask(world, '/pilot ignore')).toBe(
      'done: What was at work is stopped, and nothing starts here until `/pilot unignore`.',
    );
    for (const holder of [...world.listLiving()]) world.kill(holder);
    world.pass(60_000);
    expect(world.run.state.kind).toBe('stopped');
    for (const body of ['/pilot run', '/pilot plan', '/pilot resume', '/pilot retry failed', '/pilot review'])
      expect(ask(world, body)).toBe(`refused: ${asked}`);
    label(world).settle();
    press(world, 'recheck').settle();
    expect(world.record.receipts.slice(-2).map(({ state, reply }) => [state.kind, reply])).toEqual([
      ['refused', asked],
      ['refused', asked],
    ]);
    expect(world.run.id).toBe('r1');
    expect(ask(world, '/pilot unignore')).toContain('done:');
    expect(ask(world, '/pilot resume')).toContain('started:');
  });

  it('still answers what only asks, and says so', () => {
    const world = ready();
    ask(world, '/pilot ignore');
    expect(ask(world, '/pilot status')).toContain('Nothing starts here, as @\u200bmona asked for.');
    expect(renderStatus(world.record, [])).toContain('Nothing starts here');
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('has what people push verified, and nobody paid for looking at it', () => {
    const world = judging().finish('review', reviewed()).finish('publish_branch', published());
    ask(world, '/pilot ignore');
    pull(world, 'synchronize', { headSha: sha('2') }).settle();
    world.finish('verify', verified(sha('2')));
    expect([world.run.state.kind, world.listWork()]).toEqual(['ready', []]);
    expect(evaluateGate(world.run).state.kind).not.toBe('open');
  });

  it('is taken back only where it was asked for', () => {
    expect(ask(ready(), '/pilot unignore')).toBe('refused: Nobody asked to leave this alone.');
  });
});

describe('the label pilot:hold', () => {
  const on = (world: WorldOfDecisions) => label(world, 'Pilot:Hold').settle();
  const off = (world: WorldOfDecisions) => label(world, 'pilot:hold', mona, { isTakenOff: true }).settle();

  it('lets what works end, and nothing new starts until it is taken off', () => {
    const world = on(attempting());
    const held = '`pilot:hold` is on';
    expect(ask(world, '/pilot retry failed')).toContain(held);
    for (const { action } of world.listOpen()) if (action.kind === 'attempt') world.finish(action.id, stopped);
    expect(world.run.state).toMatchObject({ kind: 'paused', by: 'mona' });
    expect(renderHeadline(world.run)).toContain('**Held** by the label `pilot:hold`');
    expect(ask(world, '/pilot resume')).toContain(held);
    expect(ask(world, '/pilot finish')).toContain(held);
    off(world);
    expect(world.run.state.kind).toBe('executing');
    expect(world.listWork()).not.toEqual([]);
  });

  it('shuts the gate and takes a merge back that is not made yet', () => {
    const world = on(waitingToMerge());
    expect(world.findReceipt('merge')?.state.kind).toBe('refused');
    expect(evaluateGate(world.run)).toMatchObject({
      state: { kind: 'closed', conclusion: 'action_required' },
      because: 'The label `pilot:hold` is on: nothing is merged until somebody takes it off.',
    });
    expect(ask(world, '/pilot merge')).toContain('refused:');
    off(world);
    expect(evaluateGate(world.run).state.kind).toBe('open');
    expect(ask(world, '/pilot merge')).toContain('started:');
  });

  it('keeps a pause that somebody asked for, before it or while it is on', () => {
    const before = attempting();
    comment(before, '/pilot pause').settle();
    off(on(before));
    const meanwhile = on(attempting());
    comment(meanwhile, '/pilot pause').settle();
    off(meanwhile);
    for (const world of [before, meanwhile]) {
      for (const { action } of world.listOpen()) if (action.kind === 'attempt') world.finish(action.id, stopped);
      expect(world.run.state).toMatchObject({ kind: 'paused', by: 'mona' });
    }
  });

  it('holds what an outage or a day held already, for as long as it is on', () => {
    for (const make of [pausedByOutage, pausedByDay]) {
      const world = on(make());
      world.pass(48 * 3_600_000);
      expect([world.run.state.kind, world.listWork()]).toEqual(['paused', []]);
      off(world);
      world.pass(60_000);
      expect(world.run.state.kind).not.toBe('paused');
    }
  });

  it('lets no merge be made that no call was made for, nor another one after a call that failed', () => {
    const shown = verifyingAgain().finish('verify', { ...verified(), base: sha('c') } as ReturnType<typeof verified>);
    on(shown).show();
    expect([shown.run.state.kind, shown.find('merge')]).toEqual(['ready', undefined]);
    const called = on(merging());
    called.finish('merge', { kind: 'postponed', why: '429' });
    called.pass(600_000);
    expect([called.run.state.kind, called.find('merge')]).toEqual(['ready', undefined]);
    const landing = on(merging()).finish('merge', merged());
    expect(landing.run.state.kind).toBe('merged');
  });

  it('counts by what is there: on two threads until it is off both, whoever tells of it in whatever order', () => {
    const two = label(label(ready(), 'pilot:hold').settle(), 'pilot:hold', mona, { thread: 9 }).settle();
    label(two, 'pilot:hold', mona, { thread: 9, isTakenOff: true }).settle();
    expect(evaluateGate(two.run).state.kind).toBe('closed');
    off(two);
    expect(evaluateGate(two.run).state.kind).toBe('open');
    const reversed = ready();
    reversed.labels = { 1: ['bug'] };
    on(off(reversed));
    expect(evaluateGate(reversed.run).state.kind).toBe('open');
    const there = ready();
    there.labels = { 1: ['Pilot:Hold'] };
    off(on(there));
    expect(evaluateGate(there.run).state.kind).toBe('closed');
  });

  it('holds nothing any more when it is off, whoever took it off', () => {
    const world = on(ready());
    label(world, 'pilot:hold', mallory, { isTakenOff: true }).settle();
    expect(evaluateGate(world.run).state.kind).toBe('open');
  });

  it('lets a run that merges by itself do so when it is off', () => {
    const world = judging('gate: { auto_merge: true }\n').finish('review', reviewed());
    world.finish('publish_branch', published());
    on(world).show();
    expect([world.run.state.kind, world.find('merge')]).toEqual(['ready', undefined]);
    off(world).show();
    expect(world.find('merge')).toBeDefined();
  });

  it('is heard from people who may write, and stays where it is', () => {
    const world = label(ready(), 'pilot:hold', mallory).settle();
    expect(evaluateGate(world.run).state.kind).toBe('open');
    on(world);
    expect(renderView(world.record).labels.flatMap(({ without }) => without)).not.toContain('Pilot:Hold');
  });
});

describe('other labels', () => {
  it('pilot:never is ignore for as long as it is on', () => {
    const world = label(ready(), 'pilot:never').settle();
    expect(ask(world, '/pilot recheck')).toContain('`pilot:never` is on');
    expect(ask(world, '/pilot unignore')).toContain('refused: The label `pilot:never` is on');
    label(world, 'pilot:never', mona, { isTakenOff: true }).settle();
    expect(ask(world, '/pilot recheck')).toBe('done: ');
  });

  it('pilot:review is a review, once, and is taken off', () => {
    const world = judging().finish('review', reviewed()).finish('publish_branch', published());
    label(world, 'pilot:review').settle();
    expect(world.find('review')).toBeDefined();
    expect(renderView(world.record).labels.flatMap(({ without }) => without)).toContain('pilot:review');
  });
});
