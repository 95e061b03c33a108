// Before agents start from a commit, its own tests have to pass: else an agent is paid for failures that are not its own.

import { isGreen } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { findOpenRound } from '../review/find-open-round.ts';
import { type Draft, isChanged, listWork, nextActionId, want } from './draft.ts';
import { backoffUntil } from './trouble.ts';

/** What agents that start now would start from. */
export function toStartingPoint(run: Run): string {
  // Of a fork that nobody vouched for, nothing gets to where it could be executed.
  if (run.reads?.isTextOnly && run.reads.pull) return run.reads.pull.base;
  return run.reads?.head ?? run.integration?.commit ?? run.base.sha;
}

/** Asks for the check unless nobody wants it or its answer is known. True while agents have to wait for it. */
export function awaitBaseline(draft: Draft, run: Run): boolean {
  // Whoever only reads may read what is red as well.
  // Whoever mends what is red starts from that.
  if (findOpenRound(run)) return false;
  if (run.reads || !run.policy.checksBaseline || run.policy.verify.length === 0 || isKnown(run)) return false;
  if (listWork(draft).length > 0) return true;
  const action = {
    kind: 'baseline',
    id: nextActionId(run, 'baseline'),
    runId: run.id,
    commit: toStartingPoint(run),
  } as const;
  want(draft, action, backoffUntil(draft, run, 'baseline'));
  return true;
}

/** Nothing waits for the check any more, so that nobody has to wait for its end. */
export function endBaseline(draft: Draft): void {
  for (const { action } of draft.snapshot.outbox) {
    if (action.kind === 'baseline' && !isChanged(draft, action.id))
      draft.outbox.push({ kind: 'cancel', id: action.id });
  }
}

/** It was checked, or it is what was merged and verified here. */
function isKnown(run: Run): boolean {
  if (run.baseline === toStartingPoint(run)) return true;
  return run.verifiedTrees.some((report) => report.tree === run.integration?.tree && isGreen(report));
}
