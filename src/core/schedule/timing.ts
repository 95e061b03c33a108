// When the entries of `schedule` in a repository's settings are due. Cron expressions are read by croner, which knows time
// zones; everything here is asked with a moment and answers with one, so that whoever asks later gets the same.
import { Cron } from 'croner';

/** One of the three; `cron` is read in its time zone. */
export interface Timing {
  readonly once?: string | undefined;
  readonly every_minutes?: number | undefined;
  readonly cron?: string | undefined;
  readonly timezone?: string | undefined;
}

/**
 * The latest moment after `after` and up to `now` at which it was due (epoch ms), if any. However many were missed, there
 * is only one to make up for.
 */
export function findDueMoment(timing: Timing, { after, now }: { after: number; now: number }): number | undefined {
  const moment = findLatest(timing, { after, now });
  return moment !== undefined && moment > after && moment <= now ? moment : undefined;
}

/** Intervals are counted from the moment up to which nothing is owed, so that they stay in step when one is late. */
function findLatest(timing: Timing, { after, now }: { after: number; now: number }): number | undefined {
  if (timing.once !== undefined) return Date.parse(timing.once);
  if (timing.every_minutes !== undefined) {
    const stepMs = timing.every_minutes * 60_000;
    return after + Math.floor((now - after) / stepMs) * stepMs;
  }
  const cron = openCron(timing);
  // Only what lies wholly before the given second is found.
  const [latest] = cron?.previousRuns(1, new Date(Math.floor(now / 1000) * 1000 + 1000)) ?? [];
  return latest?.getTime();
}

/** The first moment after `after` at which it will be due, if ever. */
export function findNextMoment(timing: Timing, after: number): number | undefined {
  if (timing.once !== undefined) {
    const moment = Date.parse(timing.once);
    return moment > after ? moment : undefined;
  }
  if (timing.every_minutes !== undefined) return after + timing.every_minutes * 60_000;
  return openCron(timing)?.nextRun(new Date(after))?.getTime();
}

/** Undefined where the expression or the time zone is none, or where it names a day that no month has. */
export function openCron({ cron, timezone = 'UTC' }: Timing): Cron | undefined {
  if (cron === undefined || !isFiveFields(cron)) return undefined;
  try {
    const opened = new Cron(cron, { timezone, mode: '5-part' });
    // A time zone is looked at only when something is asked; any moment will do.
    return opened.nextRun(new Date(0)) === null ? undefined : opened;
  } catch {
    return undefined;
  }
}

/** As in a crontab. What the library knows besides that (nicknames, "?" for this very moment) is no part of the grammar. */
function isFiveFields(cron: string): boolean {
  return /^(?:[\d*,/A-Za-z-]+ +){4}[\d*,/A-Za-z-]+$/.test(cron);
}
