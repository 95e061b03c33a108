// The pilot wants to end a run in which something could still run. It alone cannot: people are asked, once in a run. While they
// are, nothing works and nothing is spent; without an answer the run goes on as if the pilot had not been there.
import type { Run } from '../model/run.ts';
import { nothingSpent } from '../model/spend.ts';
import { replanDeterministically } from '../pilot/replan-deterministically.ts';
import { applyBoundary } from './apply-boundary.ts';
import { type Draft, note } from './draft.ts';
import { toBoundary } from './to-boundary.ts';

/** Long enough for somebody at work, and short enough that nobody finds a night lost. */
export const answerMs = 30 * 60_000;

/** Whether people were asked in this run already. */
export function isProposalSpent({ hasAskedToEnd = false }: Run): boolean {
  return hasAskedToEnd;
}

export function proposeAbort(draft: Draft, run: Run, reason: string): void {
  run.proposal = { reason };
  run.hasAskedToEnd = true;
  note(draft, 'proposal', 'the gate pilot wants to end the run, and something could still run: people are asked');
  // Somebody who holds it already says when it goes on.
  if (!run.pausing || run.pausing.cause) run.pausing = { by: 'gatepilot', lookAt: draft.now + answerMs };
}

/** It goes on: somebody said so, or nobody said anything. */
export function declineAbort(draft: Draft, run: Run, { reason }: NonNullable<Run['proposal']>): void {
  delete run.proposal;
  const why = `it wanted to end the run (${reason}), and nobody agreed`;
  const source = { kind: 'fell_back', why } as const;
  applyBoundary(draft, run, replanDeterministically(toBoundary(run)), { source, seconds: 0, spend: nothingSpent });
}
