// Results of our own actions. A result counts only when its action is still in the outbox under the same token: a
// late one of a replaced holder is noted and changes nothing.
import type { ResultEvent } from '../model/event.ts';
import { settleSpend } from './budget.ts';
import { type Draft, findEntry, note } from './draft.ts';
import { keepMade } from './keep-made.ts';
import { isRemoved } from './outbox-after.ts';
import { takeAcceptance } from './take-acceptance.ts';
import { takeArchived } from './take-archived.ts';
import { takeAttempt } from './take-attempt.ts';
import { takeBaseline } from './take-baseline.ts';
import { takeBranch } from './take-branch.ts';
import { takeIntegration } from './take-integration.ts';
import { takeMerge } from './take-merge.ts';
import { takePilot } from './take-pilot.ts';
import { takePlan } from './take-plan.ts';
import { lookAgain, takePresented } from './take-presented.ts';
import { takeResolution } from './take-resolution.ts';
import { takeReview } from './take-review.ts';
import { takeVerification } from './take-verification.ts';

export function takeResult(draft: Draft, event: ResultEvent): void {
  const entry = findEntry(draft, event.actionId);
  const isGone = isRemoved(draft, event.actionId);
  if (entry?.state.kind !== 'begun' || entry.state.token !== event.token || isGone) {
    // Whoever was replaced in the middle of writing may have written an older view over a newer one.
    if (event.kind === 'presented') {
      draft.urgency = 'now';
      keepMade(draft, event.outcome.made ?? []);
      lookAgain(draft, { after: 0 });
    }
    note(draft, 'stale_result', `a result of ${event.actionId} came from a holder that was replaced; ignored`);
    return;
  }
  draft.outbox.push({ kind: 'remove', id: event.actionId });
  if (event.kind === 'told') return;
  if (event.kind === 'presented') return takePresented(draft, event.outcome, { isReplacement: entry.dispatch > 1 });
  const { run } = draft.record;
  if (!run || !('runId' in entry.action) || run.id !== entry.action.runId) return;
  settleSpend(draft, run, event.actionId, 'spend' in event.outcome ? event.outcome.spend : undefined);
  switch (event.kind) {
    case 'archived':
      return takeArchived(draft, run, event.outcome);
    case 'planned':
      return takePlan(draft, run, event.outcome);
    case 'attempt_ended':
      return takeAttempt(draft, run, entry.action, event.outcome);
    case 'baseline_checked':
      return takeBaseline(draft, run, event.outcome);
    case 'integrated':
      return takeIntegration(draft, run, event.outcome);
    case 'acceptance_judged':
      return takeAcceptance(draft, run, event.outcome);
    case 'piloted':
      return takePilot(draft, run, event.outcome);
    case 'verified':
      return takeVerification(draft, run, entry.action, event.outcome);
    case 'conflict_resolved':
      return takeResolution(draft, run, entry.action, event.outcome);
    case 'reviewed':
      return takeReview(draft, run, entry.action, event.outcome);
    case 'branch_published':
      return takeBranch(draft, run, entry.action, event.outcome);
    case 'merge_ended':
      return takeMerge(draft, run, event.outcome);
  }
}
