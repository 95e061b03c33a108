// From where an attempt can be gone on with: told by its holder alone, handed on within one decision, and never after a stop.
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../../src/core/model/checkpoint.ts';
import { renderExplain } from '../../../src/core/reply/render-explain.ts';
import { type Holder, leaseMs, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, checkpoint as any, comment, failedAttempt, red, stopped } from './outcome.ts';
import { attempting } from './place.ts';

function open(...keys: string[]): { world: WorldOfDecisions; holder: Holder; checkpoint: Checkpoint } {
  const world = attempting(keys.length > 0 ? keys : ['a']);
  const holder = world.begin(world.outbox.find(({ action }) => action.kind === 'attempt')?.action.id ?? '');
  const base = holder.action.kind === 'attempt' ? holder.action.base : '';
  return { world, holder, checkpoint: { ...any, base } };
}

function keep(world: WorldOfDecisions, { action, token }: Holder, checkpoint: Checkpoint): WorldOfDecisions {
  return world.put({ kind: 'checkpointed', attempt: action.id, token, checkpoint }).settle();
}

const attemptOf = (world: WorldOfDecisions) => world.run.tasks[0]?.attempts.at(-1);
const handover = { ...stopped, reason: 'handover' as const, spend: { inputTokens: 0, outputTokens: 0, microUsd: 0 } };

describe('50 checkpoints: what an attempt can be gone on with from', () => {
  it('is what its holder told last, and nothing that one who was replaced tells', () => {
    const { world, holder, checkpoint } = open();
    keep(world, holder, { ...checkpoint, id: 'first', at: 1 });
    keep(world, holder, { ...checkpoint, id: 'second', at: 2 });
    expect(attemptOf(world)?.checkpoint?.id).toBe('second');
    keep(world, { ...holder, token: 'another' }, { ...checkpoint, id: 'third', at: 3 });
    expect(attemptOf(world)?.checkpoint?.id).toBe('second');
    world.kill(holder).pass(leaseMs);
    const next = world.begin(holder.action.id);
    keep(world, holder, { ...checkpoint, id: 'fourth', at: 4 });
    expect(attemptOf(world)?.checkpoint?.id).toBe('second');
    keep(world, next, { ...checkpoint, id: 'fifth', at: 5 });
    expect(attemptOf(world)?.checkpoint?.id).toBe('fifth');
  });

  it('is gone with its end, however it ends', () => {
    for (const outcome of [anchored('a'), failedAttempt(red), stopped]) {
      const { world, holder, checkpoint } = open();
      keep(world, holder, checkpoint).report(holder, outcome);
      expect(JSON.stringify(world.record)).not.toContain('"checkpoint"');
    }
  });

  it('is said: who went on, from when, and who began anew and why', () => {
    const { world, holder, checkpoint } = open();
    world.kill(holder).pass(leaseMs);
    expect(attemptOf(world)?.takeovers).toMatchObject([{ kind: 'anew', why: 'none' }]);
    const second = world.begin(holder.action.id);
    keep(world, second, checkpoint).kill(second).pass(leaseMs);
    expect(attemptOf(world)?.takeovers).toHaveLength(1);
    const third = world.begin(holder.action.id);
    const told = { attempt: third.action.id, token: third.token };
    world.put({ kind: 'taken_over', ...told, takeover: { kind: 'anew', at: 9, why: 'corrupt' } }).settle();
    // What was no use once is none to whoever comes next.
    expect(attemptOf(world)).toMatchObject({ takeovers: [{ why: 'none' }, { kind: 'anew', why: 'corrupt' }] });
    expect(attemptOf(world)?.checkpoint).toBeUndefined();
    expect(renderExplain(world.record, 'a').text).toContain('begins it anew, since what was kept of it is damaged');
    const stale = { kind: 'resumed', at: 9, takenAt: 5 } as const;
    world.put({ kind: 'taken_over', attempt: third.action.id, token: second.token, takeover: stale }).settle();
    expect(attemptOf(world)?.takeovers).toHaveLength(2);
  });
});

describe('50 checkpoints: a worker that is told to end', () => {
  it('hands it on to the attempt that is decided with its word', () => {
    const { world, holder, checkpoint } = open();
    keep(world, holder, checkpoint).report(holder, handover);
    expect(attemptOf(world)).toMatchObject({ number: 1, checkpoint });
    expect(attemptOf(world)?.action).not.toBe(holder.action.id);
  });

  it('hands it on to its own task and no other', () => {
    const { world, holder, checkpoint } = open('a', 'b');
    keep(world, holder, checkpoint).report(holder, handover);
    expect(world.run.tasks.map(({ attempts }) => attempts.map((one) => one.checkpoint?.id))).toEqual([
      [checkpoint.id],
      [undefined],
    ]);
  });

  it('hands nothing on over a stop, whenever the run is resumed', () => {
    const { world, holder, checkpoint } = open();
    keep(world, holder, checkpoint);
    comment(world, '/pilot stop').settle().report(holder, handover);
    expect(world.run.state.kind).toBe('stopped');
    comment(world, '/pilot resume').settle();
    expect(attemptOf(world)).toMatchObject({ number: 1 });
    expect(attemptOf(world)?.checkpoint).toBeUndefined();
  });

  it('hands nothing on over a pause', () => {
    const { world, holder, checkpoint } = open();
    keep(world, holder, checkpoint);
    comment(world, '/pilot pause').settle().report(holder, handover);
    comment(world, '/pilot resume').settle();
    expect(attemptOf(world)?.checkpoint).toBeUndefined();
  });
});
