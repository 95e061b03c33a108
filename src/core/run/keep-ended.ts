// A run may end, and the next one start, while GitHub is away: how the earlier one ended is shown all the same.
import { toSeen } from '../model/record.ts';
import { keepOutcome } from '../outcome/keep-outcome.ts';
import { withdrawQuestions } from './ask-people.ts';
import { type Draft, toRevision } from './draft.ts';

const runsKept = 3;

/** To be called before a new run takes the place of the one before it. */
export function keepEnded(draft: Draft): void {
  // Its questions are nobody's any more, and people see that where they were asked.
  withdrawQuestions(draft);
  const { run, ended = [] } = draft.record;
  if (!run) return;
  keepOutcome(draft.record, run);
  draft.record.ended = [...ended, { run, revision: toRevision(draft) }].slice(-runsKept);
}

/** What everybody can see need not be kept. */
export function dropSeen({ record }: Draft): void {
  const unseen = (record.ended ?? []).filter(({ revision }) => revision > toSeen(record));
  if (unseen.length > 0) record.ended = unseen;
  else delete record.ended;
}
