// A worker in a process of its own, as root or as an ordinary user, with folders that it owns.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { leaveNoContainers } from './leave-no-containers.ts';
import type { ProviderTools } from './open-provider.ts';
import { Answer, type Order } from './order.ts';
import { makeSpec, type SpecChanges } from './spec.ts';
import { giveTo, isRoot, ordinaryUid, type Subject, startAs, starterScript, type User } from './subject.ts';
import { readProviderTools } from './tools.ts';

const Line = z.object({ number: z.number(), answer: Answer });

export interface InsideOptions extends SpecChanges {
  readonly stdin?: string;
  readonly cwd?: string;
  readonly spawnEnv?: Readonly<Record<string, string>>;
}

const gone = Answer.parse({ error: 'the starter is gone' });

export class Starter {
  readonly user: User;
  readonly folder: string;
  readonly workspace: string;
  /** Of the provider. */
  readonly stateFolder: string;
  readonly process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #orders = 0;
  #isGone = false;

  constructor(user: User, folders: { readonly own: string; readonly state: string }, child: ChildProcess) {
    const folder = folders.own;
    this.user = user;
    this.folder = folder;
    this.workspace = join(folder, 'workspace');
    this.stateFolder = folders.state;
    this.process = child;
    if (child.stdout) void this.#read(child.stdout);
  }

  /** Runs a program in a fresh sandbox over the workspace. */
  async inside(argv: readonly string[], options: InsideOptions = {}): Promise<Answer> {
    const { stdin, cwd, spawnEnv, ...changes } = options;
    const answer = await this.order({
      kind: 'inside',
      spec: makeSpec(this.workspace, changes),
      argv,
      ...(stdin === undefined ? {} : { stdin }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(spawnEnv === undefined ? {} : { env: spawnEnv }),
    });
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  /** Runs the same program as the same user without a sandbox. */
  async outside(argv: readonly string[]): Promise<Answer> {
    return await this.order({ kind: 'outside', argv, cwd: this.workspace });
  }

  async order(order: Order): Promise<Answer> {
    if (this.#isGone) return gone;
    this.#orders += 1;
    const number = this.#orders;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(number, resolve));
    this.process.stdin?.write(`${JSON.stringify({ number, order })}\n`);
    return await answered;
  }

  /** A folder beside the workspace that belongs to the worker. */
  async makeFolder(name: string): Promise<string> {
    const folder = join(this.folder, name);
    await mkdir(folder);
    await giveTo(this.user, folder);
    return folder;
  }

  /** An empty workspace in the place of the one that is there. */
  async clear(): Promise<void> {
    await rm(this.workspace, { recursive: true, force: true });
    await mkdir(this.workspace);
    await giveTo(this.user, this.workspace);
  }

  async close(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exit = once(this.process, 'exit');
      this.process.stdin?.end();
      await exit;
    }
    await leaveNoContainers(
      this.stateFolder,
      this.user === 'root' || !isRoot ? (process.getuid?.() ?? 0) : ordinaryUid,
    );
    await rm(this.folder, { recursive: true, force: true });
  }

  async #read(output: NodeJS.ReadableStream): Promise<void> {
    for await (const line of createInterface({ input: output })) {
      const { number, answer } = Line.parse(JSON.parse(line));
      this.#waiting.get(number)?.(answer);
      this.#waiting.delete(number);
    }
    this.#isGone = true;
    for (const resolve of this.#waiting.values()) resolve(gone);
  }
}

export interface StarterOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** What the process finds open at descriptor 40. */
  readonly openFile?: number;
  /** Those of this machine unless it is said otherwise. */
  readonly tools?: ProviderTools;
  /** Of a provider that another one had before. */
  readonly stateFolder?: string;
  /** Put before the command that starts the process. */
  readonly wrapper?: readonly string[];
}

export async function openStarter({ provider, user }: Subject, options: StarterOptions = {}): Promise<Starter> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  await chmod(folder, 0o755);
  for (const name of ['workspace', 'state']) await mkdir(join(folder, name));
  await giveTo(user, folder);
  const tools = options.tools ?? (await readProviderTools());
  const state = options.stateFolder ?? join(folder, 'state');
  const command = [process.execPath, starterScript, provider, state, JSON.stringify(tools)];
  const stdio: (number | 'pipe' | 'ignore' | 'inherit')[] = ['pipe', 'pipe', 'inherit'];
  if (options.openFile !== undefined) stdio.push(...new Array(37).fill('ignore'), options.openFile);
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...options.env };
  const child = startAs(user, [...(options.wrapper ?? []), ...command], { env, cwd: '/', stdio });
  return new Starter(user, { own: folder, state }, child);
}
