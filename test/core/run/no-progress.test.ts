// A task that comes to the same result twice in one batch is not tried a third time as it is.
import { expect, it } from 'vitest';
import type { Cause } from '../../../src/core/model/cause.ts';
import type { AttemptOutcome } from '../../../src/core/model/result.ts';
import { renderExplain } from '../../../src/core/reply/render-explain.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { toPilotContext } from '../../../src/core/run/to-pilot-context.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, failedAttempt, nothing, red, retriesOfA } from './outcome.ts';
import { attempting } from './place.ts';

const unchanged: Cause = { kind: 'no_change', said: 'All is well.' };
const crash: Cause = { kind: 'agent_crashed', detail: 'exit code 1' };
const slow: Cause = { kind: 'deadline', limit: 'agents.timeout_minutes', valueMs: 1, elapsedMs: 1 };

function failing(cause: Cause, patch?: string): AttemptOutcome {
  return { ...failedAttempt(cause), ...(patch === undefined ? {} : { patch }) } as AttemptOutcome;
}

/** Four attempts may be made in one batch. */
function failInTurn(...outcomes: readonly AttemptOutcome[]): WorldOfDecisions {
  const world = attempting(['a'], ['b']);
  world.run.policy.maxAttempts = 5;
  for (const outcome of outcomes) world.finish('attempt', outcome);
  return world;
}

const stateOf = ({ run }: WorldOfDecisions) => `${run.tasks[0]?.state.kind} ${run.tasks[0]?.attempts.length}`;

it.each<[string, AttemptOutcome, AttemptOutcome]>([
  ['the same patch was red twice', failing(red, 'patch'), failing(red, 'patch')],
  ['nothing was changed twice', failing(unchanged), failing({ kind: 'no_change', said: 'Nothing to do.' })],
  ['the same was left behind twice when its time was over', failing(slow, 'patch'), failing(slow, 'patch')],
])('ends for the boundary where %s', (_, first, second) => {
  const world = failInTurn(first, second);
  expect(stateOf(world)).toBe('failed 2');
  expect(world.run.tasks[0]?.attempts[1]).toMatchObject({ sameAs: 1 });
  expect(world.run.state).toMatchObject({ kind: 'executing', phase: 'boundary' });
  expect(world.find('pilot')).toBeDefined();
});

it.each<[string, AttemptOutcome, AttemptOutcome]>([
  ['another patch was red', failing(red, 'patch'), failing(red, 'another')],
  ['the same patch failed otherwise', failing(red, 'patch'), failing(crash, 'patch')],
  ['its agent crashed twice and left nothing', failing(crash), failing(crash)],
])('is tried again where %s', (_, first, second) => {
  expect(stateOf(failInTurn(first, second))).toBe('running 3');
});

it('counts from the newest attempt: what came to the same once before, with another in between, is tried again', () => {
  expect(stateOf(failInTurn(failing(red, 'patch'), failing(red, 'another'), failing(red, 'patch')))).toBe('running 4');
});

it('is told, to people and to the pilot', () => {
  const world = failInTurn(failing(red, 'patch'), failing(red, 'patch'));
  const said = 'With the same result as attempt 1: Verification failed';
  expect(world.log.join('\n')).toContain('Attempt 1 came to the same, so it is not tried again as it is.');
  expect(renderSticky(world.run, world.record.number)).toContain(`attempt 2: ${said}`);
  expect(renderExplain(world.record, 'a').text).toContain(`attempt 2: ${said}`);
  expect(toPilotContext(world.run, '', new Map()).tasks[0]?.cause).toContain(said);
});

it('is compared with nothing of an earlier batch: what the pilot has tried again may fail twice there', () => {
  const world = failInTurn(failing(red, 'patch'), failing(red, 'patch'));
  world.finish('pilot', retriesOfA([['a'], ['b']]));
  expect(stateOf(world)).toBe('running 3');
  world.finish('attempt', failing(red, 'patch'));
  expect(stateOf(world)).toBe('running 4');
});

it('is tried again by the boundary itself where nothing was wrong with the task', () => {
  const world = failInTurn(failing(slow, 'patch'), failing(slow, 'patch'));
  world.finish('pilot', { kind: 'fell_back', why: 'it was away', seconds: 1, spend: nothing });
  expect(stateOf(world)).toBe('running 3');
});

it('is tried again by a retry', () => {
  const world = attempting(['a', 'b']);
  world.run.policy.maxAttempts = 5;
  world.begin('r1-attempt-b-1-2');
  world.finish('attempt', failing(red, 'patch')).finish('attempt', failing(red, 'patch'));
  expect(stateOf(world)).toBe('failed 2');
  comment(world, '/pilot retry a').settle();
  expect(stateOf(world)).toBe('running 3');
});
