// The agent port: one contract for every coding agent. Drivers live in src/agent/<transport>/.
import type { SessionPhase } from '../../core/model/session-phase.ts';
import type { ModelProvider } from './model.ts';
import type { SandboxProcess } from './sandbox.ts';

/** What an agent shows while it works, for the live view. Never a source of truth about results or cost. */
export type AgentEvent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'thought'; readonly text: string }
  | {
      readonly kind: 'tool';
      readonly id: string;
      readonly name: string;
      readonly status: 'running' | 'done' | 'failed';
      readonly title: string;
    }
  | { readonly kind: 'retry'; readonly reason: string }
  | { readonly kind: 'phase'; readonly phase: SessionPhase; readonly detail: string }
  | { readonly kind: 'usage'; readonly inputTokens: number; readonly outputTokens: number };

/**
 * `budget`: the gateway gave no more. `idle`: no sign of life. `timeout`: the turn took too long.
 * `crash`: the agent's process ended.
 */
export type AgentFault =
  | 'auth'
  | 'budget'
  | 'rate_limit'
  | 'context'
  | 'provider'
  | 'crash'
  | 'idle'
  | 'timeout'
  | 'unknown';

/** How a turn ended. A fault of the agent or of its model is a value here, never an exception. */
export type TurnResult =
  | { readonly kind: 'done'; readonly text: string }
  | {
      readonly kind: 'stopped_early';
      readonly reason: 'max_tokens' | 'max_turns' | 'refusal' | 'cancelled';
      readonly text: string;
    }
  | {
      readonly kind: 'failed';
      readonly fault: AgentFault;
      readonly message: string;
      readonly retryable: boolean;
      /** When another try makes sense (epoch ms), where the provider of the model said so. */
      readonly retryAt?: number;
      readonly text: string;
    };

export interface AgentSession {
  /** The agent's own session id, kept so that a later process can resume it. */
  readonly id: string;
  /** False when no earlier session was asked for, or when it was gone: the agent then remembers nothing. */
  readonly resumed: boolean;
  readonly capabilities: { readonly resume: boolean; readonly steer: boolean };
  /** One turn at a time. What the agent says is hostile text like everything else from inside. */
  prompt(text: string, onEvent: (event: AgentEvent) => void): Promise<TurnResult>;
  /**
   * Text for the running turn at its next safe point; false when the agent cannot take it. `onRead` is called when the agent
   * reads it. What it has not read when the turn ends is dropped: no later turn tells of it.
   */
  steer(text: string, onRead?: () => void): Promise<boolean>;
  /** Ends the running turn as `cancelled`, by force when the agent does not stop by itself. */
  cancel(): Promise<void>;
  /** Ends the agent's process; resolves when it is gone. Safe to call twice. */
  close(): Promise<void>;
}

export interface AgentModel {
  /** Where inside the sandbox the model gateway answers, without a path. */
  readonly baseUrl: string;
  /** By which the gateway knows this attempt. */
  readonly token: string;
  readonly name: string;
  readonly provider: ModelProvider;
  /** How much the model reasons before it answers; the agent's own default when absent. */
  readonly thinking?: 'off' | 'low' | 'medium' | 'high';
}

export interface AgentSpec {
  /** Starts the agent's process inside the sandbox, in the workspace. */
  readonly spawn: (
    argv: readonly string[],
    options?: { cwd?: string; env?: Readonly<Record<string, string>> },
  ) => SandboxProcess;
  readonly model: AgentModel;
  /** What the agent may do to the workspace, as the sandbox holds it; what it asks for leave to do is answered by it. */
  readonly access?: 'read-only' | 'read-write';
  /**
   * Inside path of a folder that outlives the process, where it keeps what it needs to resume its session. Without it a
   * session lives and dies in the sandbox's home.
   */
  readonly home?: string;
  /** Session id of an earlier process with the same home, when it is to be resumed. */
  readonly resume?: string;
  /**
   * Called in the middle of a turn when no tool of the agent runs and its session is written, by drivers that can tell.
   * `isUndisturbed` says whether that has held ever since, in this turn.
   */
  readonly onRest?: (isUndisturbed: () => boolean) => void;
  /** No sign of life for this long ends the turn as `idle`; longer than the longest allowed command. */
  readonly idleMs: number;
  readonly turnMs: number;
  /**
   * Answers of the model in one turn, after which the agent is told to finish; it is cut off when it has not by the end of
   * its grace. A driver whose sessions cannot be steered does neither.
   */
  readonly turns?: { readonly most: number; readonly grace: number };
}

export interface AgentDriver {
  readonly name: string;
  /** Host folders that the agent's program needs inside, mounted read-only. */
  readonly mounts: readonly { readonly source: string; readonly target: string }[];
  /** Environment that the program needs inside, besides the gateway's. */
  readonly env: Readonly<Record<string, string>>;
  /** Throws ExternalError{system:'agent'} when the program does not come up. */
  start(spec: AgentSpec): Promise<AgentSession>;
}
