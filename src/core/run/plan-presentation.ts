// Asks for the publisher when people should see something new. One publisher per subject at a time: it renders the
// newest record when it starts, so many decisions become one write.
import { type Draft, listOutstanding, want } from './draft.ts';

/** Progress is shown at most this often; a change of state is shown at once. */
const progressMs = 5_000;

export function planPresentation(draft: Draft): void {
  const { presentation } = draft.record;
  if (draft.urgency !== 'none') presentation.wanted += 1;
  if (presentation.wanted <= presentation.done) return;
  if (listOutstanding(draft).some((id) => id.startsWith('present-'))) return;
  presentation.dispatched += 1;
  const notBefore = draft.urgency === 'now' ? undefined : presentation.at + progressMs;
  want(draft, { kind: 'present', id: `present-${presentation.dispatched}` }, notBefore);
}
