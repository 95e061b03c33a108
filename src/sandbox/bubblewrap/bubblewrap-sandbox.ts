// One sandbox: the processes that share a workspace, a user of the host and the limits.
import { posix } from 'node:path';
import { ExternalError } from '../../engine/external-error.ts';
import type { Sandbox, SandboxProcess } from '../../engine/port/sandbox.ts';
import type { RunTool } from '../../subprocess/run-tool.ts';
import { BubblewrapProcess } from './bubblewrap-process.ts';
import { createEndedProcess } from './ended-process.ts';
import type { IdentityLease } from './identity-pool.ts';
import { inside } from './inside.ts';
import { type LaunchPlan, renderLaunch } from './launch.ts';
import type { LimitGroup, LimitLevel } from './limit/limit-level.ts';
import { watchLimits } from './limit/watch-limits.ts';
import type { StdioPool } from './stdio-pool.ts';

export interface SandboxParts {
  readonly id: string;
  readonly plan: LaunchPlan;
  /** Host paths of what can be written and persists. */
  readonly folders: readonly string[];
  readonly lease: IdentityLease;
  readonly level: LimitLevel;
  readonly group: LimitGroup;
  readonly pipes: StdioPool;
  readonly runTool: RunTool;
}

export class BubblewrapSandbox implements Sandbox {
  readonly id: string;
  readonly gatewayPort: number | undefined;
  readonly #parts: SandboxParts;
  readonly #processes = new Set<BubblewrapProcess>();
  readonly #endWatch: () => void;
  #isClosed = false;
  #disposal: Promise<void> | undefined;

  constructor(parts: SandboxParts) {
    this.id = parts.id;
    this.gatewayPort = parts.plan.doors.find(({ target }) => target === inside.gateway)?.port;
    this.#parts = parts;
    this.#endWatch = watchLimits({
      group: parts.group,
      runTool: parts.runTool,
      memoryPollMs: parts.level.pollMs,
      folders: parts.folders,
      diskBytes: parts.plan.limits.diskBytes,
      isIdle: () => this.#processes.size === 0,
      onMemoryBreaches: (count) => {
        for (const child of this.#processes) child.noteMemoryBreaches(count);
      },
      onDiskFull: () => {
        for (const child of this.#processes) child.stop('disk');
      },
    });
  }

  spawn(argv: readonly string[], options: Parameters<Sandbox['spawn']>[1] = {}): SandboxProcess {
    if (argv.length === 0) throw new Error('a sandboxed process needs a program');
    // Nothing starts in a sandbox that was killed: whoever stopped a run must not find it running again.
    if (this.#isClosed) return createEndedProcess(Promise.resolve({ kind: 'killed', reason: 'stopped' }));
    const { plan, group, pipes } = this.#parts;
    const folder = posix.resolve(inside.workspace, options.cwd ?? '.');
    const launch = renderLaunch(plan, { argv, env: options.env ?? {}, folder });
    try {
      return this.#track(new BubblewrapProcess({ plan, launch, group, pipes }));
    } catch (cause) {
      const message = `a sandboxed process could not be started: ${cause instanceof Error ? cause.message : cause}`;
      return createEndedProcess(
        Promise.reject(new ExternalError({ system: 'sandbox', message, retry: 'soon', cause })),
      );
    }
  }

  #track(child: BubblewrapProcess): BubblewrapProcess {
    this.#processes.add(child);
    const forget = () => void this.#processes.delete(child);
    child.end.then(forget, forget);
    return child;
  }

  kill(): Promise<void> {
    this.#isClosed = true;
    const killed = Promise.all([...this.#processes].map((child) => child.kill())).then(() => undefined);
    // Callers that only set it off must not be brought down by it; those that wait still see it.
    killed.catch(() => undefined);
    return killed;
  }

  dispose(): Promise<void> {
    this.#disposal ??= this.#dispose();
    return this.#disposal;
  }

  async #dispose(): Promise<void> {
    const { group, lease } = this.#parts;
    this.#endWatch();
    await this.kill();
    await Promise.all([group.close(), lease.release()]);
  }
}
