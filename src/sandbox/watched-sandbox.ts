// One sandbox: the processes that share a workspace, a user of the host and the limits, whoever starts them.
import { posix } from 'node:path';
import { ExternalError } from '../engine/external-error.ts';
import type { ProcessEnd, Sandbox, SandboxProcess } from '../engine/port/sandbox.ts';
import type { RunTool } from '../subprocess/run-tool.ts';
import { createEndedProcess } from './bubblewrap/ended-process.ts';
import type { IdentityLease } from './bubblewrap/identity-pool.ts';
import { inside } from './bubblewrap/inside.ts';
import type { LaunchCommand } from './bubblewrap/launch.ts';
import type { LimitGroup, LimitLevel } from './bubblewrap/limit/limit-level.ts';
import { isDiskFull, watchLimits } from './bubblewrap/limit/watch-limits.ts';
import type { KillReason } from './bubblewrap/process-end.ts';

export interface SandboxParts {
  readonly id: string;
  readonly gatewayPort: number | undefined;
  /** Host paths of what can be written and persists. */
  readonly folders: readonly string[];
  readonly diskBytes: number;
  readonly cpuSeconds: number;
  readonly lease: IdentityLease;
  readonly level: LimitLevel;
  readonly group: LimitGroup;
  readonly runTool: RunTool;
  /** Throws where a command makes no sense; what it returns starts it, and throws when the host could not. */
  readonly launch: (command: LaunchCommand) => () => WatchedProcess;
  /** Removes what was made for it, when every process is gone. */
  readonly remove?: () => Promise<void>;
}

export interface WatchedProcess extends SandboxProcess {
  /** Begins to end it, for the first reason given. */
  stop(reason: KillReason): void;
  /** How often the memory limit was reached so far; whom that concerns depends on when they started. */
  noteMemoryBreaches(count: number): void;
}

export class WatchedSandbox implements Sandbox {
  readonly id: string;
  readonly gatewayPort: number | undefined;
  readonly #parts: SandboxParts;
  /** With the processor time of the sandbox at the start of each. */
  readonly #processes = new Map<WatchedProcess, number>();
  readonly #endWatch: () => void;
  #isClosed = false;
  #disposal: Promise<void> | undefined;

  constructor(parts: SandboxParts) {
    this.id = parts.id;
    this.gatewayPort = parts.gatewayPort;
    this.#parts = parts;
    this.#endWatch = watchLimits({
      group: parts.group,
      runTool: parts.runTool,
      memoryPollMs: parts.level.pollMs,
      folders: parts.folders,
      diskBytes: parts.diskBytes,
      isIdle: () => this.#processes.size === 0,
      onMemoryBreaches: (count) => {
        for (const child of this.#processes.keys()) child.noteMemoryBreaches(count);
      },
      onDiskFull: () => {
        for (const child of this.#processes.keys()) child.stop('disk');
      },
      onProcessorSeconds: (seconds) => {
        for (const [child, before] of this.#processes) {
          if (seconds - before > parts.cpuSeconds) child.stop('cpu');
        }
      },
    });
  }

  spawn(argv: readonly string[], options: Parameters<Sandbox['spawn']>[1] = {}): SandboxProcess {
    if (argv.length === 0) throw new Error('a sandboxed process needs a program');
    // Nothing starts in a sandbox that was killed: whoever stopped a run must not find it running again.
    if (this.#isClosed) return createEndedProcess(Promise.resolve({ kind: 'killed', reason: 'stopped' }));
    const folder = posix.resolve(inside.workspace, options.cwd ?? '.');
    const start = this.#parts.launch({ argv, env: options.env ?? {}, folder });
    try {
      return this.#track(start());
    } catch (cause) {
      const message = `a sandboxed process could not be started: ${cause instanceof Error ? cause.message : cause}`;
      return createEndedProcess(
        Promise.reject(new ExternalError({ system: 'sandbox', message, retry: 'soon', cause })),
      );
    }
  }

  #track(child: WatchedProcess): SandboxProcess {
    this.#processes.set(child, this.#parts.group.readProcessorSeconds());
    const forget = () => void this.#processes.delete(child);
    child.end.then(forget, forget);
    const end = child.end.then((end) => this.#judge(end));
    // Whoever does not ask how it ended must not be brought down by it.
    end.catch(() => undefined);
    const { stdin, stdout, stderr } = child;
    return { stdin, stdout, stderr, end, kill: () => child.kill() };
  }

  /** Whoever ends by itself between two looks is looked at once more. */
  async #judge(end: ProcessEnd): Promise<ProcessEnd> {
    if (end.kind === 'killed' || !(await isDiskFull(this.#parts).catch(() => false))) return end;
    return { kind: 'killed', reason: 'disk' };
  }

  kill(): Promise<void> {
    this.#isClosed = true;
    const killed = Promise.all([...this.#processes.keys()].map((child) => child.kill())).then(() => undefined);
    // Callers that only set it off must not be brought down by it; those that wait still see it.
    killed.catch(() => undefined);
    return killed;
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    const { group, lease, remove } = this.#parts;
    this.#endWatch();
    await this.kill();
    await Promise.all([group.close(), lease.release(), remove?.()]);
  }
}
