// What publishers made is remembered until every list shows it: without that, whoever looks next would make it again.
import type { Made } from '../model/made.ts';
import type { Draft } from './draft.ts';

/** Far longer than lists lag behind; reading one thing by its id is all that it costs. */
const keepMs = 10 * 60_000;
const madeAtMost = 50;

export function keepMade({ record: { presentation }, now }: Draft, made: readonly Omit<Made, 'at'>[]): void {
  const isNew = new Set(made.map(({ key }) => key));
  const kept = (presentation.made ?? []).filter(({ key, at }) => !isNew.has(key) && now - at < keepMs);
  const all = [...kept, ...made.map((one) => ({ ...one, at: now }))].slice(-madeAtMost);
  if (all.length > 0) presentation.made = all;
  else delete presentation.made;
}

/** A publisher died: what it made nobody told, and what it asked for may still happen. */
export function doubtUntil({ record: { presentation } }: Draft, until: number): void {
  presentation.doubtUntil = Math.max(presentation.doubtUntil ?? 0, until);
}
