// How an agent hears what people say while it works: once, in order, at its next safe point or as one more prompt, and never in a
// turn that was stopped before it was said.
import { describe, expect, it } from 'vitest';
import type { Instruction } from '../../src/core/model/instruction.ts';
import { converse } from '../../src/engine/converse.ts';
import type { Ear } from '../../src/engine/open-ear.ts';
import type { AgentEvent, AgentSession, TurnResult } from '../../src/engine/port/agent.ts';
import { HandClock, settle } from './hand-clock.ts';

const done: TurnResult = { kind: 'done', text: 'Done.' };

function instruction(count: number): Instruction {
  return { id: `r1-i${count}`, receiptId: 'r', at: 1, by: 'mona', text: `Word ${count}.`, heard: [] };
}

/** An agent that reads when the test says so. */
function open({ steer = true, known = 0 } = {}) {
  const clock = new HandClock();
  const said: Instruction[] = Array.from({ length: known }, (_, index) => instruction(index + 1));
  const heard: [string[], boolean][] = [];
  const ear: Ear = {
    listen: async () => [...said],
    noteHeard: (read, isLive) => void heard.push([read.map(({ id }) => id), isLive]),
    settled: async () => undefined,
  };
  const prompts: string[] = [];
  let queue: { readonly text: string; readonly onRead: () => void }[] = [];
  let turn: { readonly show: (event: AgentEvent) => void; readonly end: (result: TurnResult) => void } | undefined;
  const world = {
    isWanted: true,
    isTaking: true,
  };
  const session: AgentSession = {
    id: 's',
    resumed: false,
    capabilities: { resume: false, steer },
    async prompt(text, show) {
      prompts.push(text);
      const { promise, resolve } = Promise.withResolvers<TurnResult>();
      turn = { show, end: resolve };
      const result = await promise;
      turn = undefined;
      queue = [];
      return result;
    },
    async steer(text, onRead = () => undefined) {
      if (!turn || !world.isTaking) return false;
      queue.push({ text, onRead });
      return true;
    },
    cancel: async () => undefined,
    close: async () => undefined,
  };
  const result = converse(session, clock, {
    prompt: 'Work.',
    hearing: { ear, known: [...said] },
    turnMs: 60_000,
    isStillWanted: async () => world.isWanted,
    onEvent: () => undefined,
  });
  return {
    clock,
    result,
    prompts,
    heard,
    world,
    say: () => void said.push(instruction(said.length + 1)),
    listOffered: () => queue.map(({ text }) => text),
    read: () => {
      for (const { text, onRead } of queue.splice(0)) {
        prompts.push(text);
        onRead();
      }
    },
    live: () => turn?.show({ kind: 'text', text: 'hm' }),
    async end(turnResult: TurnResult = done) {
      turn?.end(turnResult);
      await settle();
    },
  };
}

const count = (texts: readonly string[], word: string) => texts.join('\n').split(word).length - 1;

describe('an agent at work', () => {
  it('is told within a second or two, once, and says when it has read it', async () => {
    const scene = open();
    await settle();
    scene.say();
    await scene.clock.pass(1_000);
    expect(scene.listOffered()).toHaveLength(1);
    expect(scene.heard).toEqual([]);
    await scene.clock.pass(10_000);
    expect(scene.listOffered()).toHaveLength(1);
    scene.read();
    expect(scene.heard).toEqual([[['r1-i1'], true]]);
    scene.say();
    scene.say();
    await scene.clock.pass(1_000);
    scene.read();
    await scene.end();
    expect(await scene.result).toEqual(done);
    expect(scene.heard).toEqual([
      [['r1-i1'], true],
      [['r1-i2', 'r1-i3'], true],
    ]);
    for (const word of ['Word 1.', 'Word 2.', 'Word 3.']) expect(count(scene.prompts, word)).toBe(1);
    expect(scene.prompts.at(-1)?.indexOf('Word 2.')).toBeLessThan(scene.prompts.at(-1)?.indexOf('Word 3.') ?? 0);
  });

  it('has heard its prompt with its first sign of life, and not before', async () => {
    const scene = open({ known: 1 });
    await settle();
    expect(scene.heard).toEqual([]);
    scene.live();
    scene.live();
    expect(scene.heard).toEqual([[['r1-i1'], false]]);
    await scene.end();
    await scene.result;
  });

  it('that never came to life has heard nothing', async () => {
    const scene = open({ known: 1 });
    await settle();
    await scene.end({ kind: 'failed', fault: 'rate_limit', message: 'away', retryable: true, text: '' });
    await scene.result;
    expect(scene.heard).toEqual([]);
  });

  it('is told once more, as another prompt, what it had not read when its turn came to its end', async () => {
    const scene = open();
    await settle();
    scene.say();
    await scene.clock.pass(1_000);
    scene.say();
    await scene.end({ kind: 'done', text: 'First.' });
    expect(scene.prompts).toHaveLength(2);
    expect(scene.prompts[1]?.indexOf('Word 1.')).toBeLessThan(scene.prompts[1]?.indexOf('Word 2.') ?? 0);
    await scene.clock.pass(5_000);
    expect(scene.listOffered()).toEqual([]);
    await scene.end({ kind: 'done', text: 'Second.' });
    expect(await scene.result).toEqual({ kind: 'done', text: 'First.\n\nSecond.' });
    expect(scene.heard).toEqual([[['r1-i1', 'r1-i2'], true]]);
  });

  it.each([
    ['failed', { kind: 'failed', fault: 'crash', message: 'x', retryable: false, text: '' } as const],
    ['was cut off', { kind: 'stopped_early', reason: 'max_turns', text: '' } as const],
    ['asks people', { kind: 'done', text: '```gatepilot-question\n{"question":"Blue?"}\n```' } as const],
  ])('whose turn %s is not spoken to any more: the next attempt is told', async (_, end) => {
    const scene = open();
    await settle();
    scene.say();
    await scene.end(end);
    expect(await scene.result).toEqual(end);
    expect([scene.prompts, scene.heard]).toEqual([['Work.'], []]);
  });

  it('that does not take it yet is asked again', async () => {
    const scene = open();
    scene.world.isTaking = false;
    await settle();
    scene.say();
    await scene.clock.pass(3_000);
    scene.world.isTaking = true;
    await scene.clock.pass(1_000);
    expect(scene.listOffered()).toHaveLength(1);
    await scene.end({ kind: 'stopped_early', reason: 'refusal', text: '' });
    await scene.result;
  });

  it('is told nothing after a stop, however quickly something is said', async () => {
    const scene = open();
    await settle();
    scene.world.isWanted = false;
    scene.say();
    await scene.clock.pass(5_000);
    expect(scene.listOffered()).toEqual([]);
    await scene.end();
    await scene.result;
    expect([scene.prompts, scene.heard]).toEqual([['Work.'], []]);
  });
});

describe('an agent that cannot be told anything while it works', () => {
  it('works to its end, and the next attempt is told', async () => {
    const scene = open({ steer: false });
    await settle();
    scene.say();
    await scene.clock.pass(5_000);
    await scene.end();
    expect(await scene.result).toEqual(done);
    expect([scene.prompts, scene.heard]).toEqual([['Work.'], []]);
  });
});
