// When a checkpoint is tried, where what is in the workspace cannot be packed.
import { expect, it } from 'vitest';
import { openCheckpoints } from '../../src/engine/keep-checkpoints.ts';
import type { TakenCheckpoint } from '../../src/engine/port/checkpoint.ts';
import { HandClock } from './hand-clock.ts';

type Arguments = Parameters<typeof openCheckpoints>;

const minute = 60_000;
const session = { step: 'execute', agent: 'pi', model: 'm', id: 's', heard: [] };
const stepOver = { id: 'execute', access: 'write', state: 'done', seconds: 1 } as const;
const torn: TakenCheckpoint = { kind: 'refused', why: 'tar: a: file changed as we read it' };
const whole: TakenCheckpoint = { kind: 'kept', id: 'f'.repeat(64), bytes: 1 };

function open(take: () => TakenCheckpoint) {
  const clock = new HandClock();
  const startedAt = clock.now();
  const tries: number[] = [];
  const said: object[] = [];
  const told: object[] = [];
  const ports = {
    clock,
    log: { info: (facts: object, text: string) => said.push({ ...facts, text }) },
    options: { checkpointMs: minute },
    checkpoints: {
      take: async () => {
        tries.push((clock.now() - startedAt) / minute);
        return take();
      },
    },
  };
  const held = {
    action: { id: 'a', base: 'b' },
    token: 't',
    signal: new AbortController().signal,
    stillHolds: () => true,
    inform: async (event: object) => told.push(event),
  };
  const scene = { held, owner: { task: 'one' }, workflow: 'direct', done: [] };
  // Of ports and scene only what is used is here.
  const keeper = openCheckpoints(ports as unknown as Arguments[0], scene as unknown as Arguments[1]);
  return { clock, keeper, tries, said, told };
}

it('whose files change in every try is tried less and less, holds nothing up, and is told each time', async () => {
  const { clock, keeper, tries, said, told } = open(() => torn);
  for (let at = 0; at < 60 * 6; at += 1) {
    let isUndisturbed = true;
    void keeper.rest(session, () => isUndisturbed);
    await clock.pass(minute / 6);
    isUndisturbed = false;
  }
  expect(tries).toEqual([1, 3, 7, 15, 31]);
  expect(said).toHaveLength(tries.length);
  expect(said[0]).toEqual({ task: 'one', why: torn.why, text: 'a checkpoint could not be taken' });
  expect(told).toEqual([]);
  await keeper.close();
});

it('that could not be packed beside an agent at work is tried again when its step is over', async () => {
  const ends = [torn, torn, whole];
  const { clock, keeper, tries, told } = open(() => ends.shift() ?? whole);
  await clock.pass(minute);
  await keeper.rest(session, () => true);
  await clock.pass(2 * minute);
  await keeper.rest(session, () => true);
  await clock.pass(2 * minute);
  await keeper.stepEnded(stepOver);
  expect(tries).toEqual([1, 3, 5]);
  expect(told).toMatchObject([{ kind: 'checkpointed', checkpoint: { done: [stepOver] } }]);
});

it('is never tried twice within the time between two, however many steps end', async () => {
  const { clock, keeper, tries } = open(() => torn);
  for (let at = 0; at < 12; at += 1) {
    await clock.pass(minute / 4);
    await keeper.stepEnded(stepOver);
  }
  expect(tries).toEqual([1, 2, 3]);
});
