// A hold: nothing new starts, what is under way ends and is kept, and then the run is paused. It holds the subject without
// a deadline and remembers where to go back to.
import { isHeldBack } from '../gate/is-held-back.ts';
import type { Action } from '../model/action.ts';
import type { HeldState, Run, RunState } from '../model/run.ts';
import { renderCause } from '../reply/render-cause.ts';
import { isOfDay } from './day-money.ts';
import { type Draft, enter, hasHolders, isChanged, mayHavePublished, note } from './draft.ts';
import { findTask } from './task-state.ts';

/** Where a pause could go back to; a merge is too short to be held, and a stop is an end. */
export function toHeldState(state: RunState): HeldState | undefined {
  switch (state.kind) {
    case 'planning':
    case 'awaiting_approval':
      return { kind: state.kind };
    case 'executing':
      return { kind: 'executing', phase: state.phase };
    case 'needs_input':
      return state.back;
    case 'reviewing': {
      const { since: _, ...where } = state;
      return where;
    }
    default:
      return undefined;
  }
}

/**
 * An action that was pending when it was taken back may have begun in between, so that the hold is taken from a later
 * look, never from the same one.
 */
export function decideHold(draft: Draft, run: Run, hold: NonNullable<Run['pausing']>, back: HeldState): void {
  takeBackPending(draft, run, () => true);
  if (hasHolders(draft)) return;
  delete run.pausing;
  note(draft, 'paused', tellHold(hold));
  enter(draft, run, { kind: 'paused', since: draft.now, ...hold, back });
}

function tellHold({ cause, lookAt, by }: NonNullable<Run['pausing']>): string {
  if (cause) return isOfDay(cause) ? `paused: ${renderCause(cause)}` : 'paused until the outage is over';
  return lookAt === undefined ? `paused by @${by}` : 'paused until people answer';
}

type WorkKind = Exclude<Action['kind'], 'present' | 'tell'>;

/** Takes back what nobody has begun. What somebody may have pushed or merged before he died is left to be read. */
export function takeBackPending(draft: Draft, run: Run, isMeant: (kind: WorkKind) => boolean): void {
  for (const entry of draft.snapshot.outbox) {
    const { action, state, isSettling } = entry;
    if (
      action.kind === 'present' ||
      action.kind === 'tell' ||
      !isMeant(action.kind) ||
      isSettling ||
      isChanged(draft, action.id)
    )
      continue;
    if (state.kind !== 'pending' || mayHavePublished(entry)) continue;
    draft.outbox.push({ kind: 'cancel', id: action.id });
    if (action.kind === 'attempt') forgetAttempt(run, action.task, action.id);
  }
}

/** Nobody worked on it: it is not counted. */
function forgetAttempt(run: Run, key: string, actionId: string): void {
  const task = findTask(run, key);
  if (task?.state.kind !== 'running' || !task.attempts.some(({ action }) => action === actionId)) return;
  task.attempts = task.attempts.filter(({ action }) => action !== actionId);
  task.state = { kind: 'pending' };
}

/** The outage may be over: looks by itself as often as it was told to. A question that nobody answered is over as well. */
export function decidePaused(draft: Draft, run: Run, state: Extract<RunState, { kind: 'paused' }>): void {
  if (run.isHeld) return;
  // Somebody overrode what it waits for.
  if (state.wants === 'override' && !isHeldBack(run)) return endHold(draft, run, state);
  if (state.lookAt === undefined || draft.now < state.lookAt) return;
  if (isOfDay(state.cause)) note(draft, 'look', 'looks whether the limit gives something again');
  else if (state.cause) {
    run.looks = (run.looks ?? 0) + 1;
    note(draft, 'look', `looks whether the outage is over (${run.looks})`);
  } else note(draft, 'unanswered', 'nobody said whether the run is to end: it goes on');
  endHold(draft, run, state);
}

/** Goes back to where the run was. */
export function endHold(draft: Draft, run: Run, state: Extract<RunState, { back: HeldState }>): void {
  enter(draft, run, { ...state.back, since: draft.now });
}
