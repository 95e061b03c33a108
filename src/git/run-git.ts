// Runs one git process on the host: argument array, complete environment, bounded output, bounded time. What it
// returns never holds the token. It does not judge exit codes: the caller knows what they mean.
import { ExternalError } from '../engine/external-error.ts';
import type { LogPort } from '../engine/port/log.ts';
import { ProcessNotStarted, type ProcessOutcome, type RunProcess } from '../subprocess/run-process.ts';
import { basicCredentials, type EnvironmentOptions, hostEnvironment } from './git-environment.ts';

export interface GitCall extends Omit<EnvironmentOptions, 'home' | 'wayOut'> {
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
const localTimeoutMs = 5 * 60_000;
const networkTimeoutMs = 30 * 60_000;
const lockWaitSeconds = 35 * 60;
const lockTimeoutCode = 75;
/** Flock's own: the program that it should start is not there. */
const notFoundCode = 69;

export interface RunGitOptions {
  readonly gitPath: string;
  readonly flockPath: string;
  /** An empty folder. */
  readonly home: string;
  /** How the network is reached. */
  readonly wayOut?: EnvironmentOptions['wayOut'];
  readonly logger: LogPort | undefined;
  readonly runProcess: RunProcess;
}

export function createRunGit(options: RunGitOptions): RunGit {
  return async (call) => {
    const startedAt = performance.now();
    const outcome = await run(options, call);
    options.logger?.debug(
      { command: call.args[0], code: outcome.code, ms: Math.round(performance.now() - startedAt) },
      'git',
    );
    return outcome;
  };
}

async function run(options: RunGitOptions, call: GitCall): Promise<GitOutcome> {
  const [program, ...args] = commandLine(options, call);
  const command = `git ${call.args[0] ?? ''}`;
  const outcome = await options
    .runProcess({
      program,
      args,
      env: hostEnvironment({ ...call, home: options.home, wayOut: options.wayOut }),
      cwd: options.home,
      ...(call.input === undefined ? {} : { input: call.input }),
      maxBytes: call.maxBytes ?? defaultMaxBytes,
      timeoutMs: timeoutOf(call),
    })
    .catch((cause: unknown) => {
      throw notStarted(command, cause);
    });
  return judge(call, command, outcome);
}

function judge(call: GitCall, command: string, outcome: ProcessOutcome): GitOutcome {
  const { code, stdout, stderr, isCut, isLate } = outcome;
  if (isLate) throw tryAgain(`${command} took too long`);
  if (call.lock !== undefined && code === lockTimeoutCode) throw tryAgain(`${command} waited too long for its turn`);
  if (call.lock !== undefined && code === notFoundCode)
    throw new ExternalError({ system: 'git', retry: 'never', message: `could not start ${command}` });
  return { code: code ?? 128, stdout, stderr: withoutToken(stderr.toString('utf8'), call), isCut };
}

function notStarted(command: string, cause: unknown): unknown {
  if (!(cause instanceof ProcessNotStarted)) return cause;
  if (cause.kind === 'lost') return tryAgain(`lost sight of ${command}`);
  const retry = cause.kind === 'short' ? 'soon' : 'never';
  return new ExternalError({ system: 'git', retry, message: `could not start ${command}`, cause });
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

function timeoutOf(call: GitCall): number {
  const own = call.transport === 'network' ? networkTimeoutMs : localTimeoutMs;
  return call.lock === undefined ? own : own + lockWaitSeconds * 1_000;
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
