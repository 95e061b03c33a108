import type { Run } from '../model/run.ts';
import { askForPart, reserve, toSpendCause } from './budget.ts';
import { type Draft, enter, listWork, nextActionId, want } from './draft.ts';
import { leaveUnreviewed } from './leave-unreviewed.ts';
import { listParts } from './review-parts.ts';
import { backoffUntil } from './trouble.ts';

/** Asks the reviewer about the next part of the batch that is merged and verified. What it may spend is reserved before. */
export function decideAccepting(draft: Draft, run: Run): void {
  if (listWork(draft).length > 0) return;
  const { candidate } = run;
  // Nothing was merged that could be judged: the merge is asked for once more.
  if (!candidate) return enter(draft, run, { kind: 'executing', since: draft.now, phase: 'integrating' });
  const limits = askForPart(draft, run, listParts(run).left.length);
  if (limits === 'later') return;
  // What was built is kept, and nothing of it is merged unseen.
  if (limits === 'used_up') return leaveUnreviewed(draft, run, toSpendCause(run));
  const id = nextActionId(run, 'acceptance');
  reserve(draft, run, id, limits);
  const { commit } = candidate;
  const onto = run.integration?.commit ?? run.base.sha;
  want(
    draft,
    { kind: 'acceptance', id, runId: run.id, batch: run.behind.length, commit, onto, limits },
    backoffUntil(draft, run, 'acceptance'),
  );
}
