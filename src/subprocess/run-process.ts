// Runs a program from its start to its end: argument array, complete environment, bounded output, bounded time. It
// does not judge exit codes: the caller knows what they mean.
import { type ChildProcess, spawn } from 'node:child_process';
import { collectOutput } from './bounded-output.ts';

export interface ProcessCall {
  readonly program: string;
  readonly args: readonly string[];
  /** All of it: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly input?: Uint8Array | string;
  /** Output over this ends the process and sets `isCut`. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

export interface ProcessOutcome {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** Its first 64 KiB. */
  readonly stderr: Buffer;
  readonly isCut: boolean;
  /** It was ended because its time was up. */
  readonly isLate: boolean;
}

/** Fails with `ProcessNotStarted` only. */
export type RunProcess = (call: ProcessCall) => Promise<ProcessOutcome>;

/**
 * `impossible`: it cannot start. `short`: the machine lacks memory, processes or descriptors just now. `lost`: it may
 * have started, and nobody knows how it ended.
 */
export type NotStarted = 'impossible' | 'short' | 'lost';

export class ProcessNotStarted extends Error {
  override readonly name = 'ProcessNotStarted';
  readonly kind: NotStarted;

  constructor(options: { program: string; kind: NotStarted; cause: unknown }) {
    const { program, kind, cause } = options;
    super(kind === 'lost' ? `lost sight of ${program}` : `could not start ${program}`, { cause });
    this.kind = kind;
  }
}

const shortages: readonly unknown[] = ['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE'];

export function notStarted(program: string, cause: unknown): ProcessNotStarted {
  const isShort = cause instanceof Error && 'code' in cause && shortages.includes(cause.code);
  return new ProcessNotStarted({ program, kind: isShort ? 'short' : 'impossible', cause });
}

const maxErrorBytes = 64 * 1024;
const graceMs = 5_000;

/** As a child of this process. */
export const runProcess: RunProcess = async (call) => {
  const child = start(call);
  return new Promise((resolve, reject) => {
    const group = endableGroup(child);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      group.end();
    }, call.timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      group.forget();
    };
    child.on('error', (cause) => {
      settle();
      reject(notStarted(call.program, cause));
    });
    const { stdin, stdout, stderr } = child;
    // Without descriptors for them there is no process either, and the error above is on its way.
    if (!stdin || !stdout || !stderr) return;
    const output = collectOutput(stdout, call.maxBytes, group.end);
    const complaint = collectOutput(stderr, maxErrorBytes);
    child.on('close', (code) => {
      settle();
      resolve({ code, stdout: output.read(), stderr: complaint.read(), isCut: output.isCut(), isLate });
    });
    // A process that ends before it has read everything is judged by its exit code.
    stdin.on('error', () => undefined);
    stdin.end(call.input ?? '');
  });
};

function start({ program, args, env, cwd }: ProcessCall): ChildProcess {
  try {
    // Its own process group, so that a limit ends the helpers that it starts as well.
    return spawn(program, args, { env, cwd, detached: true, stdio: 'pipe' });
  } catch (cause) {
    // More arguments than the kernel takes, for one.
    throw notStarted(program, cause);
  }
}

/** Ends a whole process group, asking first, so that a program removes its own temporary files. */
function endableGroup(child: ChildProcess): { end: () => void; forget: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const signal = (name: NodeJS.Signals) => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {
      // Already gone.
    }
  };
  return {
    end: () => {
      signal('SIGTERM');
      timer = setTimeout(() => signal('SIGKILL'), graceMs);
    },
    forget: () => clearTimeout(timer),
  };
}
