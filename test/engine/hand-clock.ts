// A clock that stands still until a test moves it. Pauses end in the order of their moments.
import { setImmediate } from 'node:timers/promises';
import type { ClockPort } from '../../src/engine/port/clock.ts';

interface Pause {
  readonly until: number;
  readonly end: () => void;
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await setImmediate();
}

export class HandClock implements ClockPort {
  #now = 1_000_000;
  #pauses: Pause[] = [];

  now = () => this.#now;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const pause: Pause = { until: this.#now + ms, end: resolve };
      this.#pauses.push(pause);
      signal?.addEventListener('abort', () => this.#end(pause), { once: true });
    });
  };

  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (;;) {
      const [next] = this.#pauses.filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
      if (!next) break;
      this.#now = Math.max(this.#now, next.until);
      this.#end(next);
      await settle();
    }
    this.#now = end;
  }

  /** Time passes and nothing of this process runs, as when its event loop is held up. */
  jump(ms: number): void {
    this.#now += ms;
  }

  #end(pause: Pause): void {
    this.#pauses = this.#pauses.filter((other) => other !== pause);
    pause.end();
  }
}
