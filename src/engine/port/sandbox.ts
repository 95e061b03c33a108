// The sandbox port: where agent processes and verify commands run. Providers live in src/sandbox/<name>/.
// No secret is ever passed in: a sandbox holds placeholders and short-lived gateway tokens only.
import type { Readable, Writable } from 'node:stream';

/** How a limit holds: enforced by the kernel, enforced after the fact by a watchdog, or not at all. */
export type Enforcement = 'hard' | 'soft' | 'none';

export type SandboxLimit = 'memory' | 'pids' | 'cpu' | 'disk' | 'wall' | 'output';

/** What a provider has proved on this host by trying it, never what its name promises. */
export interface SandboxCapabilities {
  readonly provider: string;
  readonly isolation: 'none' | 'process-policy' | 'container' | 'gvisor' | 'microvm';
  readonly network: readonly ('deny' | 'gateway')[];
  readonly limits: Readonly<Record<SandboxLimit, Enforcement>>;
  /** Where attempts run as: a uid of their own (root worker) or the worker's uid in a user namespace. */
  readonly identity: 'uid-per-sandbox' | 'user-namespace';
}

export interface SandboxLimits {
  readonly memoryBytes: number;
  readonly pids: number;
  readonly cpuSeconds: number;
  readonly diskBytes: number;
  readonly wallMs: number;
  /** Captured stdout plus stderr of one process; what is over is dropped and counted, the process is not killed. */
  readonly outputBytes: number;
}

export interface SandboxSpec {
  /** Names the sandbox in logs; letters, digits and dashes. */
  readonly id: string;
  /** Host folder mounted read-write at /workspace: the only thing that persists. */
  readonly workspace: { readonly path: string; readonly access: 'read-write' | 'read-only' };
  readonly readOnly: readonly { readonly source: string; readonly target: string }[];
  /** The complete environment inside; nothing is inherited. PATH, HOME, LANG and TMPDIR are set by the provider. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * `deny`: an empty network namespace. `gateway`: the same, plus one unix socket of the host, reachable inside as
   * plain HTTP on `http://127.0.0.1:<port>` through a relay that the provider starts.
   */
  readonly network: { readonly mode: 'deny' } | { readonly mode: 'gateway'; readonly socket: string; readonly port: number };
  readonly limits: SandboxLimits;
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** Ended by us because a limit was reached or somebody asked. */
  | { readonly kind: 'killed'; readonly reason: 'wall' | 'memory' | 'disk' | 'stopped' };

export interface SandboxProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: Promise<ProcessEnd>;
  /** Ends this process and everything it started; resolves when nothing is left. */
  kill(): Promise<void>;
}

export interface Sandbox {
  readonly id: string;
  /** Starts a process tree. `env` adds to the environment of the spec. */
  spawn(argv: readonly string[], options?: { cwd?: string; env?: Readonly<Record<string, string>> }): SandboxProcess;
  /** Ends every process of the sandbox; resolves when that is proven. Safe to call twice. */
  kill(): Promise<void>;
  /** Kills, then removes everything but the workspace. */
  dispose(): Promise<void>;
}

/** The host cannot give what the spec asks for: said before anything starts, never later. */
export class SandboxRefused extends Error {
  override readonly name = 'SandboxRefused';
  readonly capability: string;
  constructor(capability: string, why: string) {
    super(`the sandbox cannot give "${capability}": ${why}`);
    this.capability = capability;
  }
}

export interface SandboxProvider {
  readonly capabilities: SandboxCapabilities;
  /**
   * Prepares a sandbox, or throws SandboxRefused with the missing capability.
   * When the worker is root the workspace folder is handed to the sandbox's own uid.
   */
  create(spec: SandboxSpec): Promise<Sandbox>;
}
