import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWaitingForOverride } from '../../../src/core/gate/is-held-back.ts';
import { Action } from '../../../src/core/model/action.ts';
import { ExecutingPhase, RunState, TaskState } from '../../../src/core/model/run.ts';
import { grant, type Holder, leaseMs, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anyOutcome } from './any-outcome.ts';
import { type Crash, crashes } from './crash-table.ts';
import { comment } from './outcome.ts';
import { checkSaved } from './promise.ts';

/** The holder of this kind that works here, or the one that begins now. */
function holderOf(world: WorldOfDecisions, kind: string): Holder {
  return world.listLiving().find(({ action }) => action.kind === kind) ?? world.begin(kind);
}

/** Work goes on and succeeds until nothing more is to be done by itself. */
function goOn(world: WorldOfDecisions): void {
  for (let step = 0; step < 100; step += 1) {
    const [open] = world.settle().listOpen();
    if (!open) return;
    const holder = world.begin(open.action.id);
    world.report(holder, anyOutcome(world, holder.action, 0));
    checkSaved(world);
  }
  throw new Error('it does not come to rest');
}

const healers: Readonly<Record<Crash['healer'], (world: WorldOfDecisions, died: Holder | undefined) => void>> = {
  redispatch: (world, died) => {
    world.pass(leaseMs);
    const entry = world.outbox.find(({ action }) => action.id === died?.action.id);
    // A hold takes back at once what nobody has begun again.
    if (world.run.state.kind === 'paused' || world.run.pausing) return void world.pass(leaseMs);
    expect(entry).toMatchObject({ dispatch: 2, isSettling: false, state: { kind: 'pending' } });
  },
  settle: (world, died) => {
    world.pass(leaseMs);
    const entry = world.outbox.find(({ action }) => action.id === died?.action.id);
    expect(entry).toMatchObject({ dispatch: 2, isSettling: true, state: { kind: 'pending' } });
  },
  removal: (world) => {
    world.pass(leaseMs);
    expect(world.listWork()).toEqual([]);
  },
  deadline: (world, died) => {
    expect(world.outbox.find(({ action }) => action.id === died?.action.id)?.state.kind).toBe('begun');
    world.pass(24 * 3_600_000);
    expect(world.run.state).toMatchObject({ kind: 'failed', cause: { kind: 'deadline', limit: 'verifying' } });
    if (died) world.kill(died);
    world.pass(leaseMs);
  },
  sweep: (world) => {
    const { wakeAt = 0 } = world;
    expect(wakeAt).toBeGreaterThan(0);
    // The time of a question runs from when people could see it.
    world
      .passShown(0)
      .sleepThrough(25 * 3_600_000)
      .settle();
    expect(world.listWork()).not.toEqual([]);
  },
  turn: (world) => {
    grant(world, world.record.lane?.ask ?? '').settle();
    expect(world.listWork()).not.toEqual([]);
  },
  command: (world) => {
    // A day later it would be archived.
    world.sleepThrough(12 * 3_600_000).settle();
    expect(world.listWork()).toEqual([]);
    comment(world, '/pilot status').settle();
    expect(world.findReceipt('status')?.state.kind).toBe('done');
  },
};

describe('34 restart-matrix: a worker that dies', () => {
  for (const crash of crashes) {
    it(`in "${crash.place}" is healed by ${crash.healer}`, () => {
      const world = crash.make();
      const died = crash.holder === undefined ? undefined : holderOf(world, crash.holder);
      if (died && crash.healer !== 'deadline') world.kill(died);
      else if (!died) world.sleepThrough(leaseMs);
      healers[crash.healer](world, died);
      checkSaved(world);
      // Whoever was to be told is there to hear it.
      world.isCarrying = true;
      if (isWaitingForOverride(world.run))
        comment(world, '/pilot deny It is too much.', { actor: { id: 2, login: 'otto', kind: 'person' } }).settle();
      if (world.run.state.kind === 'paused') comment(world, '/pilot resume').settle();
      if (world.run.state.kind === 'awaiting_approval') comment(world, '/pilot approve plan-hash').settle();
      goOn(world);
      if (crash.holder === 'archive') return expect(world.record.archived).toMatchObject([{ id: 'r1' }]);
      expect(['ready', 'stopped', 'merged', 'reported', 'failed']).toContain(world.run.state.kind);
      expect(world.run.tasks.filter(({ state }) => state.kind === 'running')).toEqual([]);
    });
  }

  it('has a row wherever it may die: every state, every phase, and every kind of action of a run', () => {
    const words = crashes.map(({ place }) => place.replaceAll(' ', '_').replaceAll(/\W+/g, ' ')).join(' ');
    const states = RunState.options.map(({ shape }) => shape.kind.value);
    const phases = [...ExecutingPhase.options, 'verifying', 'publishing'];
    const tasks = TaskState.options.map(({ shape }) => shape.kind.value);
    // What rests is told apart from what works, and nothing is begun for a task that has ended.
    const ended = ['skipped', 'blocked', 'conflicted', 'merge_blocked'];
    for (const name of [...states, ...phases, ...tasks.filter((kind) => !ended.includes(kind))])
      expect(words, name).toMatch(new RegExp(`(?:^|[ _])${name}(?:$|[ _])`));
    // Those of a lane, of a commit of the merge queue (test/core/group), and of a repository (test/core/chores) are no run's.
    const others = [
      'settle_lane',
      ...['read_group', 'verify_group', 'show_group'],
      ...['propose_settings', 'propose_notes', 'look_at_pulls'],
    ];
    const kinds = Action.options.map(({ shape }) => shape.kind.value).filter((kind) => !others.includes(kind));
    expect(crashes.map(({ holder }) => holder)).toEqual(expect.arrayContaining(kinds));
  });

  it('is described in docs/recovery.md as it is played here (made anew by "npm test -- -u")', async () => {
    await expect(renderRecovery()).toMatchFileSnapshot(join(import.meta.dirname, '../../../docs/recovery.md'));
  });
});

const healerNames: Readonly<Record<Crash['healer'], string>> = {
  redispatch: 'the next look',
  settle: 'the next look, which only reads',
  removal: 'the next look',
  deadline: 'the deadline',
  sweep: 'the sweep',
  turn: 'its lane',
  command: 'nobody has to',
};

function renderRecovery(): string {
  const rows = crashes.map(
    ({ place, leaves, healer, heals }) => `| ${place} | ${leaves} | ${healerNames[healer]} | ${heals} |`,
  );
  return [
    '# What a crash leaves behind',
    '',
    'A worker may die at any moment. What it worked on is an action in the outbox of its subject, held under a lease of ten',
    'seconds; whoever looks next finds the lease run out. Every working state has a deadline besides, so that nothing hangs',
    'for ever, and the sweep wakes whatever is due. Each row is played by `test/core/run/crash-table.test.ts`: the holder is',
    'killed there, and the run comes to its end.',
    '',
    '| a worker dies while the run is | it leaves | healed by | how |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    'A plan that was lost before it was saved is made again from the same inbox, so that nothing that was acknowledged is',
    'lost. What was decided and not begun is handed out again by every look.',
    '',
  ].join('\n');
}
