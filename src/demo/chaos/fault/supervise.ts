// What a service manager does: starts again what ended, whoever ended it. It knows the deaths that were planned from
// those that were not.
import { setTimeout as sleep } from 'node:timers/promises';
import type { OurProcess } from '../../stack/child-process.ts';

/** One death that was planned, carried out. */
export interface Kill {
  readonly service: string;
  readonly pid: number;
  /** Epoch ms. */
  readonly at: number;
  /** How long nobody did its work; undefined while it is down. */
  downMs?: number;
}

export interface Service {
  readonly name: string;
  /** SIGKILL, as soon as it serves. Resolves when it is dead; it is started again by itself. */
  kill(): Promise<Kill>;
  /** Resolves when it serves. */
  serves(): Promise<void>;
  /** Deaths that nobody planned, and starts that failed. */
  readonly mishaps: readonly string[];
  /** Whether and as which process it serves now. */
  readonly pid: number | undefined;
  /** Leaves it as it is from now on; resolves when no start is under way any more. */
  end(): Promise<void>;
}

const restartPauseMs = 300;

export function superviseProcess(name: string, first: OurProcess, start: () => Promise<OurProcess>): Service {
  const mishaps: string[] = [];
  let isEnding = false;
  let current: OurProcess | undefined = first;
  let serving = Promise.resolve(first);
  let kill: Kill | undefined;

  async function restart(): Promise<OurProcess> {
    for (;;) {
      await sleep(restartPauseMs);
      if (isEnding) throw new Error(`${name} is not started again any more`);
      try {
        const next = await start();
        if (kill) kill.downMs = Date.now() - kill.at;
        kill = undefined;
        watch(next);
        return next;
      } catch (error) {
        mishaps.push(`${name} did not come up: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  function watch(process: OurProcess): void {
    current = process;
    void process.exited.then(() => {
      if (isEnding) return;
      current = undefined;
      if (!kill) mishaps.push(`${name} (process ${process.pid}) ended by itself`);
      serving = restart();
      // Whoever waits for it hears of it; nobody has to.
      serving.catch(() => undefined);
    });
  }

  watch(first);
  return {
    name,
    mishaps,
    get pid() {
      return current?.pid;
    },
    async kill() {
      const victim = await serving;
      const carriedOut: Kill = { service: name, pid: victim.pid, at: Date.now() };
      kill = carriedOut;
      await victim.kill('SIGKILL');
      return carriedOut;
    },
    serves: async () => {
      await serving;
    },
    async end() {
      isEnding = true;
      await serving.catch(() => undefined);
    },
  };
}
