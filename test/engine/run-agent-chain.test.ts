// Who works in place of a coding agent that is away, and that it is told.
import { describe, expect, it } from 'vitest';
import type { Spend } from '../../src/core/model/spend.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { AgentDriver, AgentEvent, AgentSpec, TurnResult } from '../../src/engine/port/agent.ts';
import { runAgentChain } from '../../src/engine/run-agent-chain.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';

const failed = (fault: Extract<TurnResult, { kind: 'failed' }>['fault'], retryable = true): TurnResult => ({
  kind: 'failed',
  fault,
  message: `${fault} failed`,
  retryable,
  text: '',
});
const done: TurnResult = { kind: 'done', text: 'done' };
type Answer = TurnResult | ExternalError;

function isAnswer(told: Answer | Readonly<Record<string, Answer>>): told is Answer {
  return told instanceof ExternalError || 'kind' in told;
}

/** `answers`: what each agent that is offered does, also with one model. Each try takes a minute and a thousand tokens. */
async function play(
  names: readonly string[],
  answers: Readonly<Record<string, Answer | Readonly<Record<string, Answer>>>>,
  { tokens = 1_000_000, turnMs = 600_000, isStopped = false, models = [] as readonly string[] } = {},
) {
  let now = 0;
  const asked: { name: string; turnMs: number; tokens: number }[] = [];
  const worked: { id: string; model: string; allowed: readonly string[] }[] = [];
  const events: AgentEvent[] = [];
  const spends: Spend[] = [];
  const stopping = new AbortController();
  let granted: { tokens: number; models: readonly string[] } = { tokens: 0, models: [] };
  let sandbox = '';
  const toDriver = (name: string, told: Answer | Readonly<Record<string, Answer>>): AgentDriver =>
    ({
      name: `driver of ${name}`,
      mounts: [],
      env: {},
      start: async ({ model, ...spec }: AgentSpec) => {
        asked.push({ name, turnMs: spec.turnMs, tokens: granted.tokens });
        worked.push({ id: sandbox, model: model.name, allowed: granted.models });
        now += 60_000;
        if (isStopped) stopping.abort();
        const answer = isAnswer(told) ? told : told[model.name];
        if (answer instanceof ExternalError) throw answer;
        return { capabilities: { steer: true }, prompt: async () => answer, close: async () => undefined };
      },
    }) as unknown as AgentDriver;
  const usage = { inputTokens: 900, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 100, costMicrodollars: 7 };
  const ports = {
    options: { attemptTokens: 10_000_000, models: ['usual', 'large', 'small'] },
    clock: { now: () => now },
    gateway: {
      provider: 'anthropic',
      grant: async ({ limits }: { limits: typeof granted }) => {
        granted = limits;
        return {
          socket: '',
          token: '',
          trouble: () => undefined,
          revoke: async () => ({ ...usage, requests: 1, exact: true }),
        };
      },
    },
    sandboxes: {
      create: async ({ id }: { id: string }) => {
        sandbox = id;
        return { kill: async () => undefined, dispose: async () => undefined };
      },
    },
    agents: new Map(Object.entries(answers).map(([name, answer]) => [name, toDriver(name, answer)])),
  } as unknown as WorkPorts;
  const report = await runAgentChain(
    ports,
    { agents: names, models },
    {
      id: 'a',
      workspace: '/w',
      prompt: 'go',
      caller: { run: 'r', role: 'task-a', attempt: '1' },
      turnMs,
      idleMs: 1,
      turns: undefined,
      place: { provider: undefined, limits: { memoryBytes: 1, diskBytes: 1, pids: 1, cpuSeconds: 1, outputBytes: 1 } },
      network: [],
      budget: { microUsd: 1_000, tokens },
      onSpend: (spend) => spends.push(spend),
      signal: stopping.signal,
      isStillWanted: async () => true,
      onEvent: (event) => events.push(event),
    },
  );
  return { ...report, asked, worked, events, spent: spends.at(-1) };
}

describe('a chain of coding agents', () => {
  it('is the usual one where none is named', async () => {
    const { driver, asked } = await play([], { claude: done, pi: done });
    expect(driver).toEqual({ requested: 'claude', used: 'claude' });
    expect(asked).toHaveLength(1);
  });

  it('asks the next one where an agent or its model was away, within what is left, and says so', async () => {
    const { turn, driver, asked, events, spent } = await play(['a', 'b', 'c'], {
      a: new ExternalError({ system: 'agent', message: 'it did not come up', retry: 'soon' }),
      b: failed('provider'),
      c: done,
    });
    expect(turn).toEqual(done);
    expect(driver).toEqual({
      requested: 'a',
      used: 'c',
      why: 'a: it did not come up; b: provider failed',
    });
    expect(asked).toEqual([
      { name: 'a', turnMs: 600_000, tokens: 1_000_000 },
      { name: 'b', turnMs: 540_000, tokens: 999_000 },
      { name: 'c', turnMs: 480_000, tokens: 998_000 },
    ]);
    expect(spent).toEqual({ inputTokens: 2_700, outputTokens: 300, microUsd: 21, unpricedTokens: 0, requests: 3 });
    expect(events.filter(({ kind }) => kind === 'retry')).toHaveLength(2);
  });

  it.each([
    ['a spent budget', failed('budget', false)],
    ['a refused key', failed('auth', false)],
    ['a conversation that is too large', failed('context', false)],
    ['the limit of its time', failed('timeout')],
    ['work that was refused', { kind: 'stopped_early', reason: 'refusal', text: '' } as const],
    ['a crash that would come again', failed('crash', false)],
  ])('asks nobody else where it would be the same for anybody: %s', async (_, answer) => {
    const { turn, driver, asked } = await play(['a', 'b'], { a: answer, b: done });
    expect(turn).toEqual(answer);
    expect(driver).toEqual({ requested: 'a', used: 'a' });
    expect(asked).toHaveLength(1);
  });

  it('ends with its last one, and where time, money or the work itself is over', async () => {
    const away = { a: failed('crash'), b: failed('idle') };
    expect(await play(['a', 'b'], away)).toMatchObject({ turn: away.b, driver: { used: 'b', why: 'a: crash failed' } });
    for (const limits of [{ tokens: 1_000 }, { turnMs: 65_000 }, { isStopped: true }]) {
      const { asked } = await play(['a', 'b'], away, limits);
      expect(asked, JSON.stringify(limits)).toHaveLength(1);
    }
  });

  it('passes over one that this worker does not offer, and fails where it offers none', async () => {
    const { driver } = await play(['gone', 'b'], { b: done });
    expect(driver).toEqual({ requested: 'gone', used: 'b', why: 'gone is not offered by this worker' });
    await expect(play(['gone'], { b: done })).rejects.toThrow('gone is not offered by this worker');
  });

  it('holds up no failure of anything else', async () => {
    const broken = new ExternalError({ system: 'sandbox', message: 'no room', retry: 'soon' });
    await expect(play(['a', 'b'], { a: broken, b: done })).rejects.toBe(broken);
  });
});

describe('a chain of models', () => {
  const models = ['large', 'small'];

  it('is the usual one where none is named, and no other may be asked', async () => {
    const { model, worked } = await play(['a'], { a: done });
    expect(model).toEqual({ requested: 'usual', used: 'usual' });
    expect(worked).toEqual([{ id: 'a', model: 'usual', allowed: ['usual'] }]);
  });

  it('is tried in turn by the same agent where the model may be at fault, within what is left, and says so', async () => {
    const { turn, driver, model, asked, worked, events, spent } = await play(
      ['a', 'b'],
      { a: { large: failed('rate_limit'), small: done }, b: done },
      { models },
    );
    expect(turn).toEqual(done);
    expect(driver).toEqual({ requested: 'a', used: 'a' });
    expect(model).toEqual({ requested: 'large', used: 'small', why: 'large: rate_limit failed' });
    expect(asked).toEqual([
      { name: 'a', turnMs: 600_000, tokens: 1_000_000 },
      { name: 'a', turnMs: 540_000, tokens: 999_000 },
    ]);
    expect(worked).toEqual([
      { id: 'a', model: 'large', allowed: models },
      { id: 'a-2', model: 'small', allowed: models },
    ]);
    expect(spent).toEqual({ inputTokens: 1_800, outputTokens: 200, microUsd: 14, unpricedTokens: 0, requests: 2 });
    expect(events).toEqual([
      { kind: 'retry', reason: 'the next model of the chain is asked, since large: rate_limit failed' },
    ]);
  });

  it('is tried before the next agent, which begins with its first one', async () => {
    const { driver, model, worked } = await play(
      ['a', 'b'],
      { a: { large: failed('provider'), small: failed('idle') }, b: { large: failed('provider'), small: done } },
      { models },
    );
    expect(worked.map((one) => one.model)).toEqual(['large', 'small', 'large', 'small']);
    expect(driver).toEqual({
      requested: 'a',
      used: 'b',
      why: 'a with large: provider failed; a with small: idle failed',
    });
    expect(model).toEqual({ requested: 'large', used: 'small', why: 'large: provider failed' });
  });

  it.each([
    ['an agent that broke', failed('crash')],
    ['an agent that does not come up', new ExternalError({ system: 'agent', message: 'no program', retry: 'soon' })],
  ])('helps nothing with %s: the next agent works with the model that was asked for', async (_, answer) => {
    const { model, worked } = await play(['a', 'b'], { a: answer, b: done }, { models });
    expect(worked.map((one) => one.model)).toEqual(['large', 'large']);
    expect(model).toEqual({ requested: 'large', used: 'large' });
  });

  it.each([
    ['a spent budget', failed('budget', false)],
    ['a refused key', failed('auth', false)],
    ['the limit of its time', failed('timeout')],
    ['work that was refused', { kind: 'stopped_early', reason: 'refusal', text: '' } as const],
  ])('ends where it would be the same with any: %s', async (_, answer) => {
    const { turn, model, worked } = await play(['a'], { a: { large: answer, small: done } }, { models });
    expect(turn).toEqual(answer);
    expect(model).toEqual({ requested: 'large', used: 'large' });
    expect(worked).toHaveLength(1);
  });

  it('ends where time, money or the work itself is over', async () => {
    const away = { a: { large: failed('provider'), small: done } };
    for (const limits of [{ tokens: 1_000 }, { turnMs: 65_000 }, { isStopped: true }]) {
      const { worked } = await play(['a'], away, { models, ...limits });
      expect(worked, JSON.stringify(limits)).toHaveLength(1);
    }
  });

  it.each([
    ['the first of them is there again', 100, 900, 100],
    ['the last of them is there again', 900, 100, 100],
    ['soon, where one has not said when', undefined, 900, undefined],
  ])('that is away as a whole is waited for until %s', async (_, first, last, retryAt) => {
    const away = (moment: number | undefined) => ({
      ...failed('rate_limit'),
      ...(moment === undefined ? {} : { retryAt: moment }),
    });
    const { turn } = await play(['a'], { a: { large: away(first), small: away(last) } }, { models });
    expect(turn).toEqual(away(retryAt));
    const { turn: other } = await play(['a', 'b'], { a: failed('crash'), b: away(900) });
    expect(other).toEqual(away(900));
  });

  it('passes over one that this worker does not offer, and fails where it offers none', async () => {
    const { model, worked } = await play(['a'], { a: done }, { models: ['gone', 'small'] });
    expect(model).toEqual({ requested: 'gone', used: 'small', why: 'gone is not offered by this worker' });
    expect(worked).toEqual([{ id: 'a', model: 'small', allowed: ['small'] }]);
    await expect(play(['a'], { a: done }, { models: ['gone'] })).rejects.toMatchObject({
      system: 'model',
      retry: 'never',
      message: 'gone is not offered by this worker',
    });
  });
});
