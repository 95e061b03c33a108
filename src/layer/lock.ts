// One at a time over all processes of a machine: a folder that only one of them can make, and that its owner touches for as
// long as it lives. One that is not touched any more belongs to nobody.
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import type { ClockPort } from '../engine/port/clock.ts';

export interface Lock {
  release(): Promise<void>;
}

const touchMs = 5_000;
const abandonedMs = 60_000;
const lookMs = 250;

/** Undefined when the signal ended the wait. */
export async function takeLock(path: string, clock: ClockPort, signal: AbortSignal): Promise<Lock | undefined> {
  while (!signal.aborted) {
    if (await make(path)) return hold(path);
    await giveUpAbandoned(path);
    await clock.sleep(lookMs, signal);
  }
  return undefined;
}

async function make(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function hold(path: string): Lock {
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, touchMs).unref();
  return {
    async release() {
      clearInterval(timer);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Renamed before it is removed: of several that find it, one does that. */
async function giveUpAbandoned(path: string): Promise<void> {
  const facts = await stat(path).catch(() => undefined);
  if (!facts || Date.now() - facts.mtimeMs < abandonedMs) return;
  const aside = `${path}.${facts.ino}`;
  await rename(path, aside).then(
    () => rm(aside, { recursive: true, force: true }),
    () => undefined,
  );
}
