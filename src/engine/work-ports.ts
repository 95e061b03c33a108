import type { AgentDriver } from './port/agent.ts';
import type { ArtifactPort } from './port/artifact.ts';
import type { GitHubPort } from './port/github.ts';
import type { GitPort, RepositoryRef } from './port/git.ts';
import type { LogPort } from './port/log.ts';
import type { ModelGateway, ModelPort } from './port/model.ts';
import type { SandboxLimits, SandboxProvider } from './port/sandbox.ts';
import type { StorePort } from './port/store.ts';
import type { Repository } from '../core/model/subject.ts';

/** Everything that work on a run may need. Made once per worker process. */
export interface WorkPorts {
  readonly store: StorePort;
  readonly github: GitHubPort;
  readonly git: GitPort;
  readonly artifacts: ArtifactPort;
  readonly sandboxes: SandboxProvider;
  readonly agent: AgentDriver;
  readonly gateway: ModelGateway;
  readonly model: ModelPort;
  readonly log: LogPort;
  readonly hash: (text: string) => string;
  readonly options: WorkOptions;
}

export interface WorkOptions {
  /** Folder of disposable work places; one per host. */
  readonly workFolder: string;
  readonly modelName: string;
  readonly limits: Omit<SandboxLimits, 'wallMs'>;
  /** Model tokens that one attempt, or one structured call, may use. */
  readonly attemptTokens: number;
  readonly callTokens: number;
}

export function toRepositoryRef(github: GitHubPort, repository: Repository): RepositoryRef {
  return { key: `${repository.host}/${repository.id}`, url: github.toGitUrl(repository) };
}

/** Callers of the model are known by names that hold nothing but plain characters. */
export function toCallerRun(repository: Repository, number: number, runId: string): string {
  return `${repository.id}.${number}.${runId}`;
}
