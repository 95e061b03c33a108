// What an attempt is bound to, as one value: kept with the attempt, and the ground of everything that its agents are told.
import type { Limits, Run, Task } from '../model/run.ts';
import { listForeignContracts } from '../plan/evaluate-scope.ts';
import type { Workflow } from '../resource/resource.ts';
import { listOwners } from '../run/list-owners.ts';
import { type Known, listLearnings } from './render-known.ts';

/** What is looked at. Of a pull request also what it changes. */
export interface Reviewed {
  readonly head: string;
  /** The workspace holds the base, and nothing of the head. */
  readonly isTextOnly?: boolean;
  /** What is shown of the change is not all of it. */
  readonly isPartial?: boolean;
  readonly change?: {
    /** Exactly this commit of the base branch. */
    readonly base: string;
    readonly paths: readonly string[];
    readonly patch: string;
    /** Files in which it does not fit together with the base. */
    readonly conflicts: readonly string[];
  };
}

export interface TaskPacket extends Known {
  readonly task: string;
  readonly title: string;
  readonly objective: string;
  /** What others said that it is about, each inside a fence. */
  readonly matter?: string;
  readonly workflow: { readonly name: string; readonly steps: readonly string[] };
  readonly scope: {
    readonly mayChange: readonly string[];
    /** Files that other tasks rely on. */
    readonly mustKeep: readonly string[];
  };
  readonly acceptance: Task['acceptance'];
  readonly limits: {
    readonly attempt: number;
    readonly attempts: number;
    readonly minutes: number;
    readonly usd?: number;
    readonly tokens?: number;
  };
  /** Of one that only reads: what. */
  readonly reads?: Reviewed;
  readonly verify: readonly string[];
  readonly commits: string;
}

const commitPolicy =
  'The host makes one commit of everything that differs when the last step has ended; commits, branches and pushes of ' +
  'an agent go nowhere.';

/** Undefined when the task says nothing: then no model is asked. */
export function toTaskPacket(
  run: Run,
  task: Task,
  {
    workflow,
    limits,
    reads,
    notes = '',
    matter,
  }: {
    readonly workflow: Pick<Workflow, 'name' | 'steps'>;
    readonly limits: Limits | undefined;
    readonly reads?: Reviewed;
    readonly notes?: string;
    readonly matter?: string | undefined;
  },
): TaskPacket | undefined {
  if (task.prompt.trim() === '') return undefined;
  return {
    task: task.key,
    title: task.title,
    objective: task.prompt,
    ...(matter === undefined ? {} : { matter }),
    workflow: { name: workflow.name, steps: workflow.steps.map(({ id }) => id) },
    scope: {
      mayChange: task.ownedPaths,
      mustKeep: listForeignContracts(task, listOwners(run, task)).map(({ path }) => path),
    },
    acceptance: task.acceptance,
    learnings: listLearnings(run),
    notes,
    limits: {
      attempt: task.attempts.length,
      attempts: run.policy.maxAttempts,
      minutes: run.policy.attemptMs / 60_000,
      ...(limits ? { usd: limits.microUsd / 1_000_000 } : {}),
      ...(limits?.tokens === undefined ? {} : { tokens: limits.tokens }),
    },
    ...(reads ? { reads } : {}),
    verify: run.policy.verify,
    commits: commitPolicy,
  };
}
