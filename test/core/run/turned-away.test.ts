// Whoever is refused again and again is answered a few times, and gets a sign afterwards.
import { describe, expect, it } from 'vitest';
import { renderView } from '../../../src/core/reply/render-view.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, label, mona, press } from './outcome.ts';
import { attempting, ready } from './place.ts';

const rita = { id: 30, login: 'rita', kind: 'person' } as const;
const ruth = { id: 31, login: 'ruth', kind: 'person' } as const;
const hourMs = 3_600_000;

function at(make: () => WorldOfDecisions): WorldOfDecisions {
  const world = make();
  world.permissions = { ...world.permissions, rita: 'read', ruth: 'read' };
  return world;
}

function ask(world: WorldOfDecisions, body: string, actor: typeof rita | typeof ruth | typeof mona = rita): string {
  comment(world, body, { actor, association: 'NONE' }).settle();
  return world.record.receipts.at(-1)?.reply ?? '';
}

const last = 'gets a reaction only';

describe('whoever may not', () => {
  it('is told so three times within an hour, and then by a reaction', () => {
    const world = at(ready);
    const replies = Array.from({ length: 30 }, () => ask(world, '/pilot merge'));
    expect(replies.filter((reply) => reply !== '')).toHaveLength(3);
    expect(replies.map((reply) => reply.includes(last)).slice(0, 4)).toEqual([false, false, true, false]);
    expect(renderView(world.record).comments.filter(({ marker }) => marker.includes(':reply:'))).toHaveLength(3);
    const refused = world.record.receipts.filter(({ actor }) => actor.login === 'rita');
    expect(new Set(refused.map(({ state }) => state.kind))).toEqual(new Set(['refused']));
    expect(renderView(world.record).reactions.filter(({ content }) => content === 'confused')).toHaveLength(30);
  });

  it('is told anew after an hour, and nobody else is told less for it', () => {
    const world = at(ready);
    for (let time = 0; time < 4; time += 1) ask(world, '/pilot merge');
    expect(ask(world, '/pilot merge', ruth)).toContain('needs write permission');
    world.now += hourMs;
    expect(ask(world, '/pilot merge')).toContain('needs write permission');
  });

  it('is not told more by labels and buttons', () => {
    const world = at(ready);
    for (let time = 0; time < 2; time += 1) label(world, 'pilot:run', rita).settle();
    press(world, 'stop', rita).settle();
    expect(world.record.receipts.at(-1)?.reply).toContain(last);
    label(world, 'pilot:hold', rita).settle();
    press(world, 'stop', rita).settle();
    expect(world.record.receipts.slice(-2).map(({ reply }) => reply)).toEqual([undefined, undefined]);
  });

  it('is answered all the same what they may ask', () => {
    const world = at(ready);
    for (let time = 0; time < 6; time += 1) ask(world, '/pilot merge');
    expect(ask(world, '/pilot status')).toContain('Run r1');
  });
});

describe('whoever may', () => {
  it('is told where the slip is, and after three of them by a reaction', () => {
    const world = at(attempting);
    const replies = Array.from({ length: 5 }, () => ask(world, '/pilot rnu', mona));
    expect(replies.map((reply) => reply.includes('line 1, column 8'))).toEqual([true, true, true, false, false]);
  });

  it('is told each time why what they may do cannot be done now', () => {
    const world = at(attempting);
    for (let time = 0; time < 6; time += 1) ask(world, '/pilot rnu', mona);
    const replies = Array.from({ length: 6 }, () => ask(world, '/pilot approve', mona));
    expect(new Set(replies)).toEqual(new Set(['No plan of run r1 waits for an approval.']));
  });
});
