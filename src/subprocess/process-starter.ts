// Has programs started by a small process of ours. To start one, the kernel copies the page tables of whoever starts
// it, and that process stands still meanwhile: a worker of 250 MB was seen to stand still for a third of its time.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { notStarted, ProcessNotStarted, type ProcessOutcome, type RunProcess, runProcess } from './run-process.ts';
import type { StarterAnswer, StarterRequest } from './starter-message.ts';

export interface ProcessStarter {
  readonly run: RunProcess;
  /** Ends the small process; what it started goes on without anybody who reads it. */
  close(): void;
}

/** What is longer is not worth carrying over to the other process and is started right here. */
const maxCarriedBytes = 4 * 1024 * 1024;

const script = fileURLToPath(new URL('./process-starter-main.ts', import.meta.url));
/** Small stays small: its memory is what every start costs. */
const flags = ['--max-semi-space-size=1', '--v8-pool-size=0'];

interface Waiting {
  readonly program: string;
  readonly resolve: (outcome: ProcessOutcome) => void;
  readonly reject: (error: ProcessNotStarted) => void;
}

/** The small process is there from the first call on, and anew after it died. */
export function createProcessStarter(): ProcessStarter {
  let current: Starter | undefined;
  return {
    run: async (call) => {
      if ((call.input?.length ?? 0) > maxCarriedBytes) return runProcess(call);
      try {
        if (!current?.isUsable) current = new Starter();
      } catch (error) {
        throw notStarted(call.program, error);
      }
      return current.run(call);
    },
    close: () => current?.close(),
  };
}

class Starter {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #lost: Error | undefined;

  constructor() {
    this.#child = fork(script, {
      // Whatever signals reach this process from a terminal are its own to handle; the small one ends with its channel.
      detached: true,
      serialization: 'advanced',
      execArgv: flags,
      env: {},
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (answer: StarterAnswer) => this.#settle(answer));
    this.#child.on('error', (error) => this.#lose(error));
    this.#child.on('exit', (code, signal) => this.#lose(new Error(`the starter ended with ${code ?? signal}`)));
    this.#child.on('disconnect', () => this.#lose(new Error('the starter is gone')));
    this.#hold();
  }

  get isUsable(): boolean {
    return this.#lost === undefined;
  }

  run(call: StarterRequest['call']): Promise<ProcessOutcome> {
    this.#lastId += 1;
    const request: StarterRequest = { id: this.#lastId, call };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { program: call.program, resolve, reject });
      this.#hold();
      try {
        this.#child.send(request, (error) => {
          if (error) this.#lose(error);
        });
      } catch (error) {
        // It was never there: a fork without descriptors has no channel.
        this.#waiting.delete(request.id);
        reject(notStarted(call.program, error));
      }
    });
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
    this.#lose(new Error('the starter was closed'));
  }

  #settle(answer: StarterAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (!waiting) return;
    this.#waiting.delete(answer.id);
    this.#hold();
    if (answer.kind === 'ended') return waiting.resolve(answer.outcome);
    const { program, reject } = waiting;
    reject(new ProcessNotStarted({ program, kind: answer.why, cause: new Error(answer.message) }));
  }

  #lose(cause: Error): void {
    this.#lost ??= cause;
    for (const { program, reject } of this.#waiting.values())
      reject(new ProcessNotStarted({ program, kind: 'lost', cause }));
    this.#waiting.clear();
    this.#hold();
  }

  /** It keeps this process alive only while something is waited for. */
  #hold(): void {
    const isBusy = this.#waiting.size > 0;
    if (isBusy) this.#child.ref();
    else this.#child.unref();
    const channel = this.#child.channel;
    if (isBusy) channel?.ref();
    else channel?.unref();
  }
}
