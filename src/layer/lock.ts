// One at a time over all processes of a machine: a folder that only one of them can make, and that its owner touches for as
// long as it lives. One that is not touched any more belongs to nobody. It saves work and no more: an owner that was held up
// may lose it without noticing, so whoever holds it must do no harm beside another one.
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import type { ClockPort } from '../engine/port/clock.ts';

export interface Lock {
  release(): Promise<void>;
}

const touchMs = 2_000;
const abandonedMs = 60_000;
/** A machine that was asleep wakes to old folders of owners that live: they get a moment to touch them. */
const watchedMs = 8_000;
const lookMs = 250;

/** Undefined when the signal ended the wait. */
export async function takeLock(path: string, clock: ClockPort, signal: AbortSignal): Promise<Lock | undefined> {
  let seen: { touchedAt: number; since: number } | undefined;
  while (!signal.aborted) {
    if (await make(path)) return await hold(path);
    const facts = await stat(path).catch(() => undefined);
    if (facts && facts.mtimeMs !== seen?.touchedAt) seen = { touchedAt: facts.mtimeMs, since: performance.now() };
    if (facts && seen && isAbandoned(seen)) await giveUp(path, facts.ino);
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

async function hold(path: string): Promise<Lock> {
  const own = await identify(path);
  const isOwn = async () => own !== undefined && (await identify(path)) === own;
  const touch = async () => {
    const now = new Date();
    if (await isOwn()) await utimes(path, now, now);
  };
  const timer = setInterval(() => void touch().catch(() => undefined), touchMs).unref();
  return {
    async release() {
      clearInterval(timer);
      if (await isOwn()) await rm(path, { recursive: true, force: true });
    },
  };
}

async function identify(path: string): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts && `${facts.ino} ${facts.birthtimeMs}`;
}

function isAbandoned({ touchedAt, since }: { touchedAt: number; since: number }): boolean {
  return Date.now() - touchedAt >= abandonedMs && performance.now() - since >= watchedMs;
}

/** Renamed before it is removed: of several that find it, one does that. */
async function giveUp(path: string, ino: number): Promise<void> {
  const aside = `${path}.${ino}`;
  await rename(path, aside).then(
    () => rm(aside, { recursive: true, force: true }),
    () => undefined,
  );
}
