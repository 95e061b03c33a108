// Properties that need a minute for all of their runs: `npm test` has a share of them, each time others, and
// `npm run scenarios` has them all.
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the runs that a property asks for; from the configuration of the tests. */
    shareOfRuns: number;
  }
}

/** Runs of a property, or how often something must have been met in all of them. */
export function shareOf(count: number): number {
  return Math.ceil(count * inject('shareOfRuns'));
}
