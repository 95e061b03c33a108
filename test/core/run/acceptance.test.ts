// A batch lands when its acceptance items hold, and not before. What is not accepted costs nobody else their work.
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/core/model/cause.ts';
import type { PilotOutcome } from '../../../src/core/model/result.ts';
import { renderAttemptPrompt } from '../../../src/core/prompt/render-attempt-prompt.ts';
import { toPilotContext } from '../../../src/core/run/to-pilot-context.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  integrated,
  judged,
  met,
  nothing,
  outage,
  planned,
  plannedTask,
  published,
  report,
  sha,
  some,
  treeOf,
  verified,
  withItems,
} from './outcome.ts';
import { accepting, planning } from './place.ts';

const a = withItems(plannedTask('a'));
const b = withItems(plannedTask('b'));
const [must, should] = a.acceptance.map(met);
if (!must || !should) throw new Error('a task of these tests has two items');
const unmet = { ...must, status: 'failed', evidence: 'Umlauts become question marks.' } as const;

/** The pilot has `a` tried again. */
function retried(): PilotOutcome {
  const decision = {
    failureAnalysis: [{ task: 'a', cause: 'code', why: 'It is so.' }],
    strategies: [{ task: 'a', action: 'retry', reason: 'Once more.' }],
    routedContext: [],
    skip: [],
    learnings: [],
    batches: [['a']],
    verdict: 'continue',
    verdictReason: 'Once more.',
  };
  return { kind: 'decided', decision, exchange: 'exchange', seconds: 1, spend: some };
}

function states(world: WorldOfDecisions) {
  return world.run.tasks.map(({ key, state }) => `${key} ${state.kind}`);
}

describe('a batch that is merged and verified', () => {
  it('is not in the branch until it is accepted', () => {
    const world = accepting();
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'accepting' });
    expect(world.run.integration).toBeUndefined();
    expect(states(world)).toEqual(['a anchored']);
    expect(world.find('acceptance')?.action).toMatchObject({ commit: sha('1'), onto: sha('b') });
    world.finish('acceptance', judged([a]));
    expect(world.run.integration?.commit).toBe(sha('1'));
    expect(states(world)).toEqual(['a merged']);
    expect(world.run.candidate).toBeUndefined();
  });

  it('is reviewed for money that is reserved before, settled after and booked under its own name', () => {
    const world = accepting();
    const id = world.find('acceptance')?.action.id ?? '';
    const before = world.run.spend.microUsd;
    expect(world.run.reserved?.[id]?.microUsd).toBeGreaterThan(0);
    world.finish('acceptance', judged([a]));
    expect(world.run.reserved).toBeUndefined();
    expect(world.run.spend.microUsd).toBe(before + some.microUsd);
    expect(world.run.acceptances).toMatchObject([{ batch: 0, tasks: ['a'], failed: [], spend: some }]);
  });

  it('loses only the task that is not accepted: the others are merged anew without it, and no agent runs for that', () => {
    const world = accepting(['a', 'b']);
    world.finish('acceptance', judged([a, b], { a: [unmet, should] }));
    expect(world.run.state).toMatchObject({ phase: 'integrating' });
    expect(states(world)).toEqual(['a failed', 'b anchored']);
    expect(world.run.integration).toBeUndefined();
    expect(world.find('integrate')?.action).toMatchObject({ onto: sha('b'), contributions: [{ task: 'b' }] });
    const again = integrated(['b'], { commit: sha('4'), tree: 'tree-4', verify: report('tree-4') });
    world.finish('integrate', again).finish('acceptance', judged([b]));
    expect(states(world)).toEqual(['a failed', 'b merged']);
    expect(world.run.integration?.commit).toBe(sha('4'));
    expect(world.run.tasks.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  });

  it('is accepted without what would only be nice, and that is noted', () => {
    const world = accepting();
    const missing = { ...should, status: 'missing', evidence: 'Nobody spoke of it.' } as const;
    world.finish('acceptance', judged([a], { a: [must, missing] }));
    expect(states(world)).toEqual(['a merged']);
    expect(world.run.tasks[0]?.attempts.at(-1)?.acceptance).toEqual([must, missing]);
  });

  it('23 acceptance-hole: fails the task of which a must item is left out, whatever is said of the rest', () => {
    const world = accepting();
    world.finish('acceptance', judged([a], { a: [should] }));
    expect(world.run.tasks[0]?.state).toMatchObject({
      kind: 'failed',
      cause: { kind: 'acceptance_failed', items: [{ id: 'must' }] },
    });
    const nobody = accepting().finish('acceptance', judged([]));
    expect(states(nobody)).toEqual(['a failed']);
  });

  it('tells the pilot which items failed and why, and the agent that tries again', () => {
    const world = accepting().finish('acceptance', judged([a], { a: [unmet, should] }));
    const [told] = toPilotContext(world.run, '', new Map()).tasks;
    expect(told?.acceptance).toMatchObject([
      { id: 'must', status: 'failed', evidence: 'Umlauts become question marks.' },
      { id: 'should', status: 'passed' },
    ]);
    const [task] = structuredClone(world.run.tasks);
    if (!task) throw new Error('there is a task');
    task.attempts.push({ number: 2, base: sha('b'), startedAt: 0 });
    expect(renderAttemptPrompt(world.run, task)).toContain('must: Umlauts are kept.\n  Umlauts become question marks.');
  });

  it('fails the run, and keeps what was built, when no answer can be judged; a resume has it reviewed again', () => {
    const world = accepting();
    const unusable = { kind: 'unusable', why: 'It is no JSON.', exchange: 'x', seconds: 1, spend: some } as const;
    world.finish('acceptance', unusable);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'acceptance_unusable' } });
    expect(states(world)).toEqual(['a anchored']);
    comment(world, '/pilot resume').settle();
    world.finish('integrate', integrated(['a'], { verify: report(treeOf(sha('1'))) }));
    world.finish('acceptance', judged([a]));
    expect(states(world)).toEqual(['a merged']);
    expect(world.run.tasks[0]?.attempts).toHaveLength(1);
  });

  it('keeps what was found of the newest attempt that was reviewed, and of no earlier one', () => {
    const world = accepting().finish('acceptance', judged([a], { a: [unmet, should] }));
    world.finish('pilot', retried());
    expect(world.run.tasks[0]?.attempts.map(({ acceptance }) => acceptance?.length)).toEqual([2, undefined]);
    world.finish('attempt', anchored(sha('2')));
    world.finish('integrate', integrated(['a'], { commit: sha('2'), verify: report(treeOf(sha('2'))) }));
    world.finish('acceptance', judged([a]));
    expect(world.run.tasks[0]?.attempts.map(({ acceptance }) => acceptance?.length)).toEqual([undefined, 2]);
  });

  it('waits for a model that is away: nothing has landed, nothing is lost, and it goes on by itself', () => {
    const world = accepting();
    const away: Cause = { kind: 'model_unavailable', detail: 'overloaded' };
    while (world.find('acceptance')) world.finish('acceptance', { kind: 'failed', cause: away, spend: nothing });
    expect(world.run.state).toMatchObject({ kind: 'paused', cause: away, back: { phase: 'accepting' } });
    expect(states(world)).toEqual(['a anchored']);
    expect(world.run.integration).toBeUndefined();
    const { lookAt = 0 } = world.run.state.kind === 'paused' ? world.run.state : {};
    world.pass(lookAt - world.now);
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'accepting' });
    world.finish('acceptance', judged([a]));
    expect(states(world)).toEqual(['a merged']);
  });

  it('is not merged unseen when there is no money for its review; what was built is kept for a continue', () => {
    const world = accepting();
    const holder = world.begin('acceptance');
    world.run.spend.microUsd = world.run.policy.runMicroUsd;
    world.report(holder, { kind: 'failed', cause: outage, spend: nothing });
    world.pass(60_000);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'budget', limit: 'budget.run_usd' } });
    expect(states(world)).toEqual(['a anchored']);
    comment(world, '/pilot continue').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'integrating' });
  });

  it('lands at once where the policy wants no review, or where there is nothing to review', () => {
    const world = accepting();
    world.run.policy.isAcceptanceEnabled = false;
    world.run.state = { kind: 'executing', since: world.now, phase: 'integrating' };
    world.finish('acceptance', { kind: 'stopped' });
    world.finish('integrate', integrated(['a'], { verify: report(treeOf(sha('1'))) }));
    expect(states(world)).toEqual(['a merged']);
  });

  /** `a` is accepted, and `b` waits for its reviewer. */
  function acceptingSecond(): WorldOfDecisions {
    const world = accepting(['a'], ['b']).finish('acceptance', judged([a]));
    world.finish('attempt', anchored(sha('2')));
    return world.finish('integrate', integrated(['b'], { commit: sha('2'), verify: report(treeOf(sha('2'))) }));
  }

  it('and cannot be reviewed takes nothing from what was accepted before; a retry has it reviewed again', () => {
    const world = acceptingSecond();
    world.finish('acceptance', { kind: 'unusable', why: 'It is no JSON.', exchange: 'x', seconds: 1, spend: some });
    expect(world.run.tasks[1]).toMatchObject({ state: { kind: 'failed', cause: { kind: 'acceptance_unusable' } } });
    expect([world.run.candidate, world.run.integration?.commit]).toEqual([undefined, sha('1')]);
    world.finish('verify', verified()).finish('publish_branch', published());
    expect(world.run.state.kind).toBe('ready');
    comment(world, '/pilot retry').settle();
    expect(world.find('integrate')?.action).toMatchObject({ contributions: [{ task: 'b', commit: sha('2') }] });
  });

  it('and has no reviewer at all takes nothing from what was accepted before', () => {
    const world = acceptingSecond();
    const refused: Cause = { kind: 'model_refused', detail: 'no' };
    world.finish('acceptance', { kind: 'failed', cause: refused, spend: nothing });
    expect(world.run.tasks[1]?.state).toEqual({ kind: 'failed', cause: refused });
    expect(world.run.state.kind).toBe('reviewing');
  });

  it('and has no money for its reviewer takes nothing from what was accepted before; a continue has it reviewed', () => {
    const world = acceptingSecond();
    const holder = world.begin('acceptance');
    world.run.spend.microUsd = world.run.policy.runMicroUsd;
    world.report(holder, { kind: 'failed', cause: outage, spend: nothing });
    expect(world.run.tasks[1]?.state).toMatchObject({ kind: 'failed', cause: { kind: 'budget' } });
    expect(world.run.state.kind).toBe('reviewing');
    world.finish('verify', verified()).finish('publish_branch', published());
    comment(world, '/pilot continue').settle();
    expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'integrating' });
  });

  it('and whose reviewer never reports takes nothing from what was accepted before; a retry has it reviewed again', () => {
    const world = acceptingSecond();
    const holder = world.begin('acceptance');
    world.pass(55 * 60_000);
    expect(world.run.tasks[1]?.state).toMatchObject({
      kind: 'failed',
      cause: { kind: 'deadline', limit: 'acceptance' },
    });
    expect([world.run.candidate, world.run.integration?.commit]).toEqual([undefined, sha('1')]);
    world.report(holder, { kind: 'stopped', spend: nothing });
    expect(world.run.state.kind).toBe('reviewing');
    world.finish('verify', verified()).finish('publish_branch', published());
    comment(world, '/pilot retry').settle();
    expect(world.find('integrate')?.action).toMatchObject({ contributions: [{ task: 'b', commit: sha('2') }] });
  });

  it('and whose reviewer never reports fails the run where nothing was accepted before', () => {
    const world = accepting();
    world.begin('acceptance');
    world.pass(55 * 60_000);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'deadline', limit: 'acceptance' } });
    expect(states(world)).toEqual(['a anchored']);
  });
});

describe('a batch with more items than one answer can speak of', () => {
  const large = ['a', 'b', 'c'].map((key) => ({
    ...plannedTask(key),
    acceptance: Array.from({ length: 20 }, (_, at) => ({ id: `i${at}`, text: 'x', level: 'must' as const })),
  }));
  const [first, second, third] = large;
  if (!first || !second || !third) throw new Error('there are three tasks');
  const whole = integrated(['a', 'b', 'c'], { verify: report(treeOf(sha('1'))) });

  function acceptingLarge(): WorldOfDecisions {
    const world = planning().finish('plan', { ...planned(['a', 'b', 'c']), tasks: large });
    for (const { action } of world.outbox.filter((entry) => entry.action.kind === 'attempt'))
      world.finish(action.id, anchored());
    return world.finish('integrate', whole);
  }
  const reviewed = (world: WorldOfDecisions) => world.run.acceptances.map(({ tasks }) => tasks.join());

  it('is reviewed part by part, each for money of its own, and lands with the last', () => {
    const world = acceptingLarge();
    for (const task of large) {
      const { id = '' } = world.find('acceptance')?.action ?? {};
      expect(world.run.reserved).toMatchObject({ [id]: { microUsd: world.run.policy.runMicroUsd / 5 } });
      expect(world.run.integration).toBeUndefined();
      world.finish('acceptance', judged([task]));
    }
    expect(reviewed(world)).toEqual(['a', 'b', 'c']);
    expect(states(world)).toEqual(['a merged', 'b merged', 'c merged']);
    expect(world.run.reviewed).toBeUndefined();
  });

  it('keeps the parts that were paid for over a death, an outage and a failed run, and asks about the others', () => {
    const world = acceptingLarge().finish('acceptance', judged([first]));
    world.die('acceptance').finish('acceptance', { kind: 'failed', cause: outage, spend: nothing });
    world.finish('acceptance', { kind: 'unusable', why: 'It is no JSON.', exchange: 'x', seconds: 1, spend: some });
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'acceptance_unusable' } });
    comment(world, '/pilot resume').settle();
    world
      .finish('integrate', whole)
      .finish('acceptance', judged([second]))
      .finish('acceptance', judged([third]));
    expect(reviewed(world)).toEqual(['a', 'b', 'b', 'c']);
    expect(states(world)).toEqual(['a merged', 'b merged', 'c merged']);
  });

  it('is reviewed anew where another tree would land', () => {
    const world = acceptingLarge().finish('acceptance', judged([first]));
    world.finish('acceptance', { kind: 'unusable', why: 'It is no JSON.', exchange: 'x', seconds: 1, spend: some });
    comment(world, '/pilot resume').settle();
    world.finish('integrate', { ...whole, tree: 'another', verify: report('another') });
    for (const task of large) world.finish('acceptance', judged([task]));
    expect(reviewed(world)).toEqual(['a', 'b', 'a', 'b', 'c']);
    expect(states(world)).toEqual(['a merged', 'b merged', 'c merged']);
  });

  it('fails the task of which a part says nothing, and asks no second time', () => {
    const world = acceptingLarge()
      .finish('acceptance', judged([]))
      .finish('acceptance', judged([second]));
    world.finish('acceptance', judged([third]));
    expect(reviewed(world)).toEqual(['a', 'b', 'c']);
    expect(states(world)).toEqual(['a failed', 'b anchored', 'c anchored']);
    expect(world.run.tasks[0]?.state).toMatchObject({ cause: { items: { length: 20 } } });
  });

  it('lands with the answers of a worker of an earlier version, which reviews all parts at once', () => {
    expect(states(acceptingLarge().finish('acceptance', judged(large)))).toEqual(['a merged', 'b merged', 'c merged']);
  });
});
