// CI that GitHub holds back: what the publisher read of it, and when it is looked at again although nobody told that it goes on.
import { findHeldRuns } from '../gate/evaluate-held-ci.ts';
import type { HeldCi } from '../model/held-ci.ts';
import { listRuns } from '../model/record.ts';
import type { PresentOutcome } from '../model/result.ts';
import { type PullRequest, toPhase } from '../model/run.ts';
import type { Draft } from './draft.ts';

const shortestPauseMs = 60_000;
const longestPauseMs = 3_600_000;

export function withHeldCi(pull: PullRequest, { apps, runs: count }: HeldCi, now: number): PullRequest {
  const { heldCi: _, heldRuns: __, ...rest } = pull;
  const { head } = pull;
  const { since, lookedAt } = findHeldRuns(pull) ?? { since: now, lookedAt: now };
  return {
    ...rest,
    ...(apps.length > 0 ? { heldCi: [...apps] } : {}),
    ...(count > 0 ? { heldRuns: { head, count, since, lookedAt } } : {}),
  };
}

export function keepHeldCi(draft: Draft, read: NonNullable<PresentOutcome['ci']>): void {
  for (const run of listRuns(draft.record)) {
    const seen = read.find(({ number, head }) => number === run.pullRequest?.number && head === run.pullRequest.head);
    if (seen && run.pullRequest) run.pullRequest = withHeldCi(run.pullRequest, seen, draft.now);
  }
}

/** Whoever lets CI run is told of by GitHub only when that has ended, and deliveries are lost. */
export function lookAtHeldCi(draft: Draft): void {
  const moment = momentOfHeldCi(draft);
  const pull = draft.record.run?.pullRequest;
  const held = pull && findHeldRuns(pull);
  if (!held || moment === undefined || moment > draft.now) return;
  held.lookedAt = draft.now;
  if (draft.urgency === 'none') draft.urgency = 'soon';
}

/** The longer it has waited the less often. */
export function momentOfHeldCi({ record: { run } }: Pick<Draft, 'record'>): number | undefined {
  const held = run?.pullRequest && findHeldRuns(run.pullRequest);
  if (!run || !held || toPhase(run.state) === 'final') return undefined;
  const { since, lookedAt } = held;
  return lookedAt + Math.min(longestPauseMs, Math.max(shortestPauseMs, lookedAt - since));
}
