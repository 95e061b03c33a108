// Somebody rejects a finding: with a reason that is shown, for as long as its lines are what they were.
import { expect, it } from 'vitest';
import { evaluateGate } from '../../../src/core/gate/evaluate-gate.ts';
import type { Actor } from '../../../src/core/model/actor.ts';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import { renderView } from '../../../src/core/reply/render-view.ts';
import { listOpenFindings } from '../../../src/core/review/open-findings.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import {
  anchored,
  comment,
  found,
  integrated,
  mona,
  published,
  pull,
  reviewed,
  sha,
  treeOf,
  verified,
} from './outcome.ts';
import { blocked, fixing, judging } from './place.ts';

const otto: Actor = { id: 3, login: 'otto', kind: 'person' };
const dismiss = (world: WorldOfDecisions, actor = otto, id = 'F-1') =>
  comment(world, `/pilot dismiss ${id} It is meant so.`, { actor }).settle();
const reply = (world: WorldOfDecisions) => {
  const { state, reply: text = '' } = world.record.receipts.at(-1) ?? {};
  return `${state?.kind}: ${text}`;
};
const pushed = (world: WorldOfDecisions, head = sha('2'), voided: string[] = []) =>
  pull(world, 'synchronize', { headSha: head })
    .settle()
    .finish('verify', verified(head, 0, { voided }));

it('lets the gate open, says by whom and why wherever the finding would be, and leaves nothing to mend', () => {
  const world = dismiss(blocked());
  expect(reply(world)).toBe(
    `done: \`F-1\` is dismissed for head \`${sha('1')}\`: a push that changes its lines voids that.`,
  );
  expect(evaluateGate(world.run).state.kind).toBe('open');
  expect(evaluateGate(world.run).parts.find(({ gate }) => gate === 'review')?.because).toContain(
    'Dismissed: `F-1` by @\u200botto.',
  );
  const shown = renderSticky(world.run, 9);
  expect(shown).toContain('<summary>Dismissed (1)</summary>');
  expect(shown).toContain('Dismissed by @\u200botto for head `1111111111`: It is meant so.');
  expect(renderView(world.record).checks[0]?.actions.map(({ label }) => label)).toEqual(['Recheck']);
  comment(world, '/pilot fix F-1').settle();
  expect(reply(world)).toContain('refused: `F-1` was dismissed by @\u200botto.');
  expect(reply(dismiss(world))).toContain('is dismissed by @\u200botto already');
});

it('takes somebody else than whoever started the run, for what keeps the gate shut', () => {
  const world = dismiss(blocked(), mona);
  expect(reply(world)).toContain('refused: @\u200bmona started run r1, and cannot dismiss alone');
  expect(evaluateGate(world.run).state.kind).toBe('closed');
  const minor = judging()
    .finish('review', reviewed(found({ severity: 'minor' })))
    .finish('publish_branch', published());
  expect(reply(dismiss(minor, mona))).toContain('done: ');
  const asked = judging()
    .finish('review', reviewed(found({ isForPerson: true, status: 'unverified' })))
    .finish('publish_branch', published());
  expect(reply(dismiss(asked, mona))).toContain('refused: ');
  expect(evaluateGate(dismiss(asked).run).state.kind).toBe('open');
});

it('by whoever started the run, or through the API, ends where what was dismissed keeps the gate shut later', () => {
  const doubted = found({ status: 'unverified' });
  const offered = () => judging().finish('review', reviewed(doubted)).finish('publish_branch', published());
  const ways = {
    starter: (world: WorldOfDecisions) => dismiss(world, mona),
    api: (world: WorldOfDecisions) =>
      world.put({ kind: 'requested', key: 'k', command: 'dismiss F-1 It is meant so.', actor: otto }).settle(),
    other: (world: WorldOfDecisions) => dismiss(world),
  };
  for (const [way, ask] of Object.entries(ways)) {
    const world = ask(offered());
    expect(reply(world)).toContain('done: ');
    // What is still in doubt keeps nothing shut, and is dismissed by anybody who may write.
    comment(world, '/pilot review').settle().finish('review', reviewed(doubted));
    expect(world.run.dismissals).toHaveLength(1);
    comment(world, '/pilot review').settle().finish('review', reviewed(found()));
    expect(evaluateGate(world.run).state.kind).toBe(way === 'other' ? 'open' : 'closed');
    expect(listOpenFindings(world.run)).toHaveLength(way === 'other' ? 0 : 1);
    expect(renderSticky(world.run, 9).includes('Dismissed')).toBe(way === 'other');
    if (way !== 'other') expect(reply(dismiss(world))).toContain('done: ');
    expect(evaluateGate(world.run).state.kind).toBe('open');
  }
});

it('is refused where there is nothing of that name, or nothing that is offered', () => {
  expect(reply(dismiss(blocked(), otto, 'F-7'))).toContain('refused: There is no finding `F-7`');
  expect(reply(dismiss(fixing()))).toContain('refused: Run r1 offers nothing');
  const refuted = judging()
    .finish('review', reviewed(found({ status: 'refuted' })))
    .finish('publish_branch', published());
  expect(reply(dismiss(refuted))).toContain('refused: There is no finding');
});

it('holds over a push elsewhere: it is not claimed again, and is still shown', () => {
  const world = pushed(dismiss(blocked()));
  expect(listOpenFindings(world.run)).toEqual([]);
  world.finish('review', reviewed());
  expect(evaluateGate(world.run).state.kind).toBe('open');
  expect(renderSticky(world.run, 9)).toContain('<summary>Dismissed (1)</summary>');
  // Who finds it once more in the same words has found the same.
  pushed(world, sha('3')).finish('review', reviewed(found()));
  expect(evaluateGate(world.run).state.kind).toBe('open');
});

it('ends with a push that changes its lines, also where nobody claimed it in between: it is claimed again', () => {
  const world = pushed(dismiss(blocked()));
  world.finish('review', reviewed());
  pushed(world, sha('3'), ['F-1']);
  expect(listOpenFindings(world.run)).toMatchObject([{ id: 'F-1' }]);
  world.finish('review', reviewed(found({ by: 'earlier' })));
  expect(evaluateGate(world.run).state).toEqual({ kind: 'closed', conclusion: 'failure' });
  expect(renderSticky(world.run, 9)).not.toContain('Dismissed');
});

it('ends so too where it was called refuted in between, or nobody could tell', () => {
  for (const status of ['refuted', 'unverified'] as const) {
    const world = pushed(dismiss(blocked())).finish('review', reviewed(found({ status })));
    pushed(world, sha('3'), ['F-1']);
    expect(listOpenFindings(world.run)).toMatchObject([{ id: 'F-1', status: 'confirmed' }]);
  }
  // Whoever confirmed it anew saw what is there now.
  const newer = found({ why: 'It was seen again.' });
  const again = pushed(dismiss(blocked())).finish('review', reviewed(newer));
  pushed(again, sha('3'), ['F-1']);
  expect(listOpenFindings(again.run)).toMatchObject([{ id: 'F-1', why: 'It was seen again.' }]);
});

it('counts again where a round of fixes that changed its lines is not pushed', () => {
  const race = found({ what: 'It races.', line: 9 });
  const world = dismiss(judging().finish('review', reviewed(found(), race)).finish('publish_branch', published()));
  comment(world, '/pilot fix')
    .settle()
    .finish('attempt', anchored(sha('2')));
  world.finish('integrate', integrated(['fix-1'], { commit: sha('2'), tree: treeOf(sha('2')) }));
  world.finish('verify', verified(sha('2'), 0, { voided: ['F-1'] }));
  expect(listOpenFindings(world.run)).toMatchObject([{ id: 'F-1' }, { id: 'F-2' }]);
  world.finish('review', reviewed(found({ by: 'earlier' }), { ...race, by: 'earlier' })).finish('verify', verified());
  expect(world.run.fixes).toMatchObject([{ end: { kind: 'dropped' } }]);
  expect(listOpenFindings(world.run)).toMatchObject([{ id: 'F-2' }]);
});
