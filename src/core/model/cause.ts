import { z } from 'zod';
import { Withheld } from './input-report.ts';
import { NetworkReport } from './network-report.ts';

/** What all runs of a repository may cost in one calendar month. */
export const monthLimit = 'budget.repository_usd';

/** Of so many secrets nobody needs to know how many more there are. */
export const secretsCountedAtMost = 100;

/** What a runner of tests says of itself at its end. */
export const TestCount = z.object({ passed: z.number().int(), failed: z.number().int(), skipped: z.number().int() });
export type TestCount = z.infer<typeof TestCount>;

/** One failing verify command with the windows of its output that matter; `log` is the artifact with all of it. */
export const CommandReport = z.object({
  command: z.string(),
  exit: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('exited'), code: z.number().int() }),
    z.object({ kind: z.literal('signalled'), signal: z.string() }),
    z.object({ kind: z.literal('killed'), reason: z.string() }),
  ]),
  durationMs: z.number(),
  output: z.string(),
  omittedBytes: z.number().int(),
  log: z.string().optional(),
  /** Read from what it printed; absent where nothing there is known as a count. */
  tests: TestCount.optional(),
  /** Hosts that were asked for while it ran, and not given. */
  denied: NetworkReport.shape.denied.optional(),
});
export type CommandReport = z.infer<typeof CommandReport>;

/** Why a task or a run did not succeed: a closed union with fields, never matched by message text. */
export const Cause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('plan_unusable'), complaints: z.array(z.string()) }),
  z.object({
    kind: z.literal('nothing_admitted'),
    withheld: z.number().int(),
    withheldFrom: z.array(Withheld).optional(),
  }),
  /** Of checks of others. */
  z.object({ kind: z.literal('nothing_red'), head: z.string() }),
  z.object({ kind: z.literal('repository_empty') }),
  z.object({ kind: z.literal('scope_violation'), paths: z.array(z.string()) }),
  z.object({ kind: z.literal('content_refused'), path: z.string().optional(), why: z.string() }),
  z.object({ kind: z.literal('secret_found'), count: z.number().int() }),
  /** Marks of a merge stand in these files, and did not before. */
  z.object({ kind: z.literal('conflict_marks'), paths: z.array(z.string()) }),
  z.object({ kind: z.literal('verify_red'), failures: z.array(CommandReport) }),
  /** The commit that agents would have started from is red by itself. */
  z.object({ kind: z.literal('baseline_red'), commit: z.string(), failures: z.array(CommandReport) }),
  z.object({ kind: z.literal('no_change'), said: z.string() }),
  z.object({ kind: z.literal('agent_gave_up'), why: z.string() }),
  /** It asked people something, said no other way to go on, and nobody answered. */
  z.object({ kind: z.literal('unanswered'), question: z.string() }),
  z.object({ kind: z.literal('agent_crashed'), detail: z.string() }),
  z.object({ kind: z.literal('deadline'), limit: z.string(), valueMs: z.number(), elapsedMs: z.number() }),
  z.object({
    kind: z.literal('budget'),
    limit: z.string(),
    value: z.number(),
    spent: z.number(),
    /** When it begins anew by itself, as what is shared by all runs does. */
    resetsAt: z.number().optional(),
  }),
  /** `failures`: what verification said about what the agent had built until it was ended. */
  z.object({
    kind: z.literal('turn_limit'),
    maxTurns: z.number().int(),
    graceTurns: z.number().int(),
    failures: z.array(CommandReport),
  }),
  z.object({ kind: z.literal('context_overflow'), isRecoveryTried: z.boolean() }),
  /** An agent or a workflow that is needed and not in force. */
  z.object({ kind: z.literal('resource_missing'), name: z.string(), why: z.string() }),
  /** A program of the operator said no, or could not be asked. */
  z.object({ kind: z.literal('hook_refused'), hook: z.string(), why: z.string() }),
  /** What the base branch says to prepare could not be prepared. */
  z.object({
    kind: z.literal('setup'),
    failures: z.array(CommandReport),
    /** Hosts that it asked for and that the settings do not list. */
    denied: z.array(z.string()),
  }),
  /** `why`: what is missing, and the mend. */
  z.object({ kind: z.literal('sandbox_denied'), capability: z.string(), why: z.string().optional() }),
  z.object({ kind: z.literal('model_unavailable'), detail: z.string(), retryAt: z.number().optional() }),
  z.object({ kind: z.literal('model_refused'), detail: z.string() }),
  z.object({ kind: z.literal('merge_conflict'), paths: z.array(z.string()) }),
  /** A repair of a conflict whose result is not taken. */
  z.object({
    kind: z.literal('conflict_unresolved'),
    why: z.enum(['not_text', 'marker_left', 'head_moved', 'outside_scope', 'too_many_files']),
    paths: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('integration_red'),
    paths: z.array(z.string()),
    failures: z.array(CommandReport),
    /** The output names no file of it: that all was well until it was merged is all that shows it. */
    isOnlyChange: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('taken_out'), with: z.string() }),
  z.object({ kind: z.literal('integration_unrouteable'), failures: z.array(CommandReport) }),
  /** Must items that the merged tree does not meet, as far as anybody could show. */
  z.object({
    kind: z.literal('acceptance_failed'),
    items: z.array(z.object({ id: z.string(), text: z.string(), why: z.string() })),
  }),
  z.object({ kind: z.literal('acceptance_unusable'), why: z.string() }),
  /** A person who had to let it through did not. */
  z.object({ kind: z.literal('denied'), by: z.string(), reason: z.string(), paths: z.array(z.string()) }),
  z.object({ kind: z.literal('dependency_failed'), task: z.string() }),
  z.object({ kind: z.literal('foundation_unsatisfied') }),
  z.object({ kind: z.literal('contract_blocked'), path: z.string(), owner: z.string() }),
  z.object({ kind: z.literal('contradiction'), with: z.string() }),
  z.object({ kind: z.literal('pilot_aborted'), reason: z.string() }),
  z.object({ kind: z.literal('push_rejected'), why: z.string() }),
  z.object({ kind: z.literal('tasks_failed'), failed: z.array(z.string()) }),
  z.object({
    kind: z.literal('infrastructure'),
    system: z.string(),
    detail: z.string(),
    /** The moment that the other side named itself. */
    retryAt: z.number().optional(),
    /** Waiting does not mend it. */
    isLasting: z.boolean().optional(),
  }),
]);
export type Cause = z.infer<typeof Cause>;

/** Whether the same attempt may well succeed unchanged: nothing about the task itself was found wrong. */
export function isTransient(cause: Cause): boolean {
  if (cause.kind === 'infrastructure' && cause.isLasting) return false;
  return ['model_unavailable', 'infrastructure', 'agent_crashed', 'deadline'].includes(cause.kind);
}
