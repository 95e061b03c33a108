import type { Weakening } from '../model/weakening.ts';

/** A list of as many is perhaps not whole. */
export const weakeningsAtMost = 50;

/** So many of them, in their order, that each kind has its share: a flood of one hides no other. */
export function shortenWeakenings(list: readonly Weakening[], atMost: number): Weakening[] {
  const counts = new Map<Weakening['kind'], number>();
  const places = list.map((one) => {
    const place = counts.get(one.kind) ?? 0;
    counts.set(one.kind, place + 1);
    return { one, place };
  });
  const kept = new Set(places.toSorted((a, b) => a.place - b.place).slice(0, atMost));
  return places.filter((each) => kept.has(each)).map(({ one }) => one);
}
