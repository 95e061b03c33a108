// Results of chores. One counts only when its action is still in the outbox under the same token, as for a subject.
import type { ResultEvent } from '../model/event.ts';
import { listsLagMs } from '../model/made.ts';
import type { NotesOutcome, SettingsOutcome } from '../model/result.ts';
import { isRemoved } from '../run/outbox-after.ts';
import { type Chore, type ChoresDraft, isChore, noteChore } from './chores-draft.ts';
import { takePulls } from './look-after-pulls.ts';

type Ended = Extract<ResultEvent, { kind: 'settings_proposed' | 'notes_proposed' | 'pulls_seen' }>;
type Failed = Extract<SettingsOutcome, { kind: 'failed' }>;

/** Together some hours: nobody waits for a proposal. */
const triesAtMost = 10;
const longestPauseMs = 3_600_000;

export function takeChoreResult(draft: ChoresDraft, event: Ended): void {
  const { actionId, token } = event;
  const entry = draft.snapshot.outbox.find(({ action }) => action.id === actionId);
  if (entry?.state.kind !== 'begun' || entry.state.token !== token || isRemoved(draft, actionId))
    return noteChore(draft, 'stale_result', `a result of ${actionId} came from a holder that was replaced; ignored`);
  draft.outbox.push({ kind: 'remove', id: actionId });
  const { action } = entry;
  if (event.kind === 'settings_proposed') takeSettings(draft, event.outcome);
  else if (event.kind === 'pulls_seen' && action.kind === 'look_at_pulls') takePulls(draft, action, event.outcome);
  else if (event.kind === 'notes_proposed' && action.kind === 'propose_notes') takeNotes(draft, action, event.outcome);
}

/**
 * Whoever worked on it died, and may have written something that no list shows yet: another one begins as after a
 * failure, when lists have caught up, and looks first.
 */
export function replaceDead(draft: ChoresDraft): void {
  for (const { action, state } of draft.snapshot.outbox) {
    if (!isChore(action) || state.kind !== 'begun' || state.leaseUntil > draft.now) continue;
    if (isRemoved(draft, action.id)) continue;
    draft.outbox.push({ kind: 'remove', id: action.id });
    const died: Failed = { kind: 'failed', why: 'whoever worked on it is gone' };
    if (action.kind === 'propose_settings') takeSettings(draft, died);
    else if (action.kind === 'look_at_pulls') takePulls(draft, action, died);
    else takeNotes(draft, action, died);
  }
}

function takeSettings(draft: ChoresDraft, outcome: SettingsOutcome): void {
  const { record } = draft;
  switch (outcome.kind) {
    case 'proposed':
      record.settings = { kind: 'settled', pull: outcome.pull };
      return noteChore(draft, 'proposed', `#${outcome.pull} adds a first file with settings`);
    case 'unneeded':
      record.settings = { kind: 'settled', ...(outcome.pull === undefined ? {} : { pull: outcome.pull }) };
      return noteChore(draft, 'not_proposed', `no settings: ${outcome.why}`);
    case 'refused':
      record.settings = { kind: 'settled' };
      return noteChore(draft, 'not_proposed', `no settings: ${outcome.why}`);
    case 'premature':
      record.settings = { kind: 'unasked' };
      return noteChore(draft, 'not_proposed', `no settings yet: ${outcome.why}`);
    case 'failed': {
      noteChore(draft, 'trouble', `settings could not be proposed: ${outcome.why}`);
      if (record.settings.kind !== 'wanted') return;
      const next = toNextTry(draft, record.settings.failures, outcome);
      // The next run that meets no settings asks again.
      record.settings = next ? { ...record.settings, ...next } : { kind: 'unasked' };
    }
  }
}

function takeNotes(
  draft: ChoresDraft,
  { learnings }: Extract<Chore, { kind: 'propose_notes' }>,
  outcome: NotesOutcome,
): void {
  const { notes } = draft.record;
  const next = outcome.kind === 'failed' ? toNextTry(draft, notes.failures, outcome) : undefined;
  noteNotes(draft, outcome);
  if (next) return void Object.assign(notes, next);
  const done = new Set(learnings.map(({ text }) => text));
  notes.pending = notes.pending.filter(({ text }) => !done.has(text));
  // Whoever looks next sees what this one made.
  notes.notBefore = outcome.kind === 'proposed' ? draft.now + listsLagMs : 0;
  notes.failures = 0;
  if (!('rounds' in outcome)) return;
  notes.rounds = outcome.rounds;
  notes.answered = outcome.answered;
}

function noteNotes(draft: ChoresDraft, outcome: NotesOutcome): void {
  switch (outcome.kind) {
    case 'proposed':
      return noteChore(draft, 'proposed', `#${outcome.pull} adds to the notes what was learned`);
    case 'failed':
      return noteChore(draft, 'trouble', `notes could not be proposed: ${outcome.why}`);
    default:
      return noteChore(draft, 'not_proposed', `no notes: ${outcome.why}`);
  }
}

/** Undefined where it was tried often enough. Never before lists have caught up with what this try may have made. */
function toNextTry(
  { now }: ChoresDraft,
  before: number,
  { until = 0 }: Failed,
): { readonly failures: number; readonly notBefore: number } | undefined {
  const failures = before + 1;
  if (failures >= triesAtMost) return undefined;
  const pauseMs = Math.min(longestPauseMs, listsLagMs * 2 ** (failures - 1));
  return { failures, notBefore: Math.max(now + pauseMs, until) };
}
