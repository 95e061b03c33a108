// What a repository made of its runs: taken as they were or not, how soon, at what price, and how often its reviewers were
// right. All of it is counted from what each run came to, so that asking twice counts nothing twice.
import type { FindingCount, RunEnd, RunOutcome } from '../model/run-outcome.ts';

export interface Accounting {
  /** Runs that have come to an end. */
  readonly runs: number;
  readonly ends: Readonly<Record<RunEnd, number>>;
  /** Of what was offered and judged by people, how much was merged; undefined where nothing was. */
  readonly acceptance: number | undefined;
  /** From the start of a run to its merge. */
  readonly mergeMs: { readonly median: number; readonly p90: number } | undefined;
  /** Undefined where nobody knows what some of them cost. */
  readonly microUsd: number | undefined;
  /** What all runs cost, for each that was merged: what came to nothing is paid for as well. */
  readonly microUsdPerMerge: number | undefined;
  readonly reviewers: Readonly<Record<string, FindingCount & { readonly precision: number | undefined }>>;
}

export function accountOutcomes(outcomes: readonly RunOutcome[]): Accounting {
  const ends: Record<RunEnd, number> = {
    merged_unchanged: 0,
    merged_changed: 0,
    rejected: 0,
    taken_over: 0,
    given_up: 0,
    reported: 0,
  };
  for (const { end } of outcomes) ends[end] += 1;
  const merged = outcomes.filter(({ end }) => end === 'merged_unchanged' || end === 'merged_changed');
  const isKnown = outcomes.every(({ isCostUnknown }) => !isCostUnknown);
  const microUsd = isKnown ? outcomes.reduce((sum, one) => sum + one.microUsd, 0) : undefined;
  const judged = merged.length + ends.rejected + ends.taken_over;
  return {
    runs: outcomes.length,
    ends,
    acceptance: judged === 0 ? undefined : merged.length / judged,
    mergeMs: toSpread(merged.map(({ startedAt, endedAt }) => Math.max(0, endedAt - startedAt))),
    microUsd,
    microUsdPerMerge: merged.length === 0 || microUsd === undefined ? undefined : Math.round(microUsd / merged.length),
    reviewers: addFindings(outcomes),
  };
}

/** The nearest rank: always a value that was measured. */
function toSpread(values: readonly number[]): Accounting['mergeMs'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
  const [median, p90] = [at(0.5), at(0.9)];
  return median === undefined || p90 === undefined ? undefined : { median, p90 };
}

function addFindings(outcomes: readonly RunOutcome[]): Accounting['reviewers'] {
  const sums = new Map<string, FindingCount>();
  for (const [by, count] of outcomes.flatMap(({ findings }) => Object.entries(findings))) {
    const { confirmed, refuted, unverified } = sums.get(by) ?? { confirmed: 0, refuted: 0, unverified: 0 };
    sums.set(by, {
      confirmed: confirmed + count.confirmed,
      refuted: refuted + count.refuted,
      unverified: unverified + count.unverified,
    });
  }
  return Object.fromEntries([...sums].sort().map(([by, sum]) => [by, { ...sum, precision: toPrecision(sum) }]));
}

/** Of what could be settled; what nobody could confirm or refute says nothing about the reviewer. */
function toPrecision({ confirmed, refuted }: FindingCount): number | undefined {
  const settled = confirmed + refuted;
  return settled === 0 ? undefined : confirmed / settled;
}
