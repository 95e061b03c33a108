// From where an attempt can be gone on with, and how whoever goes on with it has begun.
import type { Checkpoint, Takeover } from '../model/checkpoint.ts';
import type { Event } from '../model/event.ts';
import type { Attempt } from '../model/run.ts';
import { renderTakeover } from '../reply/render-takeover.ts';
import { type Draft, note } from './draft.ts';
import { findHeldAttempt } from './find-held-attempt.ts';
import { findTask } from './task-state.ts';

export function takeCheckpointed(draft: Draft, event: Extract<Event, { kind: 'checkpointed' }>): void {
  const attempt = findAttempt(draft, event);
  if (!attempt) return noteStale(draft, event.attempt);
  attempt.checkpoint = event.checkpoint;
  const { id, bytes, session } = event.checkpoint;
  const where = session ? `in its step ${session.step}` : 'between two steps';
  note(draft, 'checkpoint', `${event.attempt} can be gone on with ${where}: ${bytes} bytes are kept`, {
    checkpoint: id,
  });
}

export function takeTakenOver(draft: Draft, event: Extract<Event, { kind: 'taken_over' }>): void {
  const attempt = findAttempt(draft, event);
  if (!attempt) return noteStale(draft, event.attempt);
  noteTakeover(draft, { action: event.attempt, attempt }, event.takeover);
  // What could not be gone on with once cannot be the next time.
  if (event.takeover.kind === 'anew') delete attempt.checkpoint;
}

export function noteTakeover(
  draft: Draft,
  { action, attempt }: { readonly action: string; readonly attempt: Attempt },
  takeover: Takeover,
): void {
  attempt.takeovers = [...(attempt.takeovers ?? []), takeover];
  note(draft, 'taken_over', `${action}: ${renderTakeover(takeover)}`, { takeover });
}

/** What a worker that is told to end hands on, to whoever is given the task in the same decision. */
export function handOn(draft: Draft, task: string, checkpoint: Checkpoint | undefined): void {
  if (checkpoint) draft.handedOn.set(task, checkpoint);
}

function findAttempt(draft: Draft, event: { readonly attempt: string; readonly token: string }): Attempt | undefined {
  const held = findHeldAttempt(draft, event);
  return held && findTask(held.run, held.action.task)?.attempts.find(({ action }) => action === event.attempt);
}

function noteStale(draft: Draft, attempt: string): void {
  note(draft, 'stale_result', `what was kept of ${attempt} is told by a holder that was replaced; ignored`);
}
