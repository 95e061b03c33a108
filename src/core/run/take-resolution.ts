// How a try to resolve what conflicts has ended. What was made is verified before anything else happens with it.
import type { Action } from '../model/action.ts';
import type { Cause } from '../model/cause.ts';
import type { Conflicts } from '../model/conflict.ts';
import type { Resolution, ResolutionOutcome } from '../model/resolution.ts';
import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { renderCause } from '../reply/render-cause.ts';
import { renderChanged } from '../reply/render-conflicts.ts';
import { disarm } from './armed-merge.ts';
import { toHead } from './branch.ts';
import { type Draft, enter, note } from './draft.ts';
import { keepConflicts } from './keep-conflicts.ts';
import { refuseRebase } from './request-rebase.ts';
import { leaveConflicts } from './resolve-conflict.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

type Wanted = Extract<Action, { kind: 'repair' | 'resolve' }>;
type Resolved = Extract<ResolutionOutcome, { kind: 'resolved' }>;

export function takeResolution(draft: Draft, run: Run, action: Action, outcome: ResolutionOutcome): void {
  if (outcome.kind === 'stopped' || (action.kind !== 'repair' && action.kind !== 'resolve')) return;
  const { state, conflicts } = run;
  if (state.kind !== 'reviewing' || state.phase !== 'resolving' || !conflicts) return;
  // Somebody pushed meanwhile: the state sees that, and what was made is for a head that is gone.
  if (conflicts.head !== action.head || toHead(run) !== action.head) return;
  switch (outcome.kind) {
    case 'failed':
      if (isOutside(outcome.cause)) return recordTrouble(draft, run, action.kind, outcome.cause);
      clearTrouble(run, action.kind);
      keepResolution(draft, run, { action, conflicts, outcome });
      return leaveConflicts(
        draft,
        run,
        { ...conflicts, ...(outcome.base === undefined ? {} : { base: outcome.base }) },
        { why: renderCause(outcome.cause).replace(/\.$/, ''), cause: outcome.cause },
      );
    case 'changed':
      clearTrouble(run, action.kind);
      return takeChanged(draft, run, outcome);
    case 'resolved':
      clearTrouble(run, action.kind);
      keepResolution(draft, run, { action, conflicts, outcome });
      return takeResolved(draft, run, { action, follows: state.follows === true, outcome });
  }
}

/** Faults of the world outside, which pass; anything else would be the same the next time. */
function isOutside(cause: Cause): boolean {
  return cause.kind === 'model_unavailable' || cause.kind === 'infrastructure';
}

/** What people decided about is not what conflicts by now: nothing is changed, and they read again. */
function takeChanged(draft: Draft, run: Run, outcome: Extract<ResolutionOutcome, { kind: 'changed' }>): void {
  const conflicts = keepConflicts(run, outcome);
  refuseRebase(draft, renderChanged(run, conflicts));
  leaveConflicts(draft, run, conflicts, { why: 'it has changed since it was read' });
}

interface Ended {
  readonly action: Wanted;
  readonly conflicts: Conflicts;
  readonly outcome: Extract<ResolutionOutcome, { kind: 'resolved' | 'failed' }>;
}

function keepResolution(draft: Draft, run: Run, { action, conflicts, outcome }: Ended): void {
  const { kind, spend, summary, transcript, steps } = outcome;
  const base = outcome.base ?? conflicts.base;
  const by: Resolution['by'] =
    action.kind === 'repair'
      ? { kind: 'agent', isAsked: !(run.state.kind === 'reviewing' && run.state.follows) }
      : { kind: 'people', answers: listAnswers(conflicts) };
  const end: Resolution['end'] = kind === 'failed' ? { kind, cause: outcome.cause } : toEnd(outcome);
  const resolution: Resolution = {
    at: draft.now,
    by,
    head: action.head,
    spend,
    end,
    ...(base === undefined ? {} : { base }),
    ...(summary === undefined ? {} : { summary }),
    ...(transcript === undefined ? {} : { transcript }),
    ...(steps === undefined ? {} : { steps }),
  };
  const before = run.resolutions ?? [];
  // What people are shown of them is kept; all of it is an artifact.
  const older = before.map((one, at) => (before.length - at < editsKept ? one : withoutEdits(one)));
  run.resolutions = [...older, resolution];
}

/** As many as the pull request shows. */
const editsKept = 5;

function withoutEdits(resolution: Resolution): Resolution {
  const { end } = resolution;
  return end.kind === 'resolved' ? { ...resolution, end: { ...end, edits: '' } } : resolution;
}

function toEnd({ commit, paths, secondary, removed, edits, patch }: Resolved): Resolution['end'] {
  return { kind: 'resolved', commit, paths, secondary, removed, edits, patch };
}

function listAnswers({ found }: Conflicts): Extract<Resolution['by'], { kind: 'people' }>['answers'] {
  return found.flatMap(({ number, path, answer }) =>
    answer ? [{ number, path, is: answer.is.kind, by: answer.by }] : [],
  );
}

interface Made {
  readonly action: Wanted;
  readonly follows: boolean;
  readonly outcome: Resolved;
}

function takeResolved(draft: Draft, run: Run, { action, follows, outcome }: Made): void {
  const { commit, tree, bundle, base = run.base.sha, paths, secondary } = outcome;
  const files = paths.map((path) => quoteCode(path)).join(', ');
  const also = secondary.length === 0 ? '' : `, and ${secondary.map((path) => quoteCode(path)).join(', ')} with it`;
  const who = action.kind === 'repair' ? 'an agent' : 'people';
  note(draft, 'repaired', `what conflicts in ${files} is resolved by ${who} as ${commit.slice(0, 10)}${also}`);
  run.broughtIn = { commit, tree, bundle, base };
  // It was meant for what somebody had seen.
  if (action.kind === 'repair')
    disarm(draft, run, `an agent settled a conflict with ${quoteCode(run.base.branch)}, which nobody had seen then`);
  enter(draft, run, {
    kind: 'reviewing',
    since: draft.now,
    phase: 'verifying',
    ...(follows ? { follows } : {}),
  });
}
