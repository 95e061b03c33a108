import type { PresentOutcome } from '../model/result.ts';
import { type Draft, note } from './draft.ts';

const firstPauseMs = 2_000;
/** Longer than GitHub's lists ever lag behind. */
export const confirmMs = 15_000;
const longestPauseMs = 5 * 60_000;

export function takePresented(draft: Draft, outcome: PresentOutcome): void {
  const { presentation } = draft.record;
  if (outcome.kind === 'delayed') {
    note(draft, 'present_delayed', outcome.why);
    if (!outcome.isPlanned) presentation.failures += 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(presentation.failures, 8));
    presentation.notBefore = Math.max(outcome.until, outcome.isPlanned ? 0 : draft.now + pauseMs);
    return;
  }
  presentation.failures = 0;
  presentation.at = draft.now;
  // Lists lag behind writes, so two publishers may each have made the same thing: what was made is looked at once more.
  if (outcome.hasMade) presentation.confirmAt = draft.now + confirmMs;
  if ((outcome.lookedAt ?? draft.now) < (presentation.confirmAt ?? 0)) return;
  presentation.done = Math.max(presentation.done, outcome.revision);
}
