// Where the base branch of a verified run is by now. Webhooks are doubled, late and in any order, so each of them only says that
// the branch is to be looked at; where GitHub could be asked, its answer counts.
import type { Run } from '../model/run.ts';
import { type Draft, note } from './draft.ts';
import { isVerifying } from './watch-base.ts';

export interface BaseSeen {
  readonly head: string;
  /** GitHub was asked. Otherwise a webhook says so. */
  readonly isRead: boolean;
}

export function noteBase(draft: Draft, run: Run, { head, isRead }: BaseSeen): void {
  const { baseMoved: before, verification } = run;
  const verifying = isVerifying(draft, run);
  if (run.landedOn !== head) delete run.landedOn;
  // It is where the verdict has it, or back there: nothing is to be verified.
  if (verifying === 'no' && head === verification?.key.base) {
    delete run.baseMoved;
    return;
  }
  if (before?.to === head && before.isRead === isRead && before.isAsked !== true) return;
  // Whoever has not begun yet reads the branch after this.
  run.baseMoved = { to: head, isRead, ...(verifying === 'pending' ? { isAsked: true } : {}) };
  if (before?.to === head) return;
  note(draft, 'base_moved', `${run.base.branch} has moved to ${head.slice(0, 10)}`);
  if (draft.urgency === 'none') draft.urgency = 'now';
}

/** A verification that is asked for now finds what was pushed until now, and reads the settings after this. */
export function askForBase(run: Run): void {
  if (run.baseMoved) run.baseMoved.isAsked = true;
  if (run.settingsMoved) run.settingsMoved.isAsked = true;
}

/** Git may lag behind GitHub's answers for moments; after that it is right. */
const lagsAtMost = 3;

/** What is known besides, once a verification says on which base it was made. Called before its verdict is kept. */
export function settleBase(run: Run, base: string): void {
  const { baseMoved: moved, verification } = run;
  delete run.landedOn;
  if (!moved) return;
  const isFound = moved.isRead && moved.to === base;
  const isLagging = moved.isRead && base === verification?.key.base && (moved.lags ?? 0) < lagsAtMost;
  if (isFound || (moved.isAsked && !isLagging)) delete run.baseMoved;
  else
    run.baseMoved = { to: moved.to, isRead: moved.isRead, ...(moved.isAsked ? { lags: (moved.lags ?? 0) + 1 } : {}) };
}
