// A verdict is for one base. Where the base branch moves under a run that is verified, its gate closes with the very decision
// that hears of it, and what a merge would give now is verified; nobody has to ask for that.
import { isPassable } from '../gate/is-passable.ts';
import type { Event } from '../model/event.ts';
import type { Run, RunState } from '../model/run.ts';
import { adoptHead, toBranchHead } from './branch.ts';
import { type Draft, enter } from './draft.ts';
import { noteBase } from './moved-base.ts';
import { keepsVerdict, noteSettings } from './moved-settings.ts';
import { findObstacle } from './request-rebase.ts';
import { takePullSeen } from './take-pull-request.ts';
import { isBaseWatched } from './watch-base.ts';

/** A verification begins this long after the first of several pushes: those in between are found with it. */
export const followAfterMs = 5_000;

export function takeBasePushed(draft: Draft, event: Extract<Event, { kind: 'base_pushed' }>): void {
  const { run } = draft.record;
  if (!run || event.branch !== run.base.branch) return;
  // Very often it is this pull request that was merged.
  takePullSeen(draft, run, event.actor?.login);
  if (!isBaseWatched(draft, run)) return;
  const seen = draft.snapshot.facts.base;
  const isRead = seen?.branch === run.base.branch;
  noteBase(draft, run, { head: isRead ? seen.head : event.head, isRead });
  if (keepsVerdict(run)) noteSettings(draft, run, true);
}

/** A run that rests on a verdict goes on to the next one. One that lets nothing pass stays what it is until somebody asks. */
export function verifyOnMovedBase(draft: Draft, run: Run): void {
  if (!run.settingsMoved && (!run.baseMoved || keepsVerdict(run))) return;
  if (run.pullRequest?.state !== 'open' || !isPassable(run)) return;
  enter(draft, run, toFollowing(draft, run));
}

function toFollowing({ now }: Draft, run: Run): RunState {
  const following = { kind: 'reviewing', since: now, phase: 'verifying', follows: true } as const;
  const { pullRequest: pull, policy } = run;
  if (!run.baseMoved || policy.baseMoved !== 'update' || !pull || findObstacle(run, pull) !== undefined)
    return following;
  delete run.broughtIn;
  if (pull.head !== toBranchHead(run)) adoptHead(run, pull.head);
  return { ...following, bringsIn: true };
}
