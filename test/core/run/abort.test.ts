// The pilot wants to end a run in which something could still run. It alone cannot: people are asked, once.
import { describe, expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import { renderHeadline } from '../../../src/core/reply/headline.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { answerMs } from '../../../src/core/run/propose-abort.ts';
import { toResult, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { aborts, anchored, comment, failedAttempt, integrated, red, verified } from './outcome.ts';
import { asking, atBoundary, attempting, consulting } from './place.ts';

function listStates(world: WorldOfDecisions): string[] {
  return world.run.tasks.map(({ key, state }) => `${key} ${state.kind}`);
}

const goneOn = ['a merged', 'b failed', 'c running'];

describe('a pilot that wants to end the run', () => {
  it('ends it where nothing could run anyway', () => {
    const world = atBoundary().finish('pilot', aborts());
    expect(world.run.state).toMatchObject({
      kind: 'failed',
      cause: { kind: 'pilot_aborted', reason: 'It is hopeless.' },
    });
  });

  it('does not undo a pause that somebody asks for in the same moment', () => {
    const world = consulting();
    const holder = world.begin('pilot');
    comment(world.put(toResult(holder, aborts())), '/pilot pause').settle();
    world.pass(answerMs);
    expect(world.run.state).toMatchObject({ kind: 'paused', by: 'mona' });
    expect(world.listWork()).toEqual([]);
  });

  it('asks people where something could: nothing works meanwhile, and they read what they can say', () => {
    const world = asking();
    expect(world.listWork()).toEqual([]);
    expect(listStates(world)).toEqual(['a merged', 'b failed', 'c pending']);
    expect(world.run.boundaries.at(-1)).toMatchObject({
      source: { kind: 'pilot', verdict: 'abort', reason: 'It is hopeless.' },
      lines: ['people are asked whether the run is to end'],
    });
    const headline = renderHeadline(world.run);
    for (const told of [
      'It is hopeless.',
      '/pilot stop',
      '/pilot finish',
      '/pilot resume',
      'Without an answer it goes on at',
    ])
      expect(headline).toContain(told);
    expect(evaluateGate(world.run).parts[0]?.state).toEqual({ kind: 'closed', conclusion: 'action_required' });
    expect(renderView(world.record).labels).toMatchObject([{ has: 'pilot:needs-input' }]);
  });

  it('is not followed when nobody answers: the deterministic plan goes on, and says so', () => {
    const world = asking();
    world.pass(answerMs - 1);
    expect(world.run.state.kind).toBe('paused');
    world.pass(1);
    expect(listStates(world)).toEqual(goneOn);
    expect(world.run.boundaries.at(-1)?.source).toEqual({
      kind: 'fell_back',
      why: 'it wanted to end the run (It is hopeless.), and nobody agreed',
    });
    // The time in which people were asked is no time of the run, and looks at outages are all left.
    expect([world.run.heldMs, world.run.looks, world.run.proposal]).toEqual([answerMs, undefined, undefined]);
  });

  it('is not followed when somebody says so, and the pilot is not asked anew about the same batch', () => {
    const world = comment(asking(), '/pilot resume').settle();
    expect(listStates(world)).toEqual(goneOn);
    expect(world.find('pilot')).toBeUndefined();
  });

  it('is followed by a stop, from which the run goes on as from any', () => {
    const world = comment(asking(), '/pilot stop').settle();
    expect(world.run.state).toMatchObject({ kind: 'stopped', by: 'mona' });
    comment(world, '/pilot resume').settle();
    expect(listStates(world)).toEqual(goneOn);
  });

  it('is followed by a finish, which delivers what is merged', () => {
    const world = comment(asking(), '/pilot finish').settle();
    expect(listStates(world)).toEqual(['a merged', 'b failed', 'c skipped']);
    world.finish('verify', verified());
    expect(world.find('publish_branch')).toBeDefined();
  });

  it('waits for as long as somebody holds the run, who was asked as well', () => {
    const world = comment(asking(), '/pilot pause').settle();
    world.pass(2 * answerMs);
    expect(world.run.state).toMatchObject({ kind: 'paused', by: 'mona' });
    expect(renderHeadline(world.run)).toContain('It is paused by @\u200bmona.');
    comment(world, '/pilot resume').settle();
    expect(listStates(world)).toEqual(goneOn);
  });

  it('does not take a hold that was asked for while it was asked', () => {
    const world = attempting(['a', 'b'], ['c']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
    world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
    const pilot = world.begin('pilot');
    comment(world, '/pilot pause').settle();
    world.report(pilot, aborts());
    expect(world.run.state).toMatchObject({
      kind: 'paused',
      by: 'mona',
      back: { kind: 'executing', phase: 'boundary' },
    });
    expect(world.run.state).not.toHaveProperty('lookAt');
  });

  it('asks once in a run also where its first wish left no record, because a person decided about the failure meanwhile', () => {
    const world = attempting(['a', 'b'], ['c'], ['d']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
    world.finish('attempt', failedAttempt(red)).finish('integrate', integrated(['a']));
    const pilot = world.begin('pilot');
    comment(world, '/pilot skip b too hard').settle();
    world.report(pilot, aborts());
    expect([world.run.state.kind, world.run.boundaries]).toEqual(['paused', []]);
    comment(world, '/pilot resume').settle();
    world.finish('attempt', anchored()).finish('attempt', anchored());
    const rolledBack = [{ key: 'd', cause: { kind: 'taken_out' as const, with: 'c' } }];
    world.finish('integrate', integrated([], { failed: [{ key: 'c', cause: red }], rolledBack }));
    world.finish('pilot', aborts());
    expect(world.run.boundaries.at(-1)?.source).toMatchObject({
      why: expect.stringContaining('which people were asked about before'),
    });
  });

  it('asks once in a run: after that it is refused, and the deterministic plan goes on at once', () => {
    const world = attempting(['a', 'b'], ['c'], ['d']);
    world.finish('r1-attempt-a-1-1', anchored()).finish('r1-attempt-b-1-2', failedAttempt(red));
    world
      .finish('attempt', failedAttempt(red))
      .finish('integrate', integrated(['a']))
      .finish('pilot', aborts());
    comment(world, '/pilot resume').settle();
    // What is left stands in one batch now.
    world.finish('attempt', anchored()).finish('attempt', anchored());
    const rolledBack = [{ key: 'd', cause: { kind: 'taken_out' as const, with: 'c' } }];
    world.finish('integrate', integrated([], { failed: [{ key: 'c', cause: red }], rolledBack }));
    world.finish('pilot', aborts());
    expect(world.run.boundaries.at(-1)?.source).toEqual({
      kind: 'fell_back',
      why: 'it wanted to end the run (It is hopeless.), which people were asked about before',
    });
    expect(listStates(world).at(-1)).toBe('d anchored');
  });
});
