// Output pipes for sandboxed processes. Named pipes (whose names are removed at once), because what Node makes for its
// children are sockets, and a program that opens /dev/stderr or /dev/stdout again cannot do that with a socket.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, fchownSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ExternalError } from '../../engine/external-error.ts';
import type { RunTool } from '../../subprocess/run-tool.ts';
import type { Identity } from './identity-pool.ts';

const pipesPerProcess = 2;
const pipesMadeAtOnce = 4 * pipesPerProcess;
const toolEnvironment = { PATH: '/usr/bin:/bin' };

export interface OutputPipe {
  /** To be given to a child, and closed here right after. */
  readonly childEnd: number;
  readonly source: Readable;
}

/** One nameless pipe, held open for reading and writing until it is used. */
type Spare = number;

export class StdioPool {
  readonly #spares: Spare[] = [];
  readonly #runTool: RunTool;

  constructor(runTool: RunTool) {
    this.#runTool = runTool;
  }

  /** Makes pipes ahead of time, off the path on which a process starts. */
  async prepare(): Promise<void> {
    if (this.#spares.length >= pipesPerProcess) return;
    const folder = await mkdtemp(namePattern());
    try {
      const paths = pipePaths(folder);
      await this.#runTool('mkfifo', ['-m', '600', ...paths]).catch((cause: Error) => {
        throw new ExternalError({ system: 'sandbox', message: cause.message, retry: 'soon', cause });
      });
      this.#spares.push(...paths.map(hold));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Standard output and standard error for one process that runs as `owner`. */
  take(owner: Identity | undefined): { readonly stdout: OutputPipe; readonly stderr: OutputPipe } {
    if (this.#spares.length < pipesPerProcess) this.#prepareNow();
    const pipes = { stdout: this.#open(owner), stderr: this.#open(owner) };
    // When this fails, the next taker makes its own and meets the error.
    void this.prepare().catch(() => undefined);
    return pipes;
  }

  #prepareNow(): void {
    const folder = mkdtempSync(namePattern());
    try {
      const paths = pipePaths(folder);
      execFileSync('mkfifo', ['-m', '600', ...paths], { env: toolEnvironment });
      this.#spares.push(...paths.map(hold));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #open(owner: Identity | undefined): OutputPipe {
    const spare = this.#spares.pop();
    if (spare === undefined) throw new Error('no pipe was prepared');
    if (owner) fchownSync(spare, owner.uid, owner.gid);
    const path = `/proc/self/fd/${spare}`;
    const reading = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const childEnd = openSync(path, constants.O_WRONLY);
    closeSync(spare);
    return { childEnd, source: new Socket({ fd: reading, readable: true, writable: false }) };
  }
}

/** The removed name can be read inside, so it tells nothing. */
function namePattern(): string {
  return join(tmpdir(), 'pipe-');
}

function pipePaths(folder: string): string[] {
  return Array.from({ length: pipesMadeAtOnce }, (_, index) => join(folder, String(index)));
}

function hold(path: string): Spare {
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
}
