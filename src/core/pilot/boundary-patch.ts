// What a boundary changes in a run, as data. Either the whole patch is applied or none of it.
import type { Boundary, BoundaryTask } from './boundary.ts';
import type { Outcome } from './settle-tasks.ts';

export interface NextAttempt {
  readonly key: string;
  /** first: never ran. rerun: lost its merge through no fault of its own. The others: failed and re-admitted. */
  readonly kind: 'first' | 'rerun' | 'retry' | 'retry_different';
  /** For the agent of exactly this task. */
  readonly guidance?: string;
  readonly reason?: string;
}

interface SkippedTask {
  readonly key: string;
  readonly reason: string;
  /** `dependency_skipped`: added by the engine, since the task it depends on is skipped. */
  readonly cause: { readonly kind: 'pilot' } | { readonly kind: 'dependency_skipped'; readonly task: string };
}

interface BlockedTask {
  readonly key: string;
  readonly on: string;
  readonly cause:
    | { readonly kind: 'foundation_unsatisfied' }
    | { readonly kind: 'dependency_failed'; readonly task: string };
}

export interface RoutedFact {
  readonly fact: string;
  readonly from?: string;
}

/** A fact, and the words in the log of a task that are to show it. */
export interface Observation {
  readonly text: string;
  readonly task: string;
  readonly quote: string;
}

/**
 * Every task that failed in this batch, was rolled back or is pending is in exactly one of `attempts`, `skips`, `blocked`,
 * `spent` and `failed`; every other task keeps its state.
 */
export interface BoundaryPatch {
  /** Exactly the keys of `batches`. */
  readonly attempts: readonly NextAttempt[];
  readonly batches: readonly (readonly string[])[];
  readonly skips: readonly SkippedTask[];
  readonly blocked: readonly BlockedTask[];
  /** Tasks that did not fail but have no attempt left. */
  readonly spent: readonly {
    readonly key: string;
    readonly cause: {
      readonly kind: 'budget';
      readonly limit: 'max_attempts';
      readonly value: number;
      readonly spent: number;
    };
  }[];
  /** Tasks that stay failed for good; the reason is the pilot's for not trying again. */
  readonly failed: readonly { readonly key: string; readonly reason?: string }[];
  readonly facts: readonly { readonly key: string; readonly facts: readonly RoutedFact[] }[];
  /** What the pilot infers; kept in the record, never shown to agents as observed. */
  readonly learnings: readonly string[];
  /** What it says that the output of a command shows; whether it does is looked at when the patch is applied. */
  readonly observations: readonly Observation[];
  /** Tasks that count against the skip ratio: add their number to `skippedSoFar`. */
  readonly givenUp: readonly string[];
  /** `requested`: takes effect only when isAbortEffective says so, or a person confirms. */
  readonly abort: 'none' | 'requested';
  readonly replan: 'none' | 'requested';
}

export interface Wishes {
  readonly reasons: ReadonlyMap<string, string>;
  readonly guidance: ReadonlyMap<string, string>;
  readonly isDifferent: ReadonlySet<string>;
}

type Settlement = Pick<BoundaryPatch, 'attempts' | 'skips' | 'blocked' | 'spent' | 'failed'>;

/** Turns outcomes into the accounting part of a patch, in plan order. */
export function settleBoundary(boundary: Boundary, outcomes: ReadonlyMap<string, Outcome>, wishes: Wishes): Settlement {
  const attempts: NextAttempt[] = [];
  const skips: SkippedTask[] = [];
  const blocked: BlockedTask[] = [];
  const spent: BoundaryPatch['spent'][number][] = [];
  const failed: BoundaryPatch['failed'][number][] = [];
  const roles = new Map(boundary.tasks.map((task) => [task.key, task.role]));
  for (const task of boundary.tasks) {
    const outcome = outcomes.get(task.key);
    const reason = wishes.reasons.get(task.key);
    const key = task.key;
    if (outcome === undefined || outcome.kind === 'passed' || outcome.kind === 'ended') continue;
    if (outcome.kind === 'runs') attempts.push(describeAttempt(task, wishes));
    // A task that failed itself stays failed, whatever else keeps it from running again.
    else if (task.state === 'failed') failed.push({ key, ...(reason === undefined ? {} : { reason }) });
    else if (outcome.kind === 'skipped') skips.push(describeSkip(key, outcome.on, reason));
    else if (outcome.kind === 'blocked') blocked.push(describeBlock(key, outcome.on, roles.get(outcome.on)));
    else
      spent.push({
        key,
        cause: { kind: 'budget', limit: 'max_attempts', value: boundary.maxAttempts, spent: task.attemptsUsed },
      });
  }
  return { attempts, skips, blocked, spent, failed };
}

function describeAttempt(task: BoundaryTask, { reasons, guidance, isDifferent }: Wishes): NextAttempt {
  const text = guidance.get(task.key);
  const reason = reasons.get(task.key);
  const again = task.state === 'failed' ? (isDifferent.has(task.key) ? 'retry_different' : 'retry') : 'rerun';
  return {
    key: task.key,
    kind: task.state === 'pending' && task.attemptsUsed === 0 ? 'first' : again,
    ...(text === undefined ? {} : { guidance: text }),
    ...(reason === undefined ? {} : { reason }),
  };
}

function describeSkip(key: string, on: string | undefined, reason: string | undefined): SkippedTask {
  if (on === undefined) return { key, reason: reason ?? 'Skipped by the pilot.', cause: { kind: 'pilot' } };
  return { key, reason: `It depends on \`${on}\`, which is skipped.`, cause: { kind: 'dependency_skipped', task: on } };
}

function describeBlock(key: string, on: string, role: BoundaryTask['role'] | undefined): BlockedTask {
  if (role === 'foundation') return { key, on, cause: { kind: 'foundation_unsatisfied' } };
  return { key, on, cause: { kind: 'dependency_failed', task: on } };
}
