// Of whoever carries out an action: one at a time, never taken from while the lease is valid, ended by a stop.
import type { Decision } from '../../../src/core/model/decision.ts';
import type { ResultEvent } from '../../../src/core/model/event.ts';
import type { RecordId } from '../../../src/core/model/subject.ts';
import type { BeginResult } from '../../../src/engine/port/store.ts';
import { type Book, isFinal, type Known, workKinds } from './book.ts';

/** In these, nothing that works for the run may begin. */
const haltedStates = [
  'stopping',
  'stopped',
  'failed',
  'paused',
  'awaiting_approval',
  'needs_input',
  'superseded',
  'merged',
  'reported',
  'closed',
];
/** Invariant 8: first, and three times again. */
const dispatchesAtMost = 4;
/** What is told is told in the end, and what is only read is read as often as it takes. */
const endless = ['tell', 'settle_lane', 'read_group', 'show_group'];
/** A stop reaches whoever works with the next heartbeat. */
const obedienceMs = 4_000;

/** Follows what a decision did to the outbox, and checks each of it. */
export function checkOutbox(book: Book, id: RecordId, decision: Decision<unknown>): void {
  const known = book.at(id);
  for (const change of decision.outbox) {
    if (change.kind === 'add') {
      const fresh = { action: change.action, dispatch: 1, token: undefined, leaseUntil: 0, isSettling: false };
      if (!known.outbox.has(change.action.id)) known.outbox.set(change.action.id, fresh);
      continue;
    }
    const entry = known.outbox.get(change.id);
    if (change.kind === 'remove') {
      checkNotTaken(book, { id, known, actionId: change.id }, decision);
      known.outbox.delete(change.id);
    } else if (change.kind === 'cancel' && entry?.token === undefined) {
      known.outbox.delete(change.id);
    } else if (change.kind === 'redispatch' && entry) {
      checkNotTaken(book, { id, known, actionId: change.id }, decision);
      const isBounded = endless.includes(entry.action.kind) || change.dispatch <= dispatchesAtMost;
      book.demand(isBounded, `${change.id} was handed out ${change.dispatch} times`);
      const isSettling = change.isSettling || entry.isSettling;
      known.outbox.set(change.id, { ...entry, dispatch: change.dispatch, token: undefined, isSettling });
    }
  }
}

/** Invariant 7: a holder with a valid lease is left alone, and an entry leaves only with its own result. */
function checkNotTaken(
  book: Book,
  { id, known, actionId }: { id: RecordId; known: Known; actionId: string },
  decision: Decision<unknown>,
): void {
  const entry = known.outbox.get(actionId);
  if (entry?.token === undefined || entry.leaseUntil <= book.now()) return;
  const isAnswered = decision.handled.some(({ eventId }) => eventId === `result/${actionId}/${entry.token}`);
  book.demand(isAnswered, `${actionId} of ${id} was taken from a holder whose lease is valid`);
}

/** Invariants 4 and 5: what was decided is begun by one, and not once a stop was decided. */
export function checkBegun(book: Book, id: RecordId, begun: Extract<BeginResult, { kind: 'begun' }>): void {
  const { action, state } = begun.entry;
  const known = book.at(id);
  const entry = known.outbox.get(action.id);
  book.demand(entry !== undefined, `${action.id} began and was not asked for`);
  if (!entry) return;
  book.demand(entry.token === undefined, `${action.id} was begun by two at once`);
  entry.token = begun.token;
  entry.leaseUntil = state.kind === 'begun' ? state.leaseUntil : 0;
  book.leases.set(begun.token, entry.leaseUntil);
  const run = known.record?.run;
  if (!workKinds.includes(action.kind) || !('runId' in action) || run?.id !== action.runId) return;
  const isHalted = haltedStates.includes(run.state.kind);
  book.demand(entry.isSettling || !isHalted, `${action.id} began in a run that is ${run.state.kind}`);
}

export function noteHeartbeat(book: Book, id: RecordId, actionId: string, { token, leaseMs }: Beat): void {
  const entry = book.at(id).outbox.get(actionId);
  if (entry?.token !== token) return;
  entry.leaseUntil = book.now() + leaseMs;
  book.leases.set(token, entry.leaseUntil);
}

interface Beat {
  readonly token: string;
  readonly leaseMs: number;
}

/** Invariant 5: whoever works is ended by a stop; nothing that works is wanted by a run that is over. */
export function checkStopped(book: Book, id: RecordId, event: ResultEvent): void {
  if (event.kind !== 'attempt_ended' || event.outcome.kind === 'stopped') return;
  const state = book.at(id).record?.run?.state;
  const isObeyed = state?.kind !== 'stopping' || book.now() < state.since + obedienceMs;
  book.demand(isObeyed || book.isDisturbed, `${event.actionId} worked on long after it was told to stop`);
}

export function checkWanted(book: Book, id: RecordId, decision: Decision<unknown>): void {
  const run = book.at(id).record?.run;
  for (const change of decision.outbox) {
    if (change.kind !== 'add' || !run) continue;
    const { action } = change;
    const isOver = isFinal(run.state) && workKinds.includes(action.kind);
    book.demand(!isOver, `${action.id} is wanted by a run that is ${run.state.kind}`);
    // Invariant 9: nothing but the building of a run asks for agents, least of all a merge that is tried again.
    const isBuilding = action.kind !== 'attempt' || run.state.kind === 'executing';
    book.demand(isBuilding, `an attempt is asked for in a run that is ${run.state.kind}`);
  }
}

/** Invariant 7: what works in a sandbox is dead before its lease ends, unless the process itself stood still. */
export function checkAlive(book: Book, folder: string, hasHung: boolean): void {
  const token = /token-\d+/.exec(folder)?.[0] ?? '';
  const leaseUntil = book.leases.get(token) ?? Number.POSITIVE_INFINITY;
  book.demand(hasHung || book.now() <= leaseUntil, `${folder} was still worked in when its lease was over`);
}
