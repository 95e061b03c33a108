// Keeps back the answer to a write that has happened, until a test says what becomes of it.
import type { Hold } from './fault.ts';
import { Refusal } from './refusal.ts';

export class HoldGate {
  readonly #holds = new Map<number, { hold: Hold; open: (drop: boolean) => void; until: Promise<boolean> }>();
  #lastId = 0;

  get list(): readonly Hold[] {
    return [...this.#holds.values()].map(({ hold }) => hold);
  }

  /** Holds the n-th write from now on. */
  arm(n: number): Hold {
    this.#lastId += 1;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const hold: Hold = { id: this.#lastId, remaining: n - 1, state: 'armed' };
    this.#holds.set(hold.id, { hold, open: resolve, until: promise });
    return hold;
  }

  /** Counts one write. Undefined: it passes. Else it is held; the promise says whether its answer is to be dropped. */
  enter(requestIndex: number): Promise<boolean> | undefined {
    let held: Promise<boolean> | undefined;
    for (const { hold, until } of this.#holds.values()) {
      if (hold.state !== 'armed') continue;
      if (hold.remaining === 0 && held === undefined) {
        hold.state = 'held';
        hold.requestIndex = requestIndex;
        held = until;
      } else if (hold.remaining > 0) hold.remaining -= 1;
    }
    return held;
  }

  get(id: number): Hold {
    return this.#find(id).hold;
  }

  leave(id: number, how: 'released' | 'dropped'): void {
    const { hold, open } = this.#find(id);
    if (hold.state === 'released' || hold.state === 'dropped') return;
    hold.state = how;
    open(how === 'dropped');
  }

  #find(id: number) {
    const entry = this.#holds.get(id);
    if (!entry) throw new Refusal(404, `Not Found: no hold ${id}`);
    return entry;
  }
}
