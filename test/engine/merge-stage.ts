// A run from its plan to its merged batches: the real decisions, the real work on attempts and merges, and real git. Agents
// are functions over a workspace; GitHub, Redis and the isolation of sandboxes are not here.
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createDiskArtifacts } from '../../src/artifact/create-disk-artifacts.ts';
import { AcceptanceVerdict } from '../../src/core/acceptance/acceptance-verdict.ts';
import type { Action } from '../../src/core/model/action.ts';
import type { Event } from '../../src/core/model/event.ts';
import type { PlannedTask } from '../../src/core/model/plan-outcome.ts';
import { nothingSpent } from '../../src/core/model/spend.ts';
import { toRepositoryKey } from '../../src/core/model/subject.ts';
import { createBaselineMemory } from '../../src/engine/baseline-memory.ts';
import type { Held } from '../../src/engine/carry-out.ts';
import type { TurnResult } from '../../src/engine/port/agent.ts';
import type { GitPort, RepositoryRef } from '../../src/engine/port/git.ts';
import type { Decided, DecideRequest } from '../../src/engine/port/model.ts';
import { reviewAcceptance } from '../../src/engine/review-acceptance.ts';
import { runAttempt } from '../../src/engine/run-attempt.ts';
import { runBaseline } from '../../src/engine/run-baseline.ts';
import { runIntegrate } from '../../src/engine/run-integrate.ts';
import { openWorkPlace } from '../../src/engine/work-place.ts';
import type { WorkPorts } from '../../src/engine/work-ports.ts';
import { mirrorPath } from '../../src/git/mirror-path.ts';
import { createResources } from '../../src/resource/create-resources.ts';
import { comment, planned } from '../core/run/outcome.ts';
import { credentials } from '../git/support/http-remote.ts';
import { plainGit } from '../git/support/plain-git.ts';
import { openProcessSandbox } from '../git/support/process-sandbox.ts';
import { openScene, type Scene } from '../git/support/scene.ts';
import { noHooks } from '../support/no-hooks.ts';
import { quiet } from '../support/quiet.ts';
import { type Holder, repository, WorldOfDecisions } from '../support/world-of-decisions.ts';

export interface AgentCall {
  /** As the gateway knows it, such as `task-a`. */
  readonly role: string;
  readonly attempt: number;
  readonly prompt: string;
  readonly workspace: string;
}

export type Agent = (call: AgentCall) => Promise<void> | void;

/** What a reviewer answers to a prompt, and what that costs. */
export type Reviewer = (request: DecideRequest<AcceptanceVerdict>) => { entries: object[]; microUsd?: number };

/** What a holder knows of its lease. */
type LeaseOf = Pick<Held<'attempt'>, 'signal' | 'isStillWanted'>;

export interface MergeStage {
  readonly scene: Scene;
  readonly world: WorldOfDecisions;
  readonly git: GitPort;
  readonly ref: RepositoryRef;
  readonly calls: AgentCall[];
  /** The first commit of the base branch. */
  readonly base: string;
  /** Faults are put in here: what is set takes the place of what is real. */
  readonly faults: Partial<GitPort>;
  agent: Agent;
  /** How the turn of an agent ends when it has done its work. */
  end: (call: AgentCall) => TurnResult;
  readonly reviewer: Reviewer;
  /** Works on whatever is open until the run does not build any more, or `until` says so before the next action. */
  play(until?: (action: Action) => boolean): Promise<void>;
  /** Carries the next action of this kind out as this holder, without reporting how it ended. */
  carryOut(holder: Holder, lease?: Partial<LeaseOf>): Promise<unknown>;
  /** Our own refs in the mirror. */
  listRefs(): string[];
  read(path: string): Promise<string | undefined>;
  readArtifact(id: string): Promise<string>;
  close(): Promise<void>;
}

interface StageOptions {
  readonly files: Readonly<Record<string, string>>;
  readonly tasks: readonly PlannedTask[];
  readonly batches: string[][];
  readonly agent: Agent;
  /** Where tasks have acceptance items. */
  readonly reviewer?: Reviewer;
  /** Further lines of the policy file. */
  readonly policy?: string;
}

/** `check.sh` of the files is what verifies. */
export async function openMergeStage(options: StageOptions): Promise<MergeStage> {
  const scene = await openScene();
  const base = await scene.commit('main', options.files);
  const ref = { key: toRepositoryKey(repository), url: scene.repository.url };
  await scene.git.fetch(ref, credentials, 'main');
  const world = new WorldOfDecisions();
  world.facts = {
    defaultBranch: 'main',
    baseSha: base,
    policyText: `verify:\n  commands:\n    - sh check.sh\nreview: { enabled: false }\n${options.policy ?? ''}`,
  };
  comment(world, '/pilot run').settle();
  world.finish('plan', { ...planned(...options.batches), tasks: [...options.tasks] });
  const calls: AgentCall[] = [];
  const faults: Partial<GitPort> = {};
  const git = new Proxy(scene.git, { get: (own, name) => Reflect.get(name in faults ? faults : own, name) });
  const stage: MergeStage = {
    scene,
    world,
    git,
    ref,
    calls,
    base,
    faults,
    agent: options.agent,
    end: () => ({ kind: 'done', text: 'Done.' }),
    reviewer: options.reviewer ?? (() => ({ entries: [] })),
    async play(until = () => false) {
      for (let step = 0; step < 200; step += 1) {
        if (world.settle().run.state.kind !== 'executing') return;
        const open = world.outbox.find(({ action, state }) => state.kind === 'pending' && isPlayed(action));
        if (!open) throw new Error(`nothing works: ${JSON.stringify(world.run.state)}`);
        if (until(open.action)) return;
        const holder = world.begin(open.action.id);
        world.report(holder, (await stage.carryOut(holder)) as never);
      }
      throw new Error('it does not come to rest');
    },
    carryOut: async (holder, lease = {}) => {
      const held = hold(world, holder, lease);
      const ports = openPorts(stage);
      if (holder.action.kind === 'baseline') return await runBaseline(ports, held as Held<'baseline'>);
      if (holder.action.kind === 'attempt') return await runAttempt(ports, held as Held<'attempt'>);
      if (holder.action.kind === 'integrate') return await runIntegrate(ports, held as Held<'integrate'>);
      if (holder.action.kind === 'acceptance') return await reviewAcceptance(ports, held as Held<'acceptance'>);
      return { kind: 'fell_back', why: 'there is none here', seconds: 0, spend: nothingSpent };
    },
    listRefs: () => {
      const { path } = mirrorPath(scene.hostFolder, ref);
      const list = plainGit(path, ['for-each-ref', '--format=%(refname)', 'refs/gatepilot/']);
      return list.split('\n').filter((line) => line !== '');
    },
    read: async (path) => await scene.git.readFile(ref, world.run.integration?.commit ?? base, path, 1_000_000),
    readArtifact: async (id) => Buffer.from((await artifactsOf(scene).read(ref.key, id)) ?? []).toString('utf8'),
    close: () => scene.close(),
  };
  return stage;
}

function artifactsOf({ folder }: Scene): ReturnType<typeof createDiskArtifacts> {
  return createDiskArtifacts({ folder: join(folder, 'artifacts'), redact: (text) => text });
}

function isPlayed({ kind }: Action): boolean {
  return ['attempt', 'integrate', 'acceptance', 'pilot', 'baseline'].includes(kind);
}

function hold(world: WorldOfDecisions, { action, token }: Holder, lease: Partial<LeaseOf>): unknown {
  const { signal = new AbortController().signal } = lease;
  return {
    subject: 'github.test/7/1',
    action,
    token,
    record: structuredClone(world.record),
    isSettling: false,
    spent: { spend: nothingSpent },
    signal,
    stillHolds: () => !signal.aborted,
    mayBeReplaced: () => false,
    isStillWanted: lease.isStillWanted ?? (async () => true),
    inform: async (event: Event) => void world.put(event).settle(),
  };
}

const model = { requested: 'scripted', used: 'scripted' };
const usage = { requests: 1, inputTokens: 100, outputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0, exact: true };

function answer(reviewer: Reviewer, request: DecideRequest<AcceptanceVerdict>): Decided<AcceptanceVerdict> {
  const { entries, microUsd = 1_000 } = reviewer(request);
  const used = { ...usage, costMicrodollars: microUsd };
  request.onUsage?.(used);
  const raw = JSON.stringify({ entries });
  const value = AcceptanceVerdict.parse({ entries });
  const complaints = request.validate?.(value) ?? [];
  if (complaints.length > 0) return { kind: 'unusable', raw: [raw], complaints, model, usage: used };
  return { kind: 'decided', value, raw, model, usage: used, repairs: 0 };
}

function openPorts(stage: MergeStage): WorkPorts {
  const { scene, git, calls } = stage;
  let caller = { role: '', attempt: 1 };
  let workspace = '';
  const sandboxes = {
    proved: new Map(),
    async create(spec: { workspace: { path: string }; network: { mode: string } }) {
      if (spec.network.mode === 'gateway') workspace = spec.workspace.path;
      return openProcessSandbox(spec.workspace.path, await mkdtemp(join(scene.folder, 'sandbox-')));
    },
  };
  const agent = {
    name: 'scripted',
    mounts: [],
    env: {},
    start: async () => ({
      capabilities: { resume: false, steer: false },
      close: async () => undefined,
      async prompt(prompt: string): Promise<TurnResult> {
        const call = { ...caller, prompt, workspace };
        calls.push(call);
        await stage.agent(call);
        return stage.end(call);
      },
    }),
  };
  const gateway = {
    provider: 'anthropic',
    async grant({ role, attempt }: { role: string; attempt: string }) {
      caller = { role, attempt: Number(attempt) };
      return {
        token: 'token',
        socket: '/socket',
        trouble: () => undefined,
        revoke: async () => ({ ...usage, costMicrodollars: 1_000 }),
      };
    },
  };
  return {
    store: {
      appendLive: async () => undefined,
      readTold: async () => stage.world.told,
      load: async () => ({ record: structuredClone(stage.world.record) }),
    },
    github: { createGitToken: async () => credentials, toGitUrl: () => stage.ref.url },
    git,
    artifacts: artifactsOf(scene),
    sandboxes,
    agents: new Map([['pi', agent]]),
    gateway,
    model: { decide: async (request: DecideRequest<AcceptanceVerdict>) => answer(stage.reviewer, request) },
    resources: createResources(undefined),
    hooks: noHooks,
    clock: { now: () => Date.now(), sleep: async () => undefined },
    baselines: createBaselineMemory({ now: () => stage.world.now }),
    openWorkPlace: (name: string) => openWorkPlace(join(scene.folder, 'work'), name),
    log: quiet,
    hash: (text: string) => text,
    options: { models: ['scripted'], outputBytes: 200_000_000, attemptTokens: 1_000_000 },
  } as unknown as WorkPorts;
}
