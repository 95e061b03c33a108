// One process tree in a sandbox, from its start until nothing of it is left.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { ExternalError } from '../../engine/external-error.ts';
import type { ProcessEnd } from '../../engine/port/sandbox.ts';
import { endInit, type Init, isGone, isSoonGone } from '../init-process.ts';
import type { WatchedProcess } from '../watched-sandbox.ts';
import { CapturedOutput } from './captured-output.ts';
import { descriptor } from './descriptor.ts';
import type { Host } from './host.ts';
import type { Launch, LaunchPlan } from './launch.ts';
import { readLaunchStatus } from './launch-status.ts';
import type { LimitGroup } from './limit/limit-level.ts';
import { type KillReason, toProcessEnd } from './process-end.ts';
import { readProcess } from './process-facts.ts';
import type { StdioPool } from './stdio-pool.ts';

/** How long a start may take to name its first process before everything is killed from outside. */
const startWithinMs = 2_000;
const goneWithinMs = 5_000;

export interface ProcessOptions {
  readonly plan: LaunchPlan;
  readonly launch: Launch;
  readonly group: LimitGroup;
  readonly pipes: StdioPool;
}

export class BubblewrapProcess implements WatchedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: Promise<ProcessEnd>;
  readonly #child: ChildProcess;
  readonly #exited: Promise<Error | undefined>;
  readonly #complaint: () => string;
  #init: Init | undefined;
  #stopReason: KillReason | undefined;
  #exitCode: number | undefined;
  /** Of the sandbox's memory limit, at the start of this process. */
  #breachesBefore: number | undefined;

  constructor(options: ProcessOptions) {
    const { stdout, stderr } = options.pipes.take(options.plan.identity);
    try {
      this.#child = startChild(options, stdout.childEnd, stderr.childEnd);
    } catch (error) {
      stdout.source.destroy();
      stderr.source.destroy();
      throw error;
    } finally {
      closeSync(stdout.childEnd);
      closeSync(stderr.childEnd);
    }
    this.#exited = waitForExit(this.#child);
    this.stdin = this.#child.stdin ?? new Writable({ write: (_chunk, _encoding, done) => done() });
    // A process that does not read its input is no fault of ours, and must not end the worker.
    this.stdin.on('error', () => undefined);
    const captured = new CapturedOutput(options.plan.limits.outputBytes);
    const error = captured.capture(stderr.source);
    this.stdout = captured.capture(stdout.source).stream;
    this.stderr = error.stream;
    this.#complaint = error.head;
    this.end = this.#run(options);
    // Whoever does not ask how it ended must not be brought down by it.
    this.end.catch(() => undefined);
  }

  async kill(): Promise<void> {
    this.stop('stopped');
    await this.end.catch(() => undefined);
    if (this.#init && !isGone(this.#init)) throw survived(this.#init);
  }

  stop(reason: KillReason): void {
    if (this.#stopReason) return;
    this.#stopReason = reason;
    if (this.#init) endInit(this.#init);
    else setTimeout(() => this.#init ?? this.#child.kill('SIGKILL'), startWithinMs).unref();
  }

  noteMemoryBreaches(count: number): void {
    if (this.#isConcernedBy(count)) this.stop('memory');
  }

  #isConcernedBy(breaches: number): boolean {
    return this.#breachesBefore !== undefined && breaches > this.#breachesBefore;
  }

  async #run(options: ProcessOptions): Promise<ProcessEnd> {
    const wall = setTimeout(() => this.stop('wall'), Math.min(options.plan.limits.wallMs, 2 ** 31 - 1));
    const fault = await this.#followStatus(options).then(
      () => undefined,
      (error: unknown) => this.#abandon(error),
    );
    const startFault = await this.#exited;
    clearTimeout(wall);
    this.stdin.destroy();
    if (this.#init && !(await isSoonGone(this.#init, goneWithinMs))) throw survived(this.#init);
    const breaches = await options.group.countMemoryBreaches().catch(() => 0);
    return toProcessEnd({
      exitCode: this.#exitCode,
      stopReason: this.#stopReason,
      isOutOfMemory: this.#isConcernedBy(breaches),
      fault: startFault ?? fault,
      complaint: this.#complaint,
    });
  }

  async #followStatus({ group, plan }: ProcessOptions): Promise<void> {
    const status = streamsOf(this.#child)[descriptor.status];
    if (!(status instanceof Readable)) return;
    for await (const line of readLaunchStatus(status)) {
      if (line.kind === 'ended') this.#exitCode = line.code;
      else await this.#enter(line.pid, group, plan.holdsStart);
    }
  }

  async #enter(pid: number, group: LimitGroup, holdsStart: boolean): Promise<void> {
    const startTime = readProcess(pid)?.startTime;
    if (startTime === undefined) return;
    this.#init = { pid, startTime };
    if (this.#stopReason) return endInit(this.#init);
    [this.#breachesBefore] = await Promise.all([group.countMemoryBreaches(), group.attach(pid)]);
    const startLine = streamsOf(this.#child)[descriptor.startLine];
    if (holdsStart && startLine instanceof Writable) startLine.end('x');
  }

  /** A start that cannot be followed is ended; the outer process takes the rest with it. */
  #abandon(error: unknown): unknown {
    if (this.#init) endInit(this.#init);
    this.#child.kill('SIGKILL');
    return error;
  }
}

function startChild({ plan, launch }: ProcessOptions, stdout: number, stderr: number): ChildProcess {
  const { identity, inputs } = launch;
  const used = [...inputs.keys(), descriptor.status, ...(plan.holdsStart ? [descriptor.startLine] : [])];
  const child = spawn(launch.file, launch.args, {
    env: {},
    cwd: '/',
    stdio: renderStdio(plan.host, used, [stdout, stderr]),
    ...(identity ? { uid: identity.uid, gid: identity.gid } : {}),
  });
  const streams = streamsOf(child);
  for (const stream of streams) stream?.on('error', () => undefined);
  for (const [target, content] of inputs) {
    const input = streams[target];
    if (input instanceof Writable) input.end(content);
  }
  return child;
}

function streamsOf(child: ChildProcess): readonly (Readable | Writable | null | undefined)[] {
  // Node leaves it out when there are no more descriptors; its type does not say so.
  return child.stdio ?? [];
}

/** What this process inherited is covered: a descriptor that is not mentioned would stay open in the child. */
function renderStdio(host: Host, used: readonly number[], [stdout, stderr]: [number, number]): StdioOptions {
  const size = Math.max(...used, ...host.inheritedDescriptors) + 1;
  const stdio: (number | 'pipe' | 'ignore')[] = new Array(size).fill('ignore');
  for (const inherited of host.inheritedDescriptors) stdio[inherited] = host.nullDescriptor;
  for (const target of used) stdio[target] = 'pipe';
  stdio.splice(0, 3, 'pipe', stdout, stderr);
  return stdio;
}

/** Resolves with the error of a program that could not be started. */
function waitForExit(child: ChildProcess): Promise<Error | undefined> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.on('error', (error) => {
      if (child.pid !== undefined) return;
      // Nothing will ever be written to them.
      for (const stream of streamsOf(child)) stream?.destroy();
      resolve(error);
    });
  });
}

function survived({ pid }: Init): ExternalError {
  return new ExternalError({
    system: 'sandbox',
    message: `process ${pid} of a sandbox survived its kill`,
    retry: 'soon',
  });
}
