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

/** `answers`: what each agent that is offered does. Each takes a minute and a thousand tokens. */
async function play(
  names: readonly string[],
  answers: Readonly<Record<string, Answer>>,
  { tokens = 1_000_000, turnMs = 600_000, isStopped = false } = {},
) {
  let now = 0;
  const asked: { name: string; turnMs: number; tokens: number }[] = [];
  const events: AgentEvent[] = [];
  const spends: Spend[] = [];
  const stopping = new AbortController();
  let granted = 0;
  const toDriver = (name: string, answer: Answer): AgentDriver =>
    ({
      name,
      mounts: [],
      env: {},
      start: async (spec: AgentSpec) => {
        asked.push({ name, turnMs: spec.turnMs, tokens: granted });
        now += 60_000;
        if (isStopped) stopping.abort();
        if (answer instanceof ExternalError) throw answer;
        return { capabilities: { steer: true }, prompt: async () => answer, close: async () => undefined };
      },
    }) as unknown as AgentDriver;
  const usage = { inputTokens: 900, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 100, costMicrodollars: 7 };
  const ports = {
    options: { attemptTokens: 10_000_000, modelName: 'scripted' },
    clock: { now: () => now },
    gateway: {
      provider: 'anthropic',
      grant: async ({ limits }: { limits: { tokens: number } }) => {
        granted = limits.tokens;
        return {
          socket: '',
          token: '',
          trouble: () => undefined,
          revoke: async () => ({ ...usage, requests: 1, exact: true }),
        };
      },
    },
    sandboxes: { create: async () => ({ kill: async () => undefined, dispose: async () => undefined }) },
    agents: new Map(Object.entries(answers).map(([name, answer]) => [name, toDriver(name, answer)])),
  } as unknown as WorkPorts;
  const report = await runAgentChain(ports, names, {
    id: 'a',
    workspace: '/w',
    prompt: 'go',
    caller: { run: 'r', role: 'task-a', attempt: '1' },
    turnMs,
    idleMs: 1,
    turns: undefined,
    place: { provider: undefined, limits: { memoryBytes: 1, diskBytes: 1, pids: 1, cpuSeconds: 1, outputBytes: 1 } },
    budget: { microUsd: 1_000, tokens },
    onSpend: (spend) => spends.push(spend),
    signal: stopping.signal,
    isStillWanted: async () => true,
    onEvent: (event) => events.push(event),
  });
  return { ...report, asked, events, spent: spends.at(-1) };
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
    expect(spent).toEqual({ inputTokens: 2_700, outputTokens: 300, microUsd: 21 });
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
