// A pull request that a run opens as a draft: marked ready for review once, when nothing else is in its way.
import { expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { BranchOutcome } from '../../../src/core/model/result.ts';
import { renderGateCheck } from '../../../src/core/reply/render-check.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, published, pull, sha } from './outcome.ts';
import { publishing } from './place.ts';

function drafted(more: Partial<Extract<BranchOutcome, { kind: 'published' }>> = { isDraft: true }): WorldOfDecisions {
  const world = publishing();
  world.run.policy.opensDrafts = true;
  const outcome = published();
  if (outcome.kind !== 'published') throw new Error('it was published');
  return world.finish('publish_branch', { ...outcome, ...more });
}

const readiness = (world: WorldOfDecisions) => world.run.pullRequest?.ready;
const gate = (world: WorldOfDecisions) => {
  const { state, because } = evaluateGate(world.run);
  return `${state.kind}: ${because}`;
};
const show = (world: WorldOfDecisions, ready?: { refused?: string }) =>
  world.finish('present', {
    ...{ kind: 'presented', revision: world.record.presentation.wanted },
    ...(ready ? { ready: { number: 9, ...ready } } : {}),
  });

it('is due at once where its gate is open but for that, and its check waits', () => {
  const world = drafted();
  expect(readiness(world)).toEqual({ kind: 'due' });
  expect(renderView(world.record).pull?.becomesReady).toEqual({ head: sha('1') });
  expect(gate(world)).toBe(
    'waiting: #9 is a draft until nothing else is in the way; then it is marked ready for review.',
  );
  expect(renderGateCheck(world.record, world.run, { head: sha('1') }).state).toEqual({ kind: 'queued' });
  show(world, {});
  expect([readiness(world), world.run.pullRequest?.isDraft]).toEqual([{ kind: 'done' }, undefined]);
  expect(gate(world)).toMatch(/^open: Verified/);
  expect(renderView(world.record).pull?.becomesReady).toBeUndefined();
});

it('is not due while anything else is in the way, also where that comes before it is marked', () => {
  const world = label(drafted(), 'pilot:hold').settle();
  expect(readiness(world)).toEqual({ kind: 'awaited' });
  label(world, 'pilot:hold', undefined, { isTakenOff: true }).settle();
  comment(world, '/pilot resume').settle();
  expect(readiness(world)).toEqual({ kind: 'due' });
});

it('is for people from then on, however late that is told', () => {
  const world = drafted();
  pull(world, 'edited', { isDraft: false });
  pull(world, 'edited', { isDraft: true }).settle();
  expect(world.run.pullRequest).toMatchObject({ isDraft: true, ready: { kind: 'done' } });
  expect(gate(world)).toBe('waiting: #9 is a draft; it may be merged when it is ready for review.');
  show(world, {});
  expect(world.run.pullRequest?.isDraft).toBe(true);
});

it('is for people also where nobody heard that it was ready, and it is known only that somebody made it a draft again', () => {
  const world = label(drafted(), 'pilot:hold').settle();
  pull(world, 'edited', { isDraft: true }).settle();
  expect(readiness(world)).toEqual({ kind: 'awaited' });
  pull(world, 'edited', { isDraft: true, wasReady: true }).settle();
  label(world, 'pilot:hold', undefined, { isTakenOff: true }).settle();
  comment(world, '/pilot resume').settle();
  expect(world.run.pullRequest).toMatchObject({ isDraft: true, ready: { kind: 'done' } });
  expect(renderView(world.record).pull?.becomesReady).toBeUndefined();
});

it('is known as such also where GitHub tells of it before whoever opened it', () => {
  const world = publishing();
  world.run.policy.opensDrafts = true;
  pull(world, 'opened', { isDraft: true }).settle();
  expect(readiness(world)?.kind).toBe('awaited');
  world.finish('publish_branch', { ...published(), isDraft: true } as BranchOutcome);
  expect(readiness(world)).toEqual({ kind: 'due' });
});

it('a merge that is asked for meanwhile is made when it is marked, and answered then', () => {
  const world = comment(drafted(), '/pilot merge').settle();
  const receipt = () => world.record.receipts.at(-1)?.state.kind;
  expect([world.run.armed?.head, receipt()]).toEqual([sha('1'), 'started']);
  show(world, {});
  expect([world.run.state.kind, receipt()]).toEqual(['merging', 'started']);
});

it('says what GitHub answered where it will not have it, and why a merge is refused then', () => {
  const world = comment(drafted(), '/pilot merge').settle();
  show(world, { refused: 'GitHub answered 422' });
  expect(readiness(world)).toEqual({ kind: 'refused', why: 'GitHub answered 422' });
  expect(gate(world)).toContain(
    'GitHub did not let it be marked ready for review (GitHub answered 422): somebody has to.',
  );
  expect(world.record.receipts.at(-1)).toMatchObject({ state: { kind: 'refused' } });
  pull(world, 'edited', { isDraft: false }).settle();
  expect(gate(world)).toMatch(/^open: Verified/);
});

it('says so where there are no drafts, and nothing where none was asked for', () => {
  const world = drafted({ hasNoDrafts: true });
  const part = evaluateGate(world.run).parts.find((one) => one.gate === 'draft');
  expect(part?.because).toBe('GitHub takes no drafts in this repository, so it was opened ready for review.');
  const usual = publishing().finish('publish_branch', published());
  expect(readiness(usual)).toBeUndefined();
});
