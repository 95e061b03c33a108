import { listsLagMs } from '../model/made.ts';
import type { PresentOutcome } from '../model/result.ts';
import { type Draft, note } from './draft.ts';
import { keepHeldCi } from './held-ci.ts';
import { keepMade } from './keep-made.ts';
import { noteRemarks } from './keep-remarks.ts';
import { progressMs } from './plan-presentation.ts';
import { takeReadiness } from './settle-readiness.ts';
import { keepHeads, tellHeadOwners } from './share-head.ts';

const firstPauseMs = 2_000;
const longestPauseMs = 5 * 60_000;
/** A look costs reads, which are limited as well; people should not wait longer than this once there is room. */
const longestPostponeMs = 80_000;

const looksAtMost = 3;

export function takePresented(
  draft: Draft,
  outcome: PresentOutcome,
  { isReplacement }: { readonly isReplacement: boolean },
): void {
  const { presentation } = draft.record;
  keepMade(draft, outcome.made ?? []);
  noteRemarks(draft, outcome.made ?? []);
  keepHeads(draft, outcome.heads ?? []);
  keepHeldCi(draft, outcome.ci ?? []);
  if (outcome.ready) takeReadiness(draft, outcome.ready);
  if (outcome.sharedWith) tellHeadOwners(draft, outcome.sharedWith);
  // After a failure, and from a holder that died, something may have been written that nobody told of.
  if (outcome.hasMade || presentation.failures > 0 || isReplacement)
    lookAgain(draft, { lookedAt: outcome.lookedAt, isWhole: outcome.kind === 'presented' });
  else if (outcome.kind === 'presented') endLooks(draft, outcome.lookedAt);
  if (outcome.kind === 'delayed') return takeDelayed(draft, outcome);
  if (outcome.refused !== undefined) note(draft, 'present_refused', outcome.refused);
  presentation.failures = 0;
  delete presentation.postponed;
  presentation.done = Math.max(presentation.done, outcome.revision);
  presentation.at = draft.now;
  const plan = draft.record.run?.plan;
  if (plan && presentation.done >= (plan.revision ?? 0)) plan.shownAt ??= outcome.lookedAt ?? draft.now;
}

function takeDelayed(draft: Draft, outcome: Extract<PresentOutcome, { kind: 'delayed' }>): void {
  const { presentation } = draft.record;
  note(draft, 'present_delayed', outcome.why);
  if (outcome.isPlanned) {
    // Only progress waits: for what is urgent there may be room, and it says so by itself. What became that since was not tried.
    presentation.at = Math.max(outcome.until, draft.now + postponeMs(presentation, outcome)) - progressMs;
    if ((presentation.urgent ?? 0) <= (outcome.revision ?? presentation.wanted)) delete presentation.urgent;
    return;
  }
  presentation.failures += 1;
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(presentation.failures, 8));
  presentation.notBefore = Math.max(outcome.until, draft.now + pauseMs);
}

/**
 * Everybody who waits for the budget is told the same moment, and one of them finds room: whoever looks that often reads
 * far more than it will ever write, and reading is limited as well.
 */
function postponeMs(
  presentation: Draft['record']['presentation'],
  { isProgress }: { isProgress?: boolean | undefined },
): number {
  if (!isProgress) return 0;
  presentation.postponed = (presentation.postponed ?? 0) + 1;
  return Math.min(longestPostponeMs, progressMs * 2 ** Math.min(presentation.postponed - 1, 8));
}

interface Look {
  /** Receipts of later revisions are looked at again as well; those that were new just now, unless said otherwise. */
  readonly after?: number;
  readonly lookedAt?: number | undefined;
  /** In an outage nothing is seen: such a look is none of those that are bounded. */
  readonly isWhole?: boolean;
}

export function lookAgain(draft: Draft, { after, lookedAt = draft.now, isWhole = true }: Look): void {
  const { presentation } = draft.record;
  const { confirm } = presentation;
  const looks = confirm ? confirm.looks + (isWhole && lookedAt >= confirm.at ? 1 : 0) : 0;
  if (looks >= looksAtMost) {
    delete presentation.confirm;
    return;
  }
  const known = confirm?.after ?? presentation.done;
  presentation.confirm = { at: draft.now + listsLagMs, after: Math.min(known, after ?? known), looks };
}

function endLooks({ now, record: { presentation } }: Draft, lookedAt = now): void {
  if (presentation.confirm && lookedAt >= presentation.confirm.at) delete presentation.confirm;
}
