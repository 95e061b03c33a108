// A limit that an agent cannot be told of is said to be none.
import { expect, it } from 'vitest';
import type { AgentDriver, AgentEvent, AgentSpec } from '../../src/engine/port/agent.ts';
import { runAgent } from '../../src/engine/run-agent.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';

async function play(steer: boolean, turns: AgentSpec['turns']) {
  const events: AgentEvent[] = [];
  const started: AgentSpec[] = [];
  const usage = { requests: 0, inputTokens: 0, outputTokens: 0, microUsd: 0, exact: true };
  const ports = {
    options: { attemptTokens: 1, models: ['scripted'] },
    gateway: {
      provider: 'anthropic',
      grant: async () => ({ socket: '', token: '', trouble: () => undefined, revoke: async () => usage }),
    },
    sandboxes: { create: async () => ({ kill: async () => undefined, dispose: async () => undefined }) },
  } as unknown as WorkPorts;
  const driver = {
    name: 'scripted',
    mounts: [],
    env: {},
    start: async (spec: AgentSpec) => {
      started.push(spec);
      const prompt = async () => ({ kind: 'done', text: 'done' });
      return { capabilities: { resume: false, steer }, prompt, close: async () => undefined };
    },
  } as unknown as AgentDriver;
  await runAgent(ports, {
    id: 'a',
    driver,
    model: 'second',
    models: ['first', 'second'],
    workspace: '/w',
    prompt: 'go',
    caller: { run: 'r', role: 'task-a', attempt: '1' },
    turnMs: 1,
    idleMs: 1,
    turns,
    place: { provider: undefined, limits: { memoryBytes: 1, diskBytes: 1, pids: 1, cpuSeconds: 1, outputBytes: 1 } },
    budget: undefined,
    onSpend: () => undefined,
    signal: new AbortController().signal,
    isStillWanted: async () => true,
    onEvent: (event) => events.push(event),
  });
  return { phases: events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : [])), spec: started[0] };
}

const turns = { most: 3, grace: 1 };

it.each([
  ['an agent that can be told', true, turns, []],
  ['an agent that cannot be told', false, turns, ['turns_not_counted']],
  ['an agent without a limit', false, undefined, []],
] as const)('of the limit of turns, %s', async (_name, steer, limit, phases) => {
  const played = await play(steer, limit);
  expect(played.phases).toEqual(phases);
  expect(played.spec?.turns).toEqual(limit);
});
