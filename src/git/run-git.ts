// Runs one git process on the host: argument array, complete environment, bounded output, bounded time. What it
// returns never holds the token. It does not judge exit codes: the caller knows what they mean.
import { type ChildProcess, spawn } from 'node:child_process';
import { ExternalError } from '../engine/external-error.ts';
import type { LogPort } from '../engine/port/log.ts';
import { collectOutput } from './bounded-output.ts';
import { basicCredentials, type EnvironmentOptions, hostEnvironment } from './git-environment.ts';

export interface GitCall extends Omit<EnvironmentOptions, 'home'> {
  readonly args: readonly string[];
  readonly input?: Uint8Array | string;
  /** A file whose kernel lock the process and everything it starts holds until it ends. */
  readonly lock?: string;
  /** Output over this ends the process and sets `isCut`. */
  readonly maxBytes?: number;
}

export interface GitOutcome {
  /** 128 when a signal ended it: git's own number for "could not". */
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly isCut: boolean;
}

export type RunGit = (call: GitCall) => Promise<GitOutcome>;

const defaultMaxBytes = 256 * 1024 * 1024;
const maxErrorBytes = 64 * 1024;
const localTimeoutMs = 5 * 60_000;
const networkTimeoutMs = 30 * 60_000;
const lockWaitSeconds = 35 * 60;
const lockTimeoutCode = 75;
const graceMs = 5_000;

export interface RunGitOptions {
  readonly gitPath: string;
  readonly flockPath: string;
  /** An empty folder. */
  readonly home: string;
  readonly logger: LogPort | undefined;
}

export function createRunGit(options: RunGitOptions): RunGit {
  return async (call) => {
    const startedAt = performance.now();
    const [program, ...args] = commandLine(options, call);
    // Its own process group, so that a limit ends the helpers that git starts as well.
    const child = spawn(program, args, {
      env: hostEnvironment({ ...call, home: options.home }),
      cwd: options.home,
      detached: true,
      stdio: 'pipe',
    });
    const outcome = await readOutcome(child, call);
    options.logger?.debug(
      { command: call.args[0], code: outcome.code, ms: Math.round(performance.now() - startedAt) },
      'git',
    );
    return outcome;
  };
}

/**
 * The lock is the kernel's: it ends with the last process that holds it, so that neither a crash of ours nor one of
 * git leaves it behind, and a git process that outlives us still holds it.
 */
function commandLine(options: RunGitOptions, call: GitCall): [string, ...string[]] {
  if (call.lock === undefined) return [options.gitPath, ...call.args];
  const wait = ['--wait', String(lockWaitSeconds), '--conflict-exit-code', String(lockTimeoutCode)];
  return [options.flockPath, '--exclusive', ...wait, call.lock, options.gitPath, ...call.args];
}

function readOutcome(child: ReturnType<typeof spawn>, call: GitCall): Promise<GitOutcome> {
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('git was started without pipes');
  const command = `git ${call.args[0] ?? ''}`;
  return new Promise((resolve, reject) => {
    const group = endableGroup(child);
    const output = collectOutput(stdout, call.maxBytes ?? defaultMaxBytes, group.end);
    const complaint = collectOutput(stderr, maxErrorBytes);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      group.end();
    }, timeoutOf(call));
    const settle = () => {
      clearTimeout(timer);
      group.forget();
    };
    child.on('error', (cause) => {
      settle();
      reject(new ExternalError({ system: 'git', retry: 'never', message: `could not start ${command}`, cause }));
    });
    child.on('close', (code) => {
      settle();
      if (isLate) return reject(tryAgain(`${command} took too long`));
      if (call.lock !== undefined && code === lockTimeoutCode)
        return reject(tryAgain(`${command} waited too long for its turn`));
      const text = withoutToken(complaint.read().toString('utf8'), call);
      resolve({ code: code ?? 128, stdout: output.read(), stderr: text, isCut: output.isCut() });
    });
    // A process that ends before it has read everything is judged by its exit code.
    stdin.on('error', () => undefined);
    stdin.end(call.input ?? '');
  });
}

function timeoutOf(call: GitCall): number {
  const own = call.transport === 'network' ? networkTimeoutMs : localTimeoutMs;
  return call.lock === undefined ? own : own + lockWaitSeconds * 1_000;
}

/** Ends a whole process group, asking first, so that git removes its own temporary files. */
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

function withoutToken(text: string, call: GitCall): string {
  if (!call.token) return text;
  return [basicCredentials(call.token), call.token.password]
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '***'), text);
}

function tryAgain(message: string): ExternalError {
  return new ExternalError({ system: 'git', retry: 'soon', message });
}
