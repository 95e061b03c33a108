// What publishers made is remembered until every list shows it: without that, whoever looks next would make it again.
import type { Made } from '../model/made.ts';
import type { Draft } from './draft.ts';

/** Far longer than lists lag behind. The budget for writing bounds how much is made in that time. */
const keepMs = 2 * 60_000;

export function keepMade({ record: { presentation }, now }: Draft, made: readonly Omit<Made, 'at'>[]): void {
  const isNew = new Set(made.map(({ key }) => key));
  const kept = (presentation.made ?? []).filter(({ key, at }) => !isNew.has(key) && now - at < keepMs);
  const all = [...kept, ...made.map((one) => ({ ...one, at: now }))];
  if (all.length > 0) presentation.made = all;
  else delete presentation.made;
  if ((presentation.doubtUntil ?? 0) <= now) delete presentation.doubtUntil;
}

/** A publisher died: what it made nobody told, and what it asked for may still happen. */
export function doubtUntil({ record: { presentation } }: Draft, until: number): void {
  presentation.doubtUntil = Math.max(presentation.doubtUntil ?? 0, until);
}
