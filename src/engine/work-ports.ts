import type { Limits, RunPolicy } from '../core/model/run.ts';
import type { SetupNote } from '../core/model/setup-note.ts';
import { type Repository, toRepositoryKey } from '../core/model/subject.ts';
import type { NetworkPermit } from '../core/network/network-permit.ts';
import type { Offered } from '../core/resource/open-catalog.ts';
import type { BaselineMemory } from './baseline-memory.ts';
import type { BudgetedGitHub } from './budget-writes.ts';
import type { AgentDriver } from './port/agent.ts';
import type { ArtifactPort } from './port/artifact.ts';
import type { CheckpointPort } from './port/checkpoint.ts';
import type { ClockPort } from './port/clock.ts';
import type { EgressPort } from './port/egress.ts';
import type { GitPort, RepositoryRef } from './port/git.ts';
import type { GitHubReader } from './port/github.ts';
import type { HookPort } from './port/hook.ts';
import type { Layer, LayerPort } from './port/layer.ts';
import type { LogPort } from './port/log.ts';
import type { ModelGateway, ModelPort } from './port/model.ts';
import type { ResourcePort } from './port/resource.ts';
import type { OfferedSandboxes, SandboxLimits } from './port/sandbox.ts';
import type { StorePort } from './port/store.ts';
import type { WorkPlace } from './work-place.ts';

/** Everything that work on a run may need. Made once per worker process. */
export interface WorkPorts {
  readonly store: StorePort;
  readonly github: BudgetedGitHub;
  readonly git: GitPort;
  readonly artifacts: ArtifactPort;
  readonly checkpoints: CheckpointPort;
  readonly sandboxes: OfferedSandboxes;
  /** Coding agents that the operator offers by their names, the usual one first. */
  readonly agents: ReadonlyMap<string, AgentDriver>;
  readonly gateway: ModelGateway;
  readonly egress: EgressPort;
  readonly layers: LayerPort;
  readonly model: ModelPort;
  readonly resources: ResourcePort;
  readonly hooks: HookPort;
  readonly clock: ClockPort;
  readonly baselines: BaselineMemory;
  /** A folder of this host for one action and holder. */
  readonly openWorkPlace: (name: string) => Promise<WorkPlace>;
  readonly log: LogPort;
  readonly hash: (text: string) => string;
  readonly options: WorkOptions;
}

export interface WorkOptions {
  /** Models that the operator offers, the usual one first. */
  readonly models: readonly [string, ...string[]];
  /** What a sandbox's processes may write to their streams, however much the policy allows otherwise. */
  readonly outputBytes: number;
  /** Model tokens that one attempt may use. */
  readonly attemptTokens: number;
  /** Sandboxes that the operator offers, the usual one first. */
  readonly sandboxes: readonly string[];
  /** Hosts that the operator lets repositories ask for. */
  readonly network: NetworkPermit;
  /** After how much work what an agent has got so far is kept; never where this is absent. */
  readonly checkpointMs?: number | undefined;
}

export function toRepositoryRef(github: GitHubReader, repository: Repository): RepositoryRef {
  return { key: toRepositoryKey(repository), url: github.toGitUrl(repository) };
}

export type Offering = Pick<WorkPorts, 'agents'> & { readonly options: Pick<WorkOptions, 'models'> };

/** What the files of a repository may name. */
export function toOffered({ agents, options }: Offering): Offered {
  return { agents: [...agents.keys()], models: options.models };
}

/** Callers of the model are known by names that hold nothing but plain characters. */
export function toCallerRun(repository: Repository, number: number, runId: string): string {
  return `${repository.id}.${number}.${runId}`;
}

/** What was reserved for an action, as the gateway enforces it. */
export function toModelLimits({ microUsd, tokens }: Limits): { microUsd: number; tokens?: number } {
  return tokens === undefined ? { microUsd } : { microUsd, tokens };
}

const megabyte = 1024 * 1024;

/** Where the policy lets a run's agents and commands work, and what it allows one sandbox. */
export interface SandboxPlace {
  readonly provider: string | undefined;
  readonly limits: Omit<SandboxLimits, 'wallMs'>;
  /** What is prepared there. */
  readonly layer?: Layer | undefined;
  readonly setup?: SetupNote | undefined;
}

export function toSandboxPlace(
  options: WorkOptions,
  { sandbox }: { readonly sandbox: Omit<RunPolicy['sandbox'], 'network'> },
): SandboxPlace {
  const limits = {
    memoryBytes: sandbox.memoryMb * megabyte,
    diskBytes: sandbox.diskMb * megabyte,
    pids: sandbox.processes,
    cpuSeconds: sandbox.cpuMinutes * 60,
    outputBytes: options.outputBytes,
  };
  return { provider: sandbox.provider, limits };
}
