// One process tree in a container of its own, from its start until nothing of it is left.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { ExternalError } from '../../engine/external-error.ts';
import type { ProcessEnd } from '../../engine/port/sandbox.ts';
import type { RunTool } from '../../subprocess/run-tool.ts';
import { CapturedOutput } from '../bubblewrap/captured-output.ts';
import type { Identity } from '../bubblewrap/identity-pool.ts';
import { inside } from '../bubblewrap/inside.ts';
import type { LimitGroup } from '../bubblewrap/limit/limit-level.ts';
import type { Mount } from '../bubblewrap/mount.ts';
import { type KillReason, toProcessEnd } from '../bubblewrap/process-end.ts';
import { readProcess, readText } from '../bubblewrap/process-facts.ts';
import { endInit, type Init, isGone, isSoonGone } from '../init-process.ts';
import type { WatchedProcess } from '../watched-sandbox.ts';
import { callEngine, type EngineClient } from './engine-client.ts';
import { explainEngine } from './explain-engine.ts';
import { nameOwned } from './owner.ts';
import { type ContainerPlan, label, renderRun } from './render-run.ts';
import { killedCode, letGo, startPlaces } from './start-script.ts';

/** How long an engine that is to stop may take to start a container, before its program is killed. */
const startWithinMs = 30_000;
const goneWithinMs = 10_000;
const complaintLength = 16_384;
/** What the programs of engines end with when they fail themselves; commands may end with them as well. */
const engineCodes = [125, 126, 127];

export interface ContainerStart {
  readonly client: EngineClient;
  readonly plan: ContainerPlan;
  readonly group: LimitGroup;
  readonly identity: Identity | undefined;
  /** Host folder for what a process needs to start, one folder for each. */
  readonly folders: string;
  readonly runTool: RunTool;
  /** Inside path. */
  readonly folder: string;
  readonly renderScript: (mark: string) => string;
  readonly relayInput: string | undefined;
}

export class OciProcess implements WatchedProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  readonly end: Promise<ProcessEnd>;
  readonly #name = nameOwned();
  readonly #start: ContainerStart;
  readonly #output = { stdout: new PassThrough(), stderr: new PassThrough() };
  readonly #input = new PassThrough();
  #leash: number | undefined;
  /** The ends that are written to, held open until the container is gone. */
  readonly #held: number[] = [];
  readonly #taken = new Set<Writable>();
  #child: ChildProcess | undefined;
  #init: Init | undefined;
  #isStarted = false;
  #stopReason: KillReason | undefined;
  #complaint = '';
  /** Of the sandbox's memory limit, at the start of this process. */
  #breachesBefore: number | undefined;

  constructor(start: ContainerStart) {
    this.#start = start;
    this.stdin = this.#input;
    // A process that does not read its input is no fault of ours, and must not end the worker.
    this.#input.on('error', () => undefined);
    const captured = new CapturedOutput(start.plan.limits.outputBytes);
    this.stdout = captured.capture(this.#output.stdout).stream;
    this.stderr = captured.capture(this.#output.stderr).stream;
    this.end = this.#run();
    // Whoever does not ask how it ended must not be brought down by it.
    this.end.catch(() => undefined);
  }

  async kill(): Promise<void> {
    this.stop('stopped');
    await this.end.catch(() => undefined);
    if (this.#init && !isGone(this.#init)) throw survived(this.#name);
  }

  stop(reason: KillReason): void {
    if (this.#stopReason) return;
    this.#stopReason = reason;
    if (this.#isStarted) this.#endContainer();
    else setTimeout(() => this.#isStarted || this.#child?.kill('SIGKILL'), startWithinMs).unref();
  }

  noteMemoryBreaches(count: number): void {
    if (this.#isConcernedBy(count)) this.stop('memory');
  }

  #isConcernedBy(breaches: number): boolean {
    return this.#breachesBefore !== undefined && breaches > this.#breachesBefore;
  }

  async #run(): Promise<ProcessEnd> {
    const { plan, folders } = this.#start;
    const own = join(folders, this.#name);
    const wall = setTimeout(() => this.stop('wall'), Math.min(plan.limits.wallMs, 2 ** 31 - 1));
    let exitCode: number | undefined;
    let fault: unknown;
    try {
      const mounts = await this.#equip(own);
      if (!this.#stopReason) exitCode = await this.#follow(own, mounts);
    } catch (error) {
      fault = error;
    } finally {
      clearTimeout(wall);
      this.#input.destroy();
      // Where nothing was started there is nothing to come either.
      for (const stream of Object.values(this.#output)) if (!this.#taken.has(stream)) stream.end();
    }
    // Whoever says that it ended may only have lost sight of it.
    if (this.#isStarted) this.#endContainer();
    await this.#prove();
    for (const end of [this.#leash, ...this.#held]) if (end !== undefined) closeSync(end);
    await rm(own, { recursive: true, force: true });
    const breaches = await this.#start.group.countMemoryBreaches().catch(() => 0);
    if (!this.#isStarted && this.#stopReason) return { kind: 'killed', reason: this.#stopReason };
    const isOutOfMemory = this.#isConcernedBy(breaches);
    // Whoever ended the engine's program, or the first process, may have been anybody.
    if (this.#isOfEngine(exitCode)) exitCode = undefined;
    const isUnasked = exitCode === killedCode && !this.#stopReason && !isOutOfMemory;
    if (isUnasked && !fault) fault = await this.#findEngineGone();
    const isLost = exitCode === undefined && !this.#stopReason;
    if (!this.#isStarted || fault || isLost) throw this.#toExternalError(fault);
    return toProcessEnd({
      exitCode,
      stopReason: this.#stopReason,
      isOutOfMemory,
      fault: undefined,
      complaint: () => this.#complaint,
    });
  }

  /** What this process alone needs; readable to whoever it runs as. */
  async #equip(own: string): Promise<Mount[]> {
    const { identity, renderScript, relayInput, runTool } = this.#start;
    await mkdir(own, { mode: 0o700 });
    const files = [
      { name: 'start', target: startPlaces.script, content: renderScript(this.#name) },
      ...(relayInput === undefined ? [] : [{ name: 'relay', target: inside.relayInput, content: relayInput }]),
    ];
    const mounts: Mount[] = [];
    for (const { name, target, content } of files) {
      const source = join(own, name);
      await writeFile(source, content, { mode: 0o400 });
      if (identity) await chown(source, identity.uid, identity.gid);
      mounts.push({ source, target, access: 'read-only' });
    }
    const [leash, stdout, stderr] = [join(own, 'leash'), join(own, 'stdout'), join(own, 'stderr')] as const;
    await runTool('mkfifo', ['-m', '600', leash, stdout, stderr]);
    // For both ends, so that it is open whether or not the other side is there yet. When this process dies it is closed.
    this.#leash = openSync(leash, constants.O_RDWR | constants.O_NONBLOCK);
    await chmod(leash, 0o444);
    await this.#take(stdout, this.#output.stdout);
    await this.#take(stderr, this.#output.stderr);
    return [
      ...mounts,
      { source: leash, target: startPlaces.leash, access: 'read-only' },
      { source: stdout, target: startPlaces.stdout, access: 'read-write' },
      { source: stderr, target: startPlaces.stderr, access: 'read-write' },
    ];
  }

  /** Reads what the container's user writes to a pipe. */
  async #take(pipe: string, output: Writable): Promise<void> {
    const { identity } = this.#start;
    const reading = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
    this.#held.push(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
    if (identity) await chown(pipe, identity.uid, identity.gid);
    const source = new Socket({ fd: reading, readable: true, writable: false });
    source.on('error', () => output.end());
    source.pipe(output);
    this.#taken.add(output);
  }

  async #follow(own: string, mounts: readonly Mount[]): Promise<number | undefined> {
    const { client, plan, folder } = this.#start;
    const pidFile = join(own, 'pid');
    const run = renderRun(plan, { name: this.#name, mounts, pidFile, folder });
    const child = spawn(client.program, [...client.options, ...run], { env: client.env, cwd: '/', stdio: 'pipe' });
    this.#child = child;
    const exited = waitForExit(child);
    child.stdin.on('error', () => undefined);
    this.#input.pipe(child.stdin);
    child.stdout.resume();
    const said = this.#readComplaint(child.stderr);
    if (await Promise.race([said, exited.then(() => false)])) await this.#admit(pidFile);
    const { code } = await exited;
    return code;
  }

  /** Resolves with whether the first process said that it is there. All else comes from the engine. */
  async #readComplaint(source: Readable): Promise<boolean> {
    return await new Promise((resolve) => {
      source.on('data', (chunk: Buffer) => {
        if (this.#complaint.length < complaintLength) this.#complaint += chunk.toString('utf8');
        if (this.#complaint.includes(`${this.#name}\n`)) resolve(true);
      });
      source.once('close', () => resolve(false));
    });
  }

  /** Puts it under the limits and lets its command start. */
  async #admit(pidFile: string): Promise<void> {
    this.#isStarted = true;
    const { group } = this.#start;
    this.#init = await this.#readInit(pidFile);
    if (this.#stopReason) return this.#endContainer();
    const { pid } = this.#init;
    [this.#breachesBefore] = await Promise.all([group.countMemoryBreaches(), group.attach(pid)]);
    this.#tell(this.#stopReason ? 'stop' : letGo);
  }

  async #readInit(pidFile: string): Promise<Init> {
    const { client } = this.#start;
    const text = client.engine.pidFile
      ? readFileSync(pidFile, 'utf8')
      : (await callEngine(client, ['inspect', '--format', '{{.State.Pid}}', this.#name])).said;
    const pid = Number(text.trim());
    // An engine that is elsewhere tells numbers that mean somebody else here.
    const isOurs = readText(`/proc/${pid}/cmdline`)?.split('\0').includes(startPlaces.script);
    const startTime = isOurs ? readProcess(pid)?.startTime : undefined;
    if (startTime === undefined) throw new Error('the process of a container cannot be seen from here');
    return { pid, startTime };
  }

  #tell(word: string): void {
    if (this.#leash === undefined) return;
    try {
      writeSync(this.#leash, `${word}\n`);
    } catch {
      // Nobody reads it any more.
    }
  }

  #endContainer(): void {
    // The word ends whoever waits at the leash; a command may have ended its reader.
    this.#tell('stop');
    if (this.#init) endInit(this.#init);
  }

  /** Nothing of it is left, whatever the engine says of it. */
  async #prove(): Promise<void> {
    const { client } = this.#start;
    if (this.#init && !(await isSoonGone(this.#init, goneWithinMs))) {
      await callEngine(client, ['rm', '--force', this.#name]).catch(() => undefined);
      if (!(await isSoonGone(this.#init, goneWithinMs))) throw survived(this.#name);
    }
    // One that was stopped on its way to a start: it may be there, and must never run.
    if (!this.#init) await callEngine(client, ['rm', '--force', this.#name]).catch(() => undefined);
  }

  /** The command complains to a pipe of its own, so that what comes after the first process are words of the engine. */
  #isOfEngine(code: number | undefined): boolean {
    const [, said = ''] = this.#complaint.split(`${this.#name}\n`);
    return code !== undefined && engineCodes.includes(code) && this.#start.client.engine.failure.test(said);
  }

  /** An engine that goes away may kill its containers first. */
  async #findEngineGone(): Promise<Error | undefined> {
    const asked = await callEngine(this.#start.client, ['ps', '--quiet', '--filter', `label=${label}`]).catch(toFault);
    if (asked instanceof Error) return asked;
    return asked.isDone ? undefined : new Error(asked.said);
  }

  #toExternalError(fault: unknown): ExternalError {
    const said = fault instanceof Error ? fault.message : this.#complaint.replace(`${this.#name}\n`, '').trim();
    const what = this.#isStarted ? 'was lost' : 'did not start';
    const message = `a sandbox ${what}: ${explainEngine(this.#start.client.engine.name, said)}`;
    return new ExternalError({ system: 'sandbox', message, retry: 'soon', cause: fault });
  }
}

/** Fails with the error of a program that could not be started. */
function waitForExit(child: ChildProcess): Promise<{ readonly code: number | undefined }> {
  const exit = new Promise<{ readonly code: number | undefined }>((resolve, reject) => {
    child.once('close', (code) => resolve({ code: code ?? undefined }));
    child.once('error', reject);
  });
  exit.catch(() => undefined);
  return exit;
}

function toFault(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function survived(name: string): ExternalError {
  return new ExternalError({ system: 'sandbox', message: `${name} survived its kill`, retry: 'soon' });
}
