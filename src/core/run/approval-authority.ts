// Who may approve a plan, or deny it: whoever may write, and a maintainer where the plan itself names protected places. A task
// that may go anywhere names none of them; what it really changes there is the gate's business, and a maintainer's.
import { isWaitingForOverride } from '../gate/is-held-back.ts';
import type { Permission } from '../model/actor.ts';
import type { Run } from '../model/run.ts';
import { isOverlap, parseGlob } from '../plan/glob.ts';

export function approvalAuthority(run: Run | undefined): Permission {
  return run && listProtected(run).length > 0 ? 'maintain' : 'write';
}

/** Whoever could let through what waits may also not let it through. */
export function denialAuthority(run: Run | undefined): Permission {
  return run && isWaitingForOverride(run) ? 'maintain' : approvalAuthority(run);
}

function listProtected({ tasks, policy }: Run): string[] {
  const protectedGlobs = policy.protectedPaths.map(parseGlob);
  const named = tasks.flatMap(({ ownedPaths }) => ownedPaths.filter((path) => path !== '**'));
  return named.filter((path) => protectedGlobs.some((glob) => isOverlap(parseGlob(path), glob)));
}
