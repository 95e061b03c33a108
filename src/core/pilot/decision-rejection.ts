import type { BoundaryTask } from './boundary.ts';

/** The field of a decision that names a key. */
export type DecisionField = 'failureAnalysis' | 'strategies' | 'routedContext' | 'skip' | 'batches';

/** Why a decision is not carried out. The sentences go back to the model and into the boundary's record. */
export type DecisionRejection =
  | { readonly kind: 'unknown_key'; readonly key: string; readonly field: DecisionField }
  | { readonly kind: 'passed_key'; readonly key: string; readonly field: DecisionField }
  | {
      readonly kind: 'ended_key';
      readonly key: string;
      readonly field: DecisionField;
      readonly state: BoundaryTask['state'];
    }
  | { readonly kind: 'doubled_strategy'; readonly key: string }
  | { readonly kind: 'retry_and_skip'; readonly key: string }
  | { readonly kind: 'guidance_missing'; readonly key: string }
  | { readonly kind: 'guidance_too_long'; readonly key: string; readonly chars: number; readonly maxChars: number }
  | { readonly kind: 'attempts_spent'; readonly key: string; readonly used: number; readonly maxAttempts: number }
  | { readonly kind: 'not_readmitted'; readonly key: string }
  | { readonly kind: 'base_not_running'; readonly key: string; readonly base: string }
  | { readonly kind: 'skipped_in_batch'; readonly key: string }
  | { readonly kind: 'doubled_in_batches'; readonly key: string }
  | { readonly kind: 'missing_in_batches'; readonly key: string }
  | { readonly kind: 'before_dependency'; readonly key: string; readonly dependency: string }
  | { readonly kind: 'overlap_in_batch'; readonly keys: readonly [string, string] }
  | { readonly kind: 'partners_in_batch'; readonly keys: readonly [string, string] }
  | {
      readonly kind: 'too_many_skips';
      readonly givenUp: readonly string[];
      readonly before: number;
      readonly allowed: number;
    }
  | { readonly kind: 'too_many_facts'; readonly count: number; readonly max: number }
  | { readonly kind: 'fact_too_long'; readonly key: string; readonly chars: number; readonly maxChars: number }
  | { readonly kind: 'too_many_learnings'; readonly count: number; readonly max: number }
  | { readonly kind: 'learning_too_long'; readonly position: number; readonly chars: number; readonly maxChars: number }
  | { readonly kind: 'quote_too_long'; readonly position: number; readonly chars: number; readonly maxChars: number }
  | { readonly kind: 'replan_spent' };

export function renderRejection(rejection: DecisionRejection): string {
  switch (rejection.kind) {
    case 'unknown_key':
      return `${rejection.field} names ${quote(rejection.key)}, which is no task of this run.`;
    case 'passed_key':
      return `${rejection.field} names ${quote(rejection.key)}, which has passed and cannot be changed any more.`;
    case 'ended_key':
      return `${rejection.field} names ${quote(rejection.key)}, which is already ${rejection.state} and cannot run any more.`;
    case 'doubled_strategy':
      return `strategies has more than one entry for ${quote(rejection.key)}: give it one.`;
    case 'retry_and_skip':
      return `${quote(rejection.key)} is both to be retried and skipped: choose one.`;
    case 'guidance_missing':
      return `retry_different for ${quote(rejection.key)} needs guidance that says what to do otherwise.`;
    case 'guidance_too_long':
      return `The guidance for ${quote(rejection.key)} has ${rejection.chars} characters, and at most ${rejection.maxChars} are allowed.`;
    case 'attempts_spent':
      return `${quote(rejection.key)} cannot run again: ${rejection.used} of its ${rejection.maxAttempts} attempts are used.`;
    case 'not_readmitted':
      return `batches holds the failed task ${quote(rejection.key)}, which runs again only with a retry or retry_different in strategies.`;
    case 'base_not_running':
      return `${quote(rejection.key)} cannot be retried, because ${quote(rejection.base)}, which it depends on, has not passed and does not run again.`;
    case 'skipped_in_batch':
      return `${quote(rejection.key)} is skipped and also stands in batches: choose one.`;
    case 'doubled_in_batches':
      return `${quote(rejection.key)} stands in batches more than once: place it once.`;
    case 'missing_in_batches':
      return `${quote(rejection.key)} is neither in batches nor skipped: place it.`;
    case 'before_dependency':
      return `${quote(rejection.key)} must stand in a later batch than ${quote(rejection.dependency)}, which it depends on.`;
    case 'overlap_in_batch':
      return `${quotePair(rejection.keys)} own overlapping paths and cannot share a batch.`;
    case 'partners_in_batch':
      return `${quotePair(rejection.keys)} touch the same ground according to the plan and cannot share a batch.`;
    case 'too_many_skips':
      return `The decision gives up ${rejection.givenUp.map(quote).join(', ')} after ${rejection.before} given up earlier, and at most ${rejection.allowed} may be given up in this run.`;
    case 'too_many_facts':
      return `routedContext has ${rejection.count} facts, and at most ${rejection.max} are allowed: keep the ones that change what a task does.`;
    case 'fact_too_long':
      return `A fact for ${quote(rejection.key)} has ${rejection.chars} characters, and at most ${rejection.maxChars} are allowed.`;
    case 'too_many_learnings':
      return `There are ${rejection.count} learnings, and at most ${rejection.max} are allowed.`;
    case 'learning_too_long':
      return `Learning ${rejection.position} has ${rejection.chars} characters, and at most ${rejection.maxChars} are allowed.`;
    case 'quote_too_long':
      return `The quote of observation ${rejection.position} has ${rejection.chars} characters, and at most ${rejection.maxChars} are allowed.`;
    case 'replan_spent':
      return 'The plan was already made anew in this run: answer continue or abort.';
  }
}

/** Keys of an unread decision may be anything; they are shown short and without what could break a line or a code span. */
function quote(key: string): string {
  const plain = key.replace(/[^\p{L}\p{N} ._/-]/gu, '?');
  return `\`${plain.length > 60 ? `${plain.slice(0, 60)}…` : plain}\``;
}

function quotePair([a, b]: readonly [string, string]): string {
  return `${quote(a)} and ${quote(b)}`;
}
