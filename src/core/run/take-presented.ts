import type { PresentOutcome } from '../model/result.ts';
import { type Draft, note } from './draft.ts';

export function takePresented(draft: Draft, outcome: PresentOutcome): void {
  const { presentation } = draft.record;
  if (outcome.kind === 'delayed') {
    note(draft, 'present_delayed', outcome.why);
    presentation.notBefore = outcome.until;
    return;
  }
  presentation.done = Math.max(presentation.done, outcome.revision);
  presentation.at = draft.now;
}
