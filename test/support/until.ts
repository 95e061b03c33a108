import { setTimeout as sleep } from 'node:timers/promises';

const firstPauseMs = 25;
const longestPauseMs = 250;

/** Waits for a condition, not for a time: looks often, then less often, and says what it saw instead when its patience ends. */
export async function until<T>(
  look: () => Promise<T | undefined>,
  explain: () => Promise<string> = async () => '',
  patienceMs = 300_000,
): Promise<T> {
  const end = Date.now() + patienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.3)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`waited ${patienceMs} ms in vain\n${await explain()}`);
    await sleep(pauseMs);
  }
}
