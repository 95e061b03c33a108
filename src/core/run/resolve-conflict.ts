// What conflicts with the branch of a run is resolved in a commit of its own, which then is verified, reviewed and pushed like
// all that leaves: by an agent where the base is brought in, once and within what the run may use up, or as people said.
import { isDecided, listConflictPaths } from '../conflict/is-decided.ts';
import { countRepairs } from '../conflict/list-resolved.ts';
import type { Cause } from '../model/cause.ts';
import type { Conflicts } from '../model/conflict.ts';
import type { Run, RunState } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { askForPart, attemptLimit, hasAttemptsLeft, moneyLimit, reserve } from './budget.ts';
import { cancelWork, type Draft, enter, listWork, nextActionId, note, want } from './draft.ts';
import { rest } from './refuse-merge.ts';
import { refuseRebase, renderRebaseConflict } from './request-rebase.ts';
import { backoffUntil } from './trouble.ts';

const pathsShown = 10;

type Reviewing = Extract<RunState, { kind: 'reviewing' }>;

/** The base was to be brought in and conflicts: an agent settles it, or nothing is changed and people are told why. */
export function repairConflicts(draft: Draft, run: Run, conflicts: Conflicts): void {
  const { state } = run;
  const follows = state.kind === 'reviewing' && state.follows === true;
  const obstacle = findObstacle(draft, run, { conflicts, follows });
  if (obstacle !== undefined) return leaveConflicts(draft, run, conflicts, { why: obstacle });
  enter(draft, run, {
    kind: 'reviewing',
    since: draft.now,
    phase: 'resolving',
    ...(follows ? { follows } : {}),
  });
}

interface Wish {
  readonly conflicts: Conflicts;
  /** Nobody asked for it. */
  readonly follows: boolean;
}

/** Why no agent settles it, as people are told. */
function findObstacle({ record }: Draft, run: Run, { conflicts, follows }: Wish): string | undefined {
  const { slash, maxAttempts } = run.policy;
  if (conflicts.unnamed.some(({ why }) => why === 'not_text' || why === 'too_large'))
    return 'what conflicts there cannot be merged line by line';
  if (run.finishing) return `${quoteName(run.finishing.by)} asked to finish, so that no agent starts`;
  if (record.ignored) return 'nothing is to start here, so that no agent settles it';
  if (!hasAttemptsLeft(run)) return `the limit \`${attemptLimit}\` leaves no attempt to settle it`;
  if (follows && countRepairs(run, (isAsked) => !isAsked) >= maxAttempts)
    return `agents have settled as many conflicts by themselves as they may (\`max_attempts\`); \`/${slash} rebase\` has it tried once more`;
  return undefined;
}

/** Whoever asked is told what conflicts and what can be done. What conflicts with its base cannot be merged as it stands. */
export function leaveConflicts(
  draft: Draft,
  run: Run,
  conflicts: Conflicts,
  { why, cause }: { readonly why?: string; readonly cause?: Cause } = {},
): void {
  const { head, base } = conflicts;
  const paths = listConflictPaths(conflicts);
  const because = why === undefined ? '' : `: ${why}`;
  note(draft, 'unresolved', `${head.slice(0, 10)} stays in conflict in ${listShown(paths)}${because}`);
  if (base === undefined) {
    refuseRebase(draft, `Nothing was changed${because}.`);
    return rest(draft, run);
  }
  refuseRebase(draft, renderRebaseConflict(run, { head, base, paths, why }));
  enter(draft, run, { kind: 'failed', since: draft.now, cause: cause ?? { kind: 'merge_conflict', paths } });
}

function listShown(paths: readonly string[]): string {
  const shown = paths.slice(0, pathsShown).map((path) => quoteCode(path));
  return paths.length > pathsShown ? `${shown.join(', ')} and ${paths.length - pathsShown} more` : shown.join(', ');
}

export function decideResolving(draft: Draft, run: Run, state: Reviewing, head: string): void {
  const { conflicts } = run;
  if (!conflicts || conflicts.head !== head) {
    // What is being resolved is not what people see any more.
    cancelWork(draft);
    refuseRebase(draft, `Somebody pushed \`${head}\` meanwhile, which is verified first; ask again then.`);
    const { follows } = state;
    return enter(draft, run, {
      kind: 'reviewing',
      since: draft.now,
      phase: 'verifying',
      ...(follows ? { follows } : {}),
    });
  }
  if (listWork(draft).length > 0) return;
  if (isDecided(conflicts)) return wantAnswers(draft, run, conflicts);
  const obstacle = findObstacle(draft, run, { conflicts, follows: state.follows === true });
  if (obstacle !== undefined) return leaveConflicts(draft, run, conflicts, { why: obstacle });
  const limits = askForPart(draft, run, 1);
  if (limits === 'later') return;
  if (limits === 'used_up')
    return leaveConflicts(draft, run, conflicts, {
      why: `the limit \`${moneyLimit}\` leaves too little to have it settled`,
    });
  const id = nextActionId(run, 'repair');
  reserve(draft, run, id, limits);
  const number = run.asked['repair'] ?? 1;
  want(draft, { kind: 'repair', id, runId: run.id, number, head, limits }, backoffUntil(draft, run, 'repair'));
}

function wantAnswers(draft: Draft, run: Run, { head, base, found }: Conflicts): void {
  const answers = found.flatMap(({ number: _, answer, ...one }) => (answer ? [{ ...one, is: answer.is }] : []));
  want(
    draft,
    {
      kind: 'resolve',
      id: nextActionId(run, 'resolve'),
      runId: run.id,
      head,
      bringsIn: base !== undefined,
      answers,
    },
    backoffUntil(draft, run, 'resolve'),
  );
}
