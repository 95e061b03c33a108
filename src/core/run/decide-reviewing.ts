import { isHeldBack } from '../gate/is-held-back.ts';
import type { Run, RunState } from '../model/run.ts';
import { planReview } from '../review/plan-review.ts';
import { isReviewWanted } from '../review/review-need.ts';
import { toBranchHead, toHead } from './branch.ts';
import { askForPart, reserve, toSpendCause } from './budget.ts';
import { cancelWork, type Draft, enter, listWork, nextActionId, note, want } from './draft.ts';
import { goOnVerified } from './go-on-verified.ts';
import { missReview, toMissed } from './keep-review.ts';
import { askForBase } from './moved-base.ts';
import { refuseRebase } from './request-rebase.ts';
import { decideResolving } from './resolve-conflict.ts';
import { backoffUntil } from './trouble.ts';
import { followAfterMs } from './verify-on-moved-base.ts';

/** Verifies the exact key that people would merge; a head of ours is pushed only after that. */
export function decideReviewing(draft: Draft, run: Run, state: Extract<RunState, { kind: 'reviewing' }>): void {
  const head = toHead(run);
  if (head === undefined) return;
  if (state.phase === 'judging' && head !== run.verification?.key.head) {
    // What is looked at is not what would be merged any more: nobody pays for the rest of that.
    cancelWork(draft);
    return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
  }
  if (state.phase === 'resolving') return decideResolving(draft, run, state, head);
  if (listWork(draft).length > 0) return;
  if (state.phase === 'verifying') {
    if (state.bringsIn && run.pullRequest?.head !== toBranchHead(run)) {
      refuseRebase(draft, `Somebody pushed \`${head}\` meanwhile, which is verified first; ask again then.`);
      delete state.bringsIn;
    }
    const own = [...run.pushed, run.integration?.commit, run.broughtIn?.commit];
    const origin = own.includes(head) ? 'ours' : 'pushed';
    const action = {
      kind: 'verify',
      id: nextActionId(run, 'verify'),
      runId: run.id,
      head,
      origin,
      isFresh: state.isFresh ?? false,
      ...(state.bringsIn ? { bringsIn: true } : {}),
    } as const;
    askForBase(run);
    const quiet = state.follows ? state.since + followAfterMs : 0;
    want(draft, action, Math.max(quiet, backoffUntil(draft, run, 'verify') ?? 0) || undefined);
    return;
  }
  if (state.phase === 'judging') return decideJudging(draft, run, head);
  if (head !== run.verification?.key.head) {
    // Somebody pushed over the branch before we could tell that it is there: nothing unverified is ever pushed.
    return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
  }
  const { pullRequest } = run;
  const expected = toBranchHead(run);
  if (pullRequest && pullRequest.head !== expected && pullRequest.head !== head)
    return enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying' });
  if (isHeldBack(run)) return holdBack(draft, run);
  want(
    draft,
    {
      kind: 'publish_branch',
      id: nextActionId(run, 'publish'),
      runId: run.id,
      head,
      base: head === run.broughtIn?.commit ? run.broughtIn.base : run.base.sha,
      ...(expected === undefined ? {} : { expected }),
    },
    backoffUntil(draft, run, 'publish'),
  );
}

/** What reviewers may spend is reserved before they are asked. */
function decideJudging(draft: Draft, run: Run, head: string): void {
  const { verification, policy } = run;
  if (!verification || !policy.review || !isReviewWanted(run)) return goOnVerified(draft, run);
  const limits = askForPart(draft, run, 1);
  if (limits === 'later') return;
  if (limits === 'used_up') return missReview(draft, run, toMissed(toSpendCause(run)));
  const id = nextActionId(run, 'review');
  reserve(draft, run, id, limits);
  const { base } = verification.key;
  const number = run.asked['review'] ?? 1;
  const plan = planReview(run, policy.review);
  want(
    draft,
    { kind: 'review', id, runId: run.id, number, head, base, plan, limits },
    backoffUntil(draft, run, 'review'),
  );
}

/** Nothing of it leaves for GitHub before a maintainer has seen it. */
function holdBack(draft: Draft, run: Run): void {
  note(draft, 'held_back', 'protected paths are changed: it is not pushed before a maintainer overrides that');
  const back = { kind: 'reviewing', phase: 'publishing' } as const;
  enter(draft, run, { kind: 'paused', since: draft.now, by: 'gatepilot', wants: 'override', back });
}
