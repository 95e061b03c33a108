// What earlier reviews of a run left open, whichever of its changes it was found in: a push makes nothing of it go away.
import type { Finding } from '../model/finding.ts';
import type { Run } from '../model/run.ts';
import { findDismissal } from './find-dismissal.ts';
import { isForPeople } from './list-blocking.ts';

export interface Earlier {
  /** Claimed again: whether it is still there is for whoever checks. */
  readonly claimed: readonly Finding[];
  /** What a person is to decide stays as it is: no reviewer settles it. */
  readonly undecided: readonly Finding[];
}

/** What stands against the run as far as it is known, without what somebody rejected. */
export function listOpenFindings(run: Run): Finding[] {
  const { review } = run;
  const found = review?.result.kind === 'judged' ? review.result.findings : (review?.earlier ?? []);
  return found.filter((finding) => isOpen(finding) && !findDismissal(run, finding));
}

export function isOpen(finding: Finding): boolean {
  return finding.status === 'confirmed' || isForPeople(finding);
}

export function listEarlier(run: Run): Earlier {
  const open = listOpenFindings(run);
  return { claimed: open.filter((finding) => !isForPeople(finding)), undecided: open.filter(isForPeople) };
}
