// Everything that the pilot is told, as plain data. It is collected anew at each boundary from the run's record and
// artifacts; the pilot itself has no memory, no tools and no access to the repository.
import type { BoundaryTask } from './boundary.ts';
import type { KeySets } from './key-sets.ts';

export interface AcceptanceResult {
  readonly id: string;
  readonly text: string;
  readonly level: 'must' | 'should';
  readonly status: 'passed' | 'failed' | 'missing';
  readonly evidence: string;
}

export interface BatchTaskReport {
  readonly key: string;
  readonly title: string;
  readonly state: BoundaryTask['state'];
  /** The typed cause, rendered to one sentence. */
  readonly cause?: string;
  readonly attemptsUsed: number;
  /** Undefined where it is not known. */
  readonly costUsd: number | undefined;
  readonly seconds: number;
  readonly diffstat: string;
  /** Logs of verify runs by attempt number, in any order; only the newest is quoted. */
  readonly verifyLogs: readonly { readonly attempt: number; readonly text: string }[];
  readonly acceptance: readonly AcceptanceResult[];
  /** The agent's closing words. */
  readonly summary: string;
}

export interface UpcomingTask {
  readonly key: string;
  readonly title: string;
  readonly prompt: string;
  readonly dependsOn: readonly string[];
  readonly ownedPaths: readonly string[];
}

/** What an earlier boundary decided, and what came of it. */
export interface EarlierBoundary {
  readonly batchNumber: number;
  readonly decision: string;
  readonly result: string;
  /** Each task that it was about, as it stands now. */
  readonly since: readonly {
    readonly key: string;
    readonly state: string;
    /** The kind of what went wrong with it last. */
    readonly newestCause?: string;
  }[];
}

export interface PilotContext {
  readonly batchNumber: number;
  readonly keys: KeySets;
  readonly maxAttempts: number;
  /** How many tasks may still be given up in this run. */
  readonly skipsLeft: number;
  readonly isReplanSpent: boolean;
  /** The order in which the engine would go on by itself. */
  readonly plannedBatches: readonly (readonly string[])[];
  /** The notes file that the configuration names, if there is one. */
  readonly notes: string;
  /** The tasks of the batch that ended. */
  readonly tasks: readonly BatchTaskReport[];
  /** Earlier boundaries of the run, oldest first. */
  readonly earlier: readonly EarlierBoundary[];
  /** Observed learnings only, oldest first. */
  readonly learnings: readonly string[];
  /** Every task that may still run, in plan order. */
  readonly upcoming: readonly UpcomingTask[];
}
