// Sums the processor time of processes that come and go, from what /proc says at each look.
import { type ProcessorTime, readProcessorTime } from '../process-facts.ts';

export class ProcessorLedger {
  #before: ReadonlyMap<string, ProcessorTime> = new Map();
  #ticks = 0;

  /** Takes all that live, and gives the seconds of all that ever did. */
  note(pids: readonly number[]): number {
    const times = pids.map(readProcessorTime).filter((time) => time !== undefined);
    return this.add(new Map(times.map((time) => [time.key, time])));
  }

  add(now: ReadonlyMap<string, ProcessorTime>): number {
    let own = 0;
    let collected = 0;
    for (const [key, time] of now) {
      const before = this.#before.get(key);
      own += time.own - (before?.own ?? 0);
      collected += time.collected - (before?.collected ?? 0);
    }
    let known = 0;
    for (const [key, time] of this.#before) if (!now.has(key)) known += time.own + time.collected;
    // Whoever waits for its child gets the child's time, of which a part was counted while the child lived. That of a child
    // that nobody waits for is with nobody, and must not be lost with it.
    this.#ticks += own + Math.max(0, collected - known);
    this.#before = now;
    return this.#ticks / ticksPerSecond;
  }
}

/** As /proc tells it to programs, on every processor that there are sandboxes for. */
const ticksPerSecond = 100;
