import { isHeldBack } from '../gate/is-held-back.ts';
import type { Run, RunState } from '../model/run.ts';
import { toBranchHead, toHead } from './branch.ts';
import { type Draft, enter, listWork, nextActionId, note, want } from './draft.ts';
import { refuseRebase } from './request-rebase.ts';
import { backoffUntil } from './trouble.ts';

/** Verifies the exact key that people would merge; a head of ours is pushed only after that. */
export function decideReviewing(draft: Draft, run: Run, state: Extract<RunState, { kind: 'reviewing' }>): void {
  if (listWork(draft).length > 0) return;
  const head = toHead(run);
  if (head === undefined) return;
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
    want(draft, action, backoffUntil(draft, run, 'verify'));
    return;
  }
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

/** Nothing of it leaves for GitHub before a maintainer has seen it. */
function holdBack(draft: Draft, run: Run): void {
  note(draft, 'held_back', 'protected paths are changed: it is not pushed before a maintainer overrides that');
  const back = { kind: 'reviewing', phase: 'publishing' } as const;
  enter(draft, run, { kind: 'paused', since: draft.now, by: 'gatepilot', wants: 'override', back });
}
