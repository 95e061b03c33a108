import type { Area } from './attempt.ts';

export interface Outcome {
  readonly area: Area;
  readonly name: string;
  readonly succeedsWithout: boolean;
  readonly isReached: boolean;
}

export interface Tally {
  readonly attempts: number;
  readonly held: number;
  readonly reached: number;
  /** They did not succeed without a sandbox either, so that they prove nothing. */
  readonly hollow: number;
}

export function tally(outcomes: readonly Outcome[]): Tally {
  const reached = outcomes.filter(({ isReached }) => isReached).length;
  return {
    attempts: outcomes.length,
    held: outcomes.length - reached,
    reached,
    hollow: outcomes.filter(({ succeedsWithout }) => !succeedsWithout).length,
  };
}

/** The exit code of who plays a provider that does not run there. */
export const notPlayed = 3;

/** So many there must be, or the suite was cut down. */
export const leastAttempts = 60;

export function isProven({ attempts, reached, hollow }: Tally): boolean {
  return attempts >= leastAttempts && reached === 0 && hollow === 0;
}

export function renderTally(title: string, { attempts, held, reached, hollow }: Tally): string {
  const nothing = hollow === 0 ? '' : `; ${hollow} did not succeed without a sandbox either, and prove nothing`;
  return `${title}: ${attempts} attempts, ${held} held, ${reached} reached${nothing}`;
}
