// What an agent is started with, and what is told of its turn: a limit that it cannot be told of is said to be none.
import { describe, expect, it } from 'vitest';
import type { NetworkReport } from '../../src/core/model/network-report.ts';
import type { AgentDriver, AgentEvent, AgentSpec } from '../../src/engine/port/agent.ts';
import { SandboxRefused, type SandboxSpec } from '../../src/engine/port/sandbox.ts';
import { type AgentTurn, runAgent } from '../../src/engine/run-agent.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';

const usage = { requests: 0, inputTokens: 0, outputTokens: 0, microUsd: 0, exact: true };

function toPorts() {
  return {
    options: { attemptTokens: 1, models: ['scripted'] },
    gateway: {
      provider: 'anthropic',
      grant: async () => ({ socket: '/gateway.sock', token: '', trouble: () => undefined, revoke: async () => usage }),
    },
    sandboxes: { create: async () => ({ kill: async () => undefined, dispose: async () => undefined }) },
  };
}

function toTurn(started: AgentSpec[], steer = true): AgentTurn {
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
  return {
    id: 'a',
    driver,
    model: 'second',
    models: ['first', 'second'],
    workspace: '/w',
    prompt: 'go',
    caller: { run: 'r', role: 'task-a', attempt: '1' },
    turnMs: 1,
    idleMs: 1,
    turns: undefined,
    place: { provider: undefined, limits: { memoryBytes: 1, diskBytes: 1, pids: 1, cpuSeconds: 1, outputBytes: 1 } },
    network: [],
    budget: undefined,
    onSpend: () => undefined,
    onNetwork: () => undefined,
    signal: new AbortController().signal,
    isStillWanted: async () => true,
    onEvent: () => undefined,
  };
}

async function play(steer: boolean, turns: AgentSpec['turns']) {
  const events: AgentEvent[] = [];
  const started: AgentSpec[] = [];
  const ports = toPorts() as unknown as WorkPorts;
  await runAgent(ports, { ...toTurn(started, steer), turns, onEvent: (event) => events.push(event) });
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

describe('an agent with a list of hosts', () => {
  const report = { reached: [], otherReached: 0, denied: [], otherDenied: 0 };

  interface Reach {
    readonly network: readonly string[];
    readonly fails?: Error;
    readonly denied?: string;
    /** What the usual sandbox has proved, and another one, called "none". */
    readonly proved?: readonly string[];
    readonly provedByNone?: readonly string[];
    readonly provider?: string | undefined;
  }

  async function reach({ proved = ['allowlist'], provedByNone = [], ...options }: Reach) {
    const granted: (readonly string[])[] = [];
    const specs: SandboxSpec[] = [];
    const told: NetworkReport[] = [];
    let revoked = 0;
    const base = toPorts();
    const ports = {
      ...base,
      egress: {
        grant: async (domains: readonly string[]) => {
          granted.push(domains);
          const { denied } = options;
          const now =
            denied === undefined ? report : { ...report, denied: [{ host: denied, why: 'not_listed', count: 1 }] };
          return {
            socket: '/egress.sock',
            revoke: async () => {
              revoked += 1;
              return now;
            },
          };
        },
      },
      sandboxes: {
        capabilities: { network: proved },
        proved: new Map([
          ['bubblewrap', { network: proved }],
          ['none', { network: provedByNone }],
        ]),
        create: async (spec: SandboxSpec) => {
          specs.push(spec);
          if (options.fails) throw options.fails;
          return { kill: async () => undefined, dispose: async () => undefined };
        },
      },
    } as unknown as WorkPorts;
    const turn = toTurn([]);
    const place = { ...turn.place, provider: options.provider };
    const end = await runAgent(ports, {
      ...turn,
      place,
      network: options.network,
      onNetwork: (one) => told.push(one),
    }).catch((error: unknown) => error);
    return { granted, spec: specs[0], told, revoked, end };
  }

  it('gets a proxy of its own beside the gateway, which is gone when it is over', async () => {
    const { granted, spec, told, revoked } = await reach({ network: ['a.com'] });
    expect(granted).toEqual([['a.com']]);
    expect(spec?.network).toEqual({
      mode: 'allowlist',
      gateway: { socket: '/gateway.sock', port: 4000 },
      proxy: { socket: '/egress.sock', port: 3128 },
    });
    expect(spec?.env).toMatchObject({ HTTPS_PROXY: 'http://127.0.0.1:3128', NODE_USE_ENV_PROXY: '1' });
    expect([told, revoked]).toEqual([[report], 1]);
  });

  it('gets one that lets nothing through where there is no list, so that what it asks for is told', async () => {
    for (const provider of [undefined, 'bubblewrap']) {
      const { granted, spec, told, revoked } = await reach({ network: [], denied: 'evil.example.org', provider });
      expect(granted).toEqual([[]]);
      expect(spec?.network).toMatchObject({ mode: 'allowlist', proxy: { socket: '/egress.sock' } });
      expect(told).toEqual([{ ...report, denied: [{ host: 'evil.example.org', why: 'not_listed', count: 1 }] }]);
      expect(revoked).toBe(1);
    }
    // Who asks for nothing has nothing to be told of.
    expect((await reach({ network: [] })).told).toEqual([]);
  });

  it.each([
    ['by the usual one', { proved: ['deny', 'gateway'] }],
    ['by the one that it works in', { provider: 'none' }],
    ['by one that is not offered here', { provider: 'gvisor' }],
  ])('gets none where there is no list and no proxy was proved, %s', async (_name, options) => {
    const { granted, spec, told } = await reach({ network: [], ...options });
    expect([granted, told]).toEqual([[], []]);
    expect(spec?.network).toEqual({ mode: 'gateway', socket: '/gateway.sock', port: 4000 });
    expect(spec?.env).toEqual({});
  });

  it('is refused where no list can be held, and leaves no proxy behind', async () => {
    const { end, revoked } = await reach({ network: ['a.com'], fails: new SandboxRefused('allowlist', 'not proved') });
    expect(end).toMatchObject({ capability: 'allowlist' });
    expect(revoked).toBe(1);
  });

  it('does not carry a secret into the record by the name of a host', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const { told } = await reach({ network: ['a.com'], denied: `${secret}.evil.example.org` });
    expect(JSON.stringify(told)).not.toContain(secret);
    expect(told[0]?.denied).toHaveLength(1);
  });
});
