// Sandboxes, agents, the model and its gateway: what they do comes from the history, in the order in which it is asked
// for. They take time of the process that uses them and die with it.

import { nothingReached } from '../../src/core/model/network-report.ts';
import { ExternalError } from '../../src/engine/external-error.ts';
import type { AgentDriver, TurnResult } from '../../src/engine/port/agent.ts';
import type { ClockPort } from '../../src/engine/port/clock.ts';
import type { EgressPort } from '../../src/engine/port/egress.ts';
import type { LayerPort } from '../../src/engine/port/layer.ts';
import type { ModelGateway, ModelPort, ModelUsage } from '../../src/engine/port/model.ts';
import {
  type OfferedSandboxes,
  type ProcessEnd,
  type Sandbox,
  type SandboxProcess,
  SandboxRefused,
} from '../../src/engine/port/sandbox.ts';
import { canaries } from './canary.ts';
import type { AgentFate } from './history.ts';
import type { ToldSession } from './invariant/instructions.ts';
import { treeIdOf } from './objects.ts';
import { type Answer, answerPilot, answerPlan, answerReview } from './scripted-model.ts';
import type { CheckpointShelf } from './simulated-checkpoints.ts';
import type { Host } from './simulated-git.ts';

/** What the whole world knows of fates that were met and of what was really run. */
export interface Fates {
  nextAgent(): AgentFate;
  nextVerify(): 'honest' | 'red' | 'killed' | 'slow' | 'sandbox_refused';
  nextPlan(): Parameters<typeof answerPlan>[0];
  nextPilot(): Parameters<typeof answerPilot>[0];
  nextReview(): Parameters<typeof answerReview>[0];
  /** Trees on which every verify command really ran and passed. */
  readonly greenTrees: Set<string>;
  /** Each of them with each command that passed on it. */
  readonly passed: Set<string>;
  /** Each tree with each command that came to its end on it, or to that of our limits, whatever it said. */
  readonly judged: Set<string>;
  readonly prompts: string[];
  /** Sessions of agents, and what each was told. */
  readonly sessions: ToldSession[];
  readonly checkpoints: CheckpointShelf;
}

export function toPass(treeId: string, command: string): string {
  return `${treeId} ${command}`;
}

/** One process on one host. */
export interface Place {
  readonly host: Host;
  readonly clock: ClockPort;
  readonly fates: Fates;
  /** What each token of the gateway may spend, in millionths of a dollar. */
  readonly allowances: Map<string, number>;
  /** Told when work in a folder comes to its end by itself. */
  readonly onWorked: (folder: string, since: number) => void;
}

const attributes = {
  capabilities: {
    provider: 'simulated',
    isolation: 'process-policy',
    network: ['deny', 'gateway', 'allowlist'],
    limits: { memory: 'hard', pids: 'hard', cpu: 'hard', disk: 'hard', wall: 'hard', output: 'hard' },
    identity: 'user-namespace',
  },
} as const;

export function createSimulatedSandboxes({ host, clock, fates, onWorked }: Place): OfferedSandboxes {
  return {
    ...attributes,
    proved: new Map([['bubblewrap', attributes.capabilities]]),
    async create(spec) {
      const isVerify = spec.id.startsWith('verify-');
      const fate = isVerify ? fates.nextVerify() : 'honest';
      if (fate === 'sandbox_refused') throw new SandboxRefused('network.deny', 'this host lost it');
      const killed = new AbortController();
      const kill = async () => killed.abort();
      const folder = spec.workspace.path;
      const run = async (command: string): Promise<ProcessEnd> => {
        const since = clock.now();
        await clock.sleep(fate === 'slow' ? 25_000 : 1_500, killed.signal);
        if (killed.signal.aborted) return { kind: 'killed', reason: 'stopped' };
        onWorked(folder, since);
        const tree = host.workspaces.get(folder) ?? new Map();
        fates.judged.add(toPass(treeIdOf(tree), command));
        if (fate === 'killed') return { kind: 'killed', reason: 'memory' };
        const isRed = fate === 'red' || isBroken(tree);
        if (!isRed) {
          fates.greenTrees.add(treeIdOf(tree));
          fates.passed.add(toPass(treeIdOf(tree), command));
        }
        return { kind: 'exited', code: isRed ? 1 : 0 };
      };
      const print = () => `${describe(host.workspaces.get(folder))} ${canaries.verifyPrints}\n`;
      // Whoever asks where a workspace stands runs git in it.
      const isLook = spec.id.startsWith('head-');
      const show = isLook ? () => `${host.heads.get(folder) ?? ''}\n` : print;
      const start = (command: string) =>
        isLook
          ? Promise.resolve({ kind: 'exited', code: 0 } as const)
          : isVerify
            ? run(command)
            : untilKilled(killed.signal);
      const inside: Inside = { folder, isReadOnly: spec.workspace.access === 'read-only', killed: killed.signal };
      const sandbox: Sandbox & Inside = {
        id: spec.id,
        ...inside,
        spawn: (argv) => ({ ...toProcess(start(argv.at(-1) ?? ''), show, kill), ...inside }),
        kill,
        dispose: kill,
      };
      return sandbox;
    },
  };
}

/** What only the scripted agent and git know of a sandbox. */
interface Inside {
  readonly folder: string;
  readonly isReadOnly: boolean;
  readonly killed: AbortSignal;
}

function untilKilled(killed: AbortSignal): Promise<ProcessEnd> {
  return new Promise((resolve) =>
    killed.addEventListener('abort', () => resolve({ kind: 'killed', reason: 'stopped' })),
  );
}

/** Content says by itself whether it passes: two clashing files are fine alone and red together. */
function isBroken(tree: ReadonlyMap<string, string>): boolean {
  const texts = [...tree.values()];
  return texts.some((text) => text.includes('RED')) || texts.filter((text) => text.includes('CLASH')).length > 1;
}

function describe(tree: ReadonlyMap<string, string> = new Map()): string {
  const broken = [...tree].filter(([, text]) => /RED|CLASH/.test(text)).map(([path]) => path);
  return broken.length === 0 ? 'all fine' : `broken: ${broken[0]}:1`;
}

function toProcess(end: Promise<ProcessEnd>, print: () => string, kill: () => Promise<void>): SandboxProcess {
  async function* output() {
    await end;
    yield Buffer.from(print());
  }
  async function* nothing() {}
  const streams = {
    stdin: { end: () => undefined },
    stdout: output(),
    stderr: Object.assign(nothing(), { resume: () => undefined }),
  };
  // Of a stream only what the engine uses is here.
  return { ...(streams as unknown as Pick<SandboxProcess, 'stdin' | 'stdout' | 'stderr'>), end, kill };
}

/** In the middle of its turn an agent reads what it was told meanwhile. */
const safePointMs = 2_000;

export function createSimulatedAgent({ host, clock, fates, allowances, onWorked }: Place): AgentDriver {
  return {
    name: 'scripted',
    mounts: [],
    env: {},
    async start(spec) {
      const isPaid = (allowances.get(spec.model.token) ?? 0) >= attemptCost;
      const drawn = fates.nextAgent();
      const fate = isPaid ? drawn : 'budget';
      const { folder, isReadOnly, killed } = spec.spawn(['agent']) as SandboxProcess & Inside;
      const remembered = spec.resume === 's1' && spec.home !== undefined ? host.homes.get(folder) : undefined;
      const session: ToldSession = { folder, told: [...(remembered ?? [])], remembered: remembered?.length ?? 0 };
      fates.sessions.push(session);
      const read = (text: string) => {
        fates.prompts.push(text);
        session.told.push(text);
        if (spec.home !== undefined) host.homes.set(folder, [...session.told]);
      };
      let moves = 0;
      let queue: { readonly text: string; readonly onRead: () => void }[] | undefined;
      return {
        id: 's1',
        resumed: remembered !== undefined,
        capabilities: { resume: spec.home !== undefined, steer: fate !== 'says_secret' },
        async steer(text, onRead = () => undefined) {
          queue?.push({ text, onRead });
          return queue !== undefined;
        },
        cancel: async () => undefined,
        close: async () => undefined,
        async prompt(text, onEvent) {
          const isFirst = session.told.length === session.remembered;
          read(text);
          onEvent({ kind: 'text', text: `I work. ${canaries.agentSays} ` });
          const begunAt = clock.now();
          queue = [];
          await clock.sleep(safePointMs, killed);
          if (!killed.aborted)
            for (const said of queue.splice(0)) {
              read(said.text);
              said.onRead();
            }
          const since = ++moves;
          if (!killed.aborted) spec.onRest?.(() => moves === since);
          await clock.sleep(fate === 'hangs' ? spec.turnMs - safePointMs : safePointMs, killed);
          // What it has not read by now it never reads.
          queue = undefined;
          if (killed.aborted) return { kind: 'failed', fault: 'crash', message: 'killed', retryable: false, text: '' };
          onWorked(folder, begunAt);
          moves += 1;
          if (!isFirst) return { kind: 'done', text: 'I know.' };
          const files = host.workspaces.get(folder) ?? new Map();
          // What is written where nothing can be written is nowhere.
          // Whoever goes on does what it was told first.
          return work(fate, isReadOnly ? new Map(files) : files, session.told[0] ?? text);
        },
      };
    },
  };
}

/** Nobody overrides here, so that nothing of it may ever be on GitHub. */
export const protectedPath = '.github/owners.md';

function work(fate: AgentFate, files: Map<string, string>, prompt: string): TurnResult {
  const [, step] = /^# This step: (\S+)$/m.exec(prompt) ?? [];
  const told =
    step && prompt.includes('You review a change before it is merged.') ? answerGate(step, fate, prompt) : '';
  if (told !== '') return { kind: 'done', text: told };
  if (prompt.includes('# Settle a conflict') && fate === 'done') return settleMarks(files);
  const owned = /^- src\/(alpha|beta|gamma)\//m.exec(prompt)?.[1] ?? 'all';
  const file = `src/${owned}/work.ts`;
  const write = (path: string, text: string) =>
    files.set(path, `${text} of ${owned} after ${files.get(path)?.length ?? 0}\n`);
  const done = { kind: 'done', text: fate === 'says_secret' ? `Done with ${canaries.agentSays}.` : 'Done.' } as const;
  const fail = (fault: 'crash' | 'provider' | 'timeout' | 'budget'): TurnResult => ({
    kind: 'failed',
    fault,
    message: `it was ${fault}`,
    retryable: true,
    text: '',
  });
  switch (fate) {
    case 'done':
    case 'says_secret':
      write(file, 'Work');
      if (isTempted(prompt)) write(protectedPath, 'Work');
      return done;
    case 'red':
      write(file, 'RED');
      return done;
    case 'clash':
      write(file, 'CLASH');
      return done;
    case 'same_file':
      write(`src/${owned}/work.ts`, 'Work');
      write('README.md', 'Work');
      return done;
    case 'out_of_scope':
      write('.github/workflows/ci.yml', 'Work');
      return done;
    case 'leaks_secret':
      write(file, `key ${canaries.agentSays}`);
      return done;
    case 'no_change':
      return done;
    case 'asks':
    case 'asks_or_gives_up':
      // As it is told that it may, and no oftener.
      if (prompt.includes('gatepilot-question')) return { kind: 'done', text: renderQuestion(fate) };
      write(file, 'Work');
      return done;
    case 'gave_up':
      return { kind: 'stopped_early', reason: 'refusal', text: 'I will not.' };
    case 'crashed':
      return fail('crash');
    case 'provider_down':
      return fail('provider');
    case 'hangs':
      return fail('timeout');
    case 'budget':
      return fail('budget');
  }
}

/** Whoever may go anywhere goes there, until people say not to. */
function isTempted(prompt: string): boolean {
  return /^- \*\*$/m.test(prompt) && !prompt.includes('Leave that as it is.');
}

/** Both sides of each conflict stay. */
function settleMarks(files: Map<string, string>): TurnResult {
  for (const [path, text] of files) files.set(path, text.replace(/^(?:<{7}|={7}|>{7}).*\n/gm, ''));
  return { kind: 'done', text: 'I kept both.' };
}

/** A reviewer says that something is wrong where an agent would have built something wrong; whoever checks says why it is. */
function answerGate(step: string, fate: AgentFate, prompt: string): string {
  if (fate === 'no_change') return 'I give no list.';
  if (!['done', 'red', 'clash', 'same_file', 'out_of_scope', 'says_secret'].includes(fate)) return '';
  const [path = 'README.md'] = /^src\/\w+\/work\.ts$/m.exec(prompt) ?? [];
  const claim = { severity: 'major', path, line: 1, what: `It is wrong: ${canaries.agentSays}.` };
  const [quote = 'after'] = /after \d+/.exec(prompt) ?? [];
  const evidence = { kind: 'trace', path, from: 1, to: 1, quote };
  if (step !== 'check') return renderList(fate === 'done' ? [] : [claim]);
  const isClaimed = prompt.includes('"what":"It is wrong');
  const isAgain = prompt.includes('These were confirmed of the change before this one');
  const status = fate === 'out_of_scope' ? 'refuted' : isAgain && fate === 'done' ? 'fixed' : 'confirmed';
  return renderList(isClaimed ? [{ ...claim, status, why: 'I looked.', evidence }] : []);
}

function renderList(entries: readonly unknown[]): string {
  return `I looked.\n\`\`\`findings\n${JSON.stringify(entries)}\n\`\`\``;
}

function renderQuestion(fate: 'asks' | 'asks_or_gives_up'): string {
  const question = `Blue or red? My key is ${canaries.agentSays}.`;
  const block = { question, ...(fate === 'asks' ? { otherwise: 'Make it green.' } : {}) };
  return `I am not sure.\n\`\`\`gatepilot-question\n${JSON.stringify(block)}\n\`\`\``;
}

/** An attempt costs four cents, a call of ours two; the gateway lets through no more than what was reserved. */
const attemptCost = 40_000;
const callCost = 20_000;

export function createSimulatedGateway({ allowances }: Place): ModelGateway {
  return {
    provider: 'anthropic',
    async grant({ limits }) {
      const token = `${canaries.gatewayToken}${allowances.size}`;
      const allowed = limits.microUsd ?? attemptCost;
      allowances.set(token, allowed);
      const usage = usageOf(Math.min(attemptCost, allowed));
      return { token, socket: '/socket', usage: () => usage, trouble: () => undefined, revoke: async () => usage };
    },
    grantHost: () => {
      throw new Error('the scripted model needs no gateway');
    },
  };
}

/** Nobody inside does anything with it. */
export function createSimulatedEgress(): EgressPort {
  return {
    async grant([host = '']) {
      const reached = [{ host, connections: 1, sentBytes: 1_000, receivedBytes: 2_000 }];
      const denied = [{ host: `${canaries.gatewayToken}.example`, why: 'not_listed' as const, count: 2 }];
      const report = { ...nothingReached, reached, denied };
      return { socket: '/egress', report: () => report, revoke: async () => report };
    },
  };
}

/** No repository of the simulation has a lock file. */
export const noLayers: LayerPort = {
  readMachine: async () => 'simulated',
  find: async () => undefined,
  build: async () => {
    throw new Error('nothing is to be set up here');
  },
  removeAll: async () => undefined,
};

function usageOf(costMicrodollars: number): ModelUsage {
  const tokens = { inputTokens: 100, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 50 };
  return { requests: 1, ...tokens, costMicrodollars, exact: true };
}

function answerFor(role: string, prompt: string, fates: Fates): Answer {
  switch (role) {
    case 'planner':
      return answerPlan(fates.nextPlan());
    case 'reviewer':
      return answerReview(fates.nextReview(), prompt);
    default:
      return answerPilot(fates.nextPilot(), prompt);
  }
}

const model = { requested: 'scripted', used: 'scripted' };

export function createSimulatedModel({ clock, fates }: Place): ModelPort {
  return {
    async decide(request) {
      fates.prompts.push(`${request.system}\n${request.prompt}`);
      const answer = answerFor(request.role, request.prompt, fates);
      const usage = usageOf(Math.min(callCost, request.limits?.microUsd ?? callCost));
      request.onUsage?.(usage);
      await clock.sleep(answer.kind === 'down' ? 100 : answer.takesMs, request.signal);
      if (request.signal?.aborted) throw request.signal.reason;
      if (answer.kind === 'down')
        throw new ExternalError({ system: 'model', message: 'overloaded', retry: answer.retry });
      const parsed = request.schema.safeParse(answer.value);
      const complaints = parsed.success ? (request.validate?.(parsed.data) ?? []) : ['not of the agreed form'];
      const raw = JSON.stringify(answer.value);
      return parsed.success && complaints.length === 0
        ? { kind: 'decided', value: parsed.data, raw, model, usage, repairs: 0 }
        : { kind: 'unusable', raw: [raw], complaints, model, usage };
    },
  };
}
