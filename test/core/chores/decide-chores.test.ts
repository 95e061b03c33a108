import { describe, expect, it } from 'vitest';
import { listsLagMs } from '../../../src/core/model/made.ts';
import { ChoresWorld } from './chores-world.ts';

const rounds = { rounds: 0, answered: [] };
const failed = { kind: 'failed', why: '502' } as const;

describe('settings', () => {
  it.each(['install', 'use'] as const)('are wished for by "%s", once, however often it is told', (how) => {
    const world = new ChoresWorld()[how]();
    const [asked] = world.asked('propose_settings');
    expect(asked?.reason).toBe(how === 'install' ? 'installed' : 'used');
    world.install().use().install();
    expect(world.asked('propose_settings')).toEqual([asked]);
  });

  it.each([
    ['proposed', { kind: 'proposed', pull: 4 }],
    ['closed by people before', { kind: 'unneeded', why: '#4 is closed', pull: 4 }],
  ] as const)('that were %s are never wished for again', (_, outcome) => {
    const world = new ChoresWorld().install().begin('propose_settings').end('propose_settings', outcome);
    expect(world.record.settings).toEqual({ kind: 'settled', pull: 4 });
    world.install().use();
    expect(world.outbox).toEqual([]);
  });

  it.each([
    ['are there', { kind: 'unneeded', why: 'a file is there' }],
    ['may not be written', { kind: 'refused', why: '403' }],
  ] as const)('that %s are looked at again where the App is installed anew, and not with every run', (_, outcome) => {
    const world = new ChoresWorld().use().begin('propose_settings').end('propose_settings', outcome);
    expect(world.use().outbox).toEqual([]);
    expect(world.install().asked('propose_settings')).toHaveLength(1);
  });

  it('that came too early are wished for by whoever uses the repository later', () => {
    const world = new ChoresWorld().install().begin('propose_settings');
    world.end('propose_settings', { kind: 'premature', why: 'it is empty' });
    expect(world.outbox).toEqual([]);
    expect(world.use().asked('propose_settings')).toMatchObject([{ reason: 'used' }]);
  });

  it('that failed are tried again in growing pauses, and given up until somebody uses the repository', () => {
    const world = new ChoresWorld().install();
    const pauses: number[] = [];
    for (let tries = 0; tries < 20 && world.outbox.length > 0; tries += 1) {
      world.begin('propose_settings').end('propose_settings', failed);
      if (world.outbox.length > 0) pauses.push(world.notBefore() - world.now);
      world.pass(pauses.at(-1) ?? 0);
    }
    expect(pauses.slice(0, 3)).toEqual([listsLagMs, 2 * listsLagMs, 4 * listsLagMs]);
    expect(pauses).toHaveLength(9);
    expect(Math.max(...pauses)).toBe(3_600_000);
    expect(world.use().asked('propose_settings')).toHaveLength(1);
  });

  it('wait for the moment that GitHub names', () => {
    const world = new ChoresWorld().install().begin('propose_settings');
    const until = world.now + 7_200_000;
    expect(world.end('propose_settings', { ...failed, until }).notBefore()).toBe(until);
  });
});

describe('notes', () => {
  it('are asked for one at a time: what comes meanwhile waits for the end', () => {
    const world = new ChoresWorld().learn(1, 'a').begin('propose_notes').learn(2, 'b', 'a').learn(3, 'c');
    expect(world.asked('propose_notes')).toMatchObject([{ learnings: [{ text: 'a', number: 1, runId: 'r1' }] }]);
    world.end('propose_notes', { kind: 'proposed', pull: 4, ...rounds });
    expect(world.asked('propose_notes')).toMatchObject([{ learnings: [{ text: 'b' }, { text: 'c' }] }]);
    // Lists show by then what the first one made.
    expect(world.notBefore()).toBe(world.now + listsLagMs);
    world
      .begin('propose_notes')
      .end('propose_notes', { kind: 'unneeded', why: 'all is there', rounds: 2, answered: ['x'] });
    expect(world.outbox).toEqual([]);
    expect(world.record.notes).toMatchObject({ pending: [], rounds: 2, answered: ['x'] });
  });

  it('that cannot be written are let go, and those that failed are kept', () => {
    const refused = new ChoresWorld()
      .learn(1, 'a')
      .begin('propose_notes')
      .end('propose_notes', { kind: 'refused', why: '403' });
    expect(refused.record.notes.pending).toEqual([]);
    const kept = new ChoresWorld().learn(1, 'a').begin('propose_notes').end('propose_notes', failed);
    expect(kept.record.notes.pending).toHaveLength(1);
    for (let tries = 0; tries < 20 && kept.outbox.length > 0; tries += 1)
      kept.pass(3_600_000).begin('propose_notes').end('propose_notes', failed);
    expect(kept.record.notes.pending).toEqual([]);
    expect(kept.learn(2, 'a').asked('propose_notes')).toHaveLength(1);
  });

  it('that nobody could look through are not kept for ever', () => {
    const world = new ChoresWorld();
    for (let run = 1; run <= 30; run += 1) world.learn(run, ...Array.from({ length: 20 }, (_, n) => `${run}.${n}`));
    expect(world.record.notes.pending).toHaveLength(100);
  });
});

describe('whoever died over it', () => {
  it.each(['propose_settings', 'propose_notes'] as const)(
    'is followed by another one for %s, when lists have caught up',
    (kind) => {
      const world = new ChoresWorld().install().learn(1, 'a').begin(kind);
      const [first] = world.asked(kind);
      expect(world.pass(9_000).asked(kind)).toEqual([first]);
      const [second] = world.pass(2_000).asked(kind);
      expect(second?.id).not.toBe(first?.id);
      expect(world.outbox.find(({ action }) => action.kind === kind)?.notBefore).toBe(world.now + listsLagMs);
    },
  );

  it('says nothing any more, however late', () => {
    const world = new ChoresWorld().install().begin('propose_settings', 'old');
    const [first] = world.asked('propose_settings');
    world.pass(11_000).begin('propose_settings', 'new');
    const outcome = { kind: 'unneeded', why: 'there is one' } as const;
    world.put({ kind: 'settings_proposed', actionId: first?.id ?? '', token: 'old', outcome });
    expect(world.record.settings.kind).toBe('wanted');
    expect(world.lines).toContain('stale_result');
    expect(world.asked('propose_settings')).toHaveLength(1);
  });
});

it('follows a repository that moved, and passes over what means nothing to it', () => {
  const world = new ChoresWorld().use();
  const moved = { ...world.record.repository, owner: 'globex', installationId: 9 };
  world.put({ kind: 'repository_moved', removalId: 'x', from: 3, repository: moved });
  expect(world.record.repository).toEqual(moved);
  world.put({ kind: 'restarted', at: 1 });
  expect(world.lines.at(-1)).toBe('ignored');
});
