import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition, not for a time: looks often, and says what it saw instead when its patience ends. */
export async function until<T>(look: () => Promise<T | undefined>, explain: () => Promise<string> = async () => '', patienceMs = 90_000): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms in vain\n${await explain()}`);
    await sleep(50);
  }
}
