// The sandbox port: where agent processes and verify commands run. Providers live in src/sandbox/<name>/.
// No secret is ever passed in: a sandbox holds placeholders and short-lived gateway tokens only.
import type { Readable, Writable } from 'node:stream';
import type { NetworkMode, SandboxLimit } from '../../core/model/offered-sandbox.ts';

/** How a limit holds: it cannot be passed, it is noticed when passed and the process ended, or not at all. */
export type Enforcement = 'hard' | 'soft' | 'none';

/** What a provider has proved on this host by trying it, never what its name promises. */
export interface SandboxCapabilities {
  readonly provider: string;
  readonly isolation: 'none' | 'process-policy' | 'container' | 'gvisor' | 'microvm';
  readonly network: readonly NetworkMode[];
  readonly limits: Readonly<Record<SandboxLimit, Enforcement>>;
  /** Where attempts run as: a uid of their own (root worker) or the worker's uid in a user namespace. */
  readonly identity: 'uid-per-sandbox' | 'user-namespace';
}

/** Whole numbers above zero. */
export interface SandboxLimits {
  /** All processes of the sandbox together, with what they keep in /tmp and in the home folder. */
  readonly memoryBytes: number;
  /** Processes and threads of one process tree. */
  readonly pids: number;
  /** Processor time of all processes of the sandbox together, from the start of each process tree. */
  readonly cpuSeconds: number;
  /** The workspace as a whole, with removed files that are still in use, and any single file. It bounds their number too. */
  readonly diskBytes: number;
  /** One process tree, from its start. */
  readonly wallMs: number;
  /** Captured stdout plus stderr of one process; what is over is dropped and counted, the process is not killed. */
  readonly outputBytes: number;
}

/** A unix socket of the host, and the port on loopback (from 1024) that leads to it inside. */
export interface Door {
  readonly socket: string;
  readonly port: number;
}

export interface SandboxSpec {
  /** Names the sandbox in logs. */
  readonly id: string;
  /** Which of the providers that the operator offers; undefined: the usual one. */
  readonly provider?: string | undefined;
  /** Host folder mounted at /workspace: the only thing that persists, and all that processes of a sandbox share. */
  readonly workspace: { readonly path: string; readonly access: 'read-write' | 'read-only' };
  /** Absolute paths. A target must not lie in the workspace, where a hostile link could lead the mount astray. */
  readonly readOnly: readonly { readonly source: string; readonly target: string }[];
  /**
   * Host folder that is seen as /deps, with the programs in its `bin`, `venv/bin` and `node_modules/.bin` before those of the
   * system; its `node_modules`, if it has one, is seen as /node_modules too, where Node looks after the workspace's own.
   * `read-write` for whoever makes it: it counts as workspace then, and there is no /node_modules.
   */
  readonly dependencies?: { readonly path: string; readonly access: 'read-write' | 'read-only' } | undefined;
  /** The complete environment inside; nothing is inherited. PATH, HOME, LANG and TMPDIR have defaults, PWD is added. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * `deny`: an empty network namespace. `gateway`: the same, plus one unix socket of the host, reachable inside as
   * plain HTTP on `http://127.0.0.1:<port>` through a relay that the provider starts. `allowlist`: the same with a second
   * such socket, of a proxy that holds a list of hosts, and nothing else whatever a program inside is told or tries.
   */
  readonly network:
    | { readonly mode: 'deny' }
    | ({ readonly mode: 'gateway' } & Door)
    | { readonly mode: 'allowlist'; readonly proxy: Door; readonly gateway?: Door };
  readonly limits: SandboxLimits;
}

export type ProcessEnd =
  | { readonly kind: 'exited'; readonly code: number }
  /** Also for an exit code of 128 and the number of a signal, by which shells tell how their command ended. */
  | { readonly kind: 'signalled'; readonly signal: string }
  /** Ended by us because a limit was reached or somebody asked. */
  | { readonly kind: 'killed'; readonly reason: 'wall' | 'memory' | 'disk' | 'cpu' | 'stopped' };

export interface SandboxProcess {
  /** A command that reads its input waits until this is ended. */
  readonly stdin: Writable;
  /** Filled whether it is read or not, up to the limit; a marker at its end says how much was dropped. */
  readonly stdout: Readable;
  readonly stderr: Readable;
  /**
   * Resolves when every process of the tree is dead, whether or not its output was read. Rejects with ExternalError
   * when the sandbox itself could not be started; a rejection that nobody looks at does no harm.
   */
  readonly end: Promise<ProcessEnd>;
  /** Ends this process and everything it started; resolves when nothing is left. */
  kill(): Promise<void>;
}

export interface Sandbox {
  readonly id: string;
  /** Where the gateway answers inside: the port of the spec, unless the network is shared with others who may have it. */
  readonly gatewayPort?: number | undefined;
  /**
   * Starts a process tree with process ids, network and temporary folders of its own, in /workspace unless `cwd` (an
   * inside path) says otherwise. `env` adds to the environment of the spec. Never throws for a fault of the host.
   */
  spawn(argv: readonly string[], options?: { cwd?: string; env?: Readonly<Record<string, string>> }): SandboxProcess;
  /**
   * Ends every process of the sandbox; resolves when that is proven. Safe to call twice. It is final: what is spawned
   * afterwards ends at once as `stopped`.
   */
  kill(): Promise<void>;
  /** Kills, then removes everything but the workspace, which is the worker's own again. */
  dispose(): Promise<void>;
}

/** The host cannot give what the spec asks for: said before anything starts, never later. */
export class SandboxRefused extends Error {
  override readonly name = 'SandboxRefused';
  readonly capability: string;
  /** What is missing, and the mend. */
  readonly why: string;
  constructor(capability: string, why: string) {
    super(`the sandbox cannot give "${capability}": ${why}`);
    this.capability = capability;
    this.why = why;
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

/** All that the operator offers, as one provider. */
export interface OfferedSandboxes extends SandboxProvider {
  /** What each has proved, by its name and the usual one first. */
  readonly proved: ReadonlyMap<string, SandboxCapabilities>;
}
