import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockPort } from '../engine/port/clock.ts';

/** The clock of this host. A pause that is cut short ends like one that is over. */
export const systemClock: ClockPort = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
};
