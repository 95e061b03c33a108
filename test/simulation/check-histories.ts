// Plays many histories, and shrinks the first one in which something does not hold to the lines that matter.
import fc from 'fast-check';
import { anyHistory } from './any-history.ts';
import { type History, quiet } from './history.ts';
import { type Played, simulate } from './simulate.ts';

export interface Search {
  readonly seed: number;
  readonly histories: number;
  /** The search ends then, with what it has found out so far. */
  readonly limitMs?: number;
  /** The first failure is enough, as large as it is. */
  readonly isUnshrunk?: boolean;
  /** One place of a search before: plays exactly what failed there. */
  readonly path?: string;
}

export interface Searched {
  readonly played: number;
  readonly steps: number;
  /** How runs ended, and how often. */
  readonly reached: Readonly<Record<string, number>>;
  /** Everything about the first history that failed, in its smallest form. */
  readonly failure: string | undefined;
  readonly shrunk: History | undefined;
}

export async function checkHistories({
  seed,
  histories,
  limitMs,
  isUnshrunk = false,
  path,
}: Search): Promise<Searched> {
  let played = 0;
  let steps = 0;
  const reached: Record<string, number> = {};
  let last: Played | undefined;
  const property = fc.asyncProperty(anyHistory, async (history) => {
    const result = await simulate(history);
    played += 1;
    steps += result.steps;
    for (const state of result.reached) reached[state] = (reached[state] ?? 0) + 1;
    if (result.wrong !== undefined) last = result;
    return result.wrong === undefined;
  });
  const details = await fc.check(property, {
    seed,
    numRuns: histories,
    endOnFailure: isUnshrunk,
    ...(path === undefined ? {} : { path }),
    ...(limitMs === undefined ? {} : { interruptAfterTimeLimit: limitMs }),
  });
  const [shrunk] = details.failed ? (details.counterexample ?? []) : [];
  const failure =
    shrunk && last
      ? [
          `${last.wrong}`,
          `seed ${details.seed}, path ${details.counterexamplePath}`,
          `history ${renderHistory(shrunk)}`,
          ...last.renderTrace().slice(-400),
        ].join('\n')
      : undefined;
  return { played, steps, reached, failure, shrunk };
}

/** What differs from a quiet history: as it is pinned in a regression test. */
export function renderHistory(history: History): string {
  const usual: Record<string, unknown> = { ...quiet };
  const told = Object.entries(history).filter(([name, value]) => JSON.stringify(usual[name]) !== JSON.stringify(value));
  return JSON.stringify(Object.fromEntries(told));
}
