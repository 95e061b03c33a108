import type { PresentOutcome } from '../model/result.ts';
import { type Draft, note } from './draft.ts';

const firstPauseMs = 2_000;
/** Longer than GitHub's lists ever lag behind. */
const confirmMs = 15_000;
const longestPauseMs = 5 * 60_000;

export function takePresented(draft: Draft, outcome: PresentOutcome): void {
  const { presentation } = draft.record;
  const { confirm, done } = presentation;
  if (outcome.hasMade) confirmLater(draft, confirm?.after ?? done);
  if (outcome.kind === 'delayed') {
    note(draft, 'present_delayed', outcome.why);
    if (!outcome.isPlanned) presentation.failures += 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(presentation.failures, 8));
    presentation.notBefore = Math.max(outcome.until, outcome.isPlanned ? 0 : draft.now + pauseMs);
    return;
  }
  presentation.failures = 0;
  presentation.at = draft.now;
  presentation.done = Math.max(done, outcome.revision);
  if (!outcome.hasMade && confirm && (outcome.lookedAt ?? draft.now) >= confirm.at) delete presentation.confirm;
}

/** Lists lag behind writes, so two publishers may each have made the same thing. */
export function confirmLater(draft: Draft, after: number): void {
  draft.record.presentation.confirm = { at: draft.now + confirmMs, after };
}
