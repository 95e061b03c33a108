import type { Action } from '../model/action.ts';
import { isGreen, type VerificationOutcome } from '../model/result.ts';
import type { Run, Verification } from '../model/run.ts';
import { toHead } from './branch.ts';
import { type Draft, enter, note } from './draft.ts';
import { isRoundUnseen } from './fix-round.ts';
import { goOnVerified } from './go-on-verified.ts';
import { keepConflicts, toBareList } from './keep-conflicts.ts';
import { keepReport } from './keep-report.ts';
import { settleBase } from './moved-base.ts';
import { adoptPolicy, settleSettings } from './moved-settings.ts';
import { endMerge, refuseMerge, rest } from './refuse-merge.ts';
import { refuseRebase, renderRebaseConflict, renderRebaseRed } from './request-rebase.ts';
import { leaveConflicts, repairConflicts } from './resolve-conflict.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';
import { isVerifyingInLane, mergeVerified, renderConflict } from './verify-in-lane.ts';
import { voidDismissals } from './void-dismissals.ts';

export function takeVerification(draft: Draft, run: Run, action: Action, outcome: VerificationOutcome): void {
  if (outcome.kind === 'stopped' || action.kind !== 'verify') return;
  const isInLane = isVerifyingInLane(run);
  if (run.state.kind !== 'reviewing' && !isInLane) return;
  // It was asked for before that conflicted: what comes of resolving it is verified anew.
  if (run.state.kind === 'reviewing' && run.state.phase === 'resolving') return;
  // It was asked for before the base was to be brought in, or before that was given up.
  const isBroughtIn = action.bringsIn === true || (outcome.kind === 'verified' && outcome.broughtIn !== undefined);
  if ('head' in outcome && isBroughtIn !== isBringingIn(run)) return;
  // The head moved while it was being verified: the state asks again for the newer one.
  if ('head' in outcome && toVerifiedHead(outcome) !== toHead(run)) return;
  switch (outcome.kind) {
    case 'failed':
      return recordTrouble(draft, run, 'verify', outcome.cause);
    case 'diverged':
      note(draft, 'superseded', `the head ${outcome.head.slice(0, 10)} is not a continuation of this run`);
      return enter(draft, run, { kind: 'superseded', since: draft.now, head: outcome.head });
    case 'landed':
      return takeLanded(draft, run, outcome);
    case 'conflict':
      return takeConflict(draft, run, { outcome, isInLane });
    case 'verified': {
      const from = findReplaced(run, outcome);
      if (from !== undefined && !isGreen(outcome.report)) {
        clearTrouble(run, 'verify');
        delete run.broughtIn;
        refuseRebase(draft, renderRebaseRed(run, { from, base: outcome.base }));
      } else keepVerdict(draft, run, outcome);
      return isInLane ? mergeVerified(draft, run) : goOn(draft, run, outcome);
    }
  }
}

/** The head that people see, where what was verified is to take its place and is not pushed yet. */
function findReplaced(run: Run, { broughtIn, head }: Verified): string | undefined {
  if (broughtIn) return broughtIn.from;
  return head === run.broughtIn?.commit && head !== run.pullRequest?.head ? run.pullRequest?.head : undefined;
}

interface Conflicting {
  readonly outcome: Extract<VerificationOutcome, { kind: 'conflict' }>;
  readonly isInLane: boolean;
}

function takeConflict(draft: Draft, run: Run, { outcome, isInLane }: Conflicting): void {
  const { head, base, paths, list = toBareList(paths) } = outcome;
  clearTrouble(run, 'verify');
  if (isInLane) refuseMerge(draft, run, renderConflict(run, outcome));
  // What nobody sees is not pushed, and nobody can be asked about it: the base has moved once more since it was made.
  if (head === run.broughtIn?.commit && head !== run.pullRequest?.head) {
    delete run.broughtIn;
    delete run.conflicts;
    refuseRebase(draft, renderRebaseConflict(run, outcome));
    return enter(draft, run, { kind: 'failed', since: draft.now, cause: { kind: 'merge_conflict', paths } });
  }
  const conflicts = keepConflicts(run, { head, base, list });
  if (isBringingIn(run)) return repairConflicts(draft, run, conflicts);
  return leaveConflicts(draft, run, conflicts);
}

/** Somebody merged it, and GitHub will say so. Until then it is as ready as it was, and nothing may be merged. */
function takeLanded(draft: Draft, run: Run, { head, base }: Extract<VerificationOutcome, { kind: 'landed' }>): void {
  clearTrouble(run, 'verify');
  settleSettings(run);
  note(draft, 'landed', `${run.base.branch} holds ${head.slice(0, 10)} since ${base.slice(0, 10)}`);
  settleBase(run, base);
  if (!run.baseMoved) run.landedOn = base;
  if (run.state.kind === 'merging') endMerge(draft, run, `${run.base.branch} holds this head already`);
  else rest(draft, run);
}

function isBringingIn({ state }: Run): boolean {
  return state.kind === 'reviewing' && state.bringsIn === true;
}

/** The head that was to be verified, also where it became another one by bringing the base in. */
function toVerifiedHead(outcome: Extract<VerificationOutcome, { head: string }>): string {
  return outcome.kind === 'verified' && outcome.broughtIn ? outcome.broughtIn.from : outcome.head;
}

type Verified = Extract<VerificationOutcome, { kind: 'verified' }>;

function keepVerdict(draft: Draft, run: Run, outcome: Verified): void {
  clearTrouble(run, 'verify');
  settleBase(run, outcome.base);
  settleSettings(run);
  if (outcome.policy) adoptPolicy(draft, run, outcome.policy, outcome.base);
  const {
    head,
    base,
    report,
    change,
    diff,
    grave,
    touched,
    patch,
    marks,
    unscanned,
    list,
    weakened,
    baseTests,
    unclear,
  } = outcome;
  const reviewers = run.policy.review?.reviewers ?? [];
  const carried = findCarried(run, outcome);
  const key = { head, base, tree: report.tree, policy: run.policy.hash, reviewers };
  run.verification = {
    key,
    report,
    at: draft.now,
    ...(change === undefined ? {} : { change }),
    ...(diff === undefined ? {} : { diff }),
    ...(grave === undefined ? {} : { grave }),
    ...(touched === undefined ? {} : { touched }),
    ...(weakened === undefined ? {} : { weakened }),
    ...(baseTests === undefined ? {} : { baseTests }),
    ...(patch === undefined ? {} : { patch }),
    ...(marks === undefined ? {} : { marks }),
    ...(unscanned === undefined ? {} : { unscanned }),
    ...(carried === undefined ? {} : { carried }),
    ...(unclear === undefined ? {} : { unclear }),
  };
  if (list) keepConflicts(run, { head, list });
  else delete run.conflicts;
  keepReport(run, report);
  if (report.setup) run.setup = report.setup;
  voidDismissals(draft, run, outcome.voided ?? []);
  // One that did not happen is tried again with each verdict.
  if (run.review?.result.kind === 'missing') run.review.isOver = true;
  // It is the head that was armed, on a newer base.
  if (outcome.broughtIn && run.armed?.head === outcome.broughtIn.from) run.armed.head = head;
  if (outcome.broughtIn) run.broughtIn = { commit: head, tree: report.tree, bundle: outcome.broughtIn.bundle, base };
  else if (run.broughtIn?.commit !== head) delete run.broughtIn;
  note(draft, 'verified', `${head.slice(0, 10)} on ${base.slice(0, 10)} is ${isGreen(report) ? 'green' : 'red'}`, {
    key,
  });
}

/** From where it came first; the very same key was given its verdict by what ran for it. */
function findCarried({ verification }: Run, { isCarried, head, base, report }: Verified): Verification['carried'] {
  if (!isCarried) return undefined;
  if (verification?.key.tree !== report.tree) return {};
  const { key, carried } = verification;
  if (key.head === head && key.base === base) return carried;
  return carried ?? { from: { head: key.head, base: key.base } };
}

function goOn(draft: Draft, run: Run, { head, report }: Verified): void {
  if (run.pullRequest?.head === head || isGreen(report) || isRoundUnseen(run)) return goOnVerified(draft, run);
  // Nothing that is not verified is ever pushed.
  const failures = report.commands.filter((command) => command.exit.kind !== 'exited' || command.exit.code !== 0);
  enter(draft, run, { kind: 'failed', since: draft.now, cause: { kind: 'verify_red', failures } });
}
