// Of every decision that is saved: one at a time, one run at a time, each event once, and no state without a next look.
import type { Decision } from '../../../src/core/model/decision.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { RecordId } from '../../../src/core/model/subject.ts';
import type { StorePort } from '../../../src/engine/port/store.ts';
import { type Book, isAtRest, isFinal } from './book.ts';

/** Invariant 1: whoever decided on an older version saves nothing; invariant 4: no event is taken twice. */
export function checkOneDecision(book: Book, id: RecordId, expected: number, decision: Decision<unknown>): void {
  const known = book.at(id);
  book.demand(known.version === expected, `two decisions on ${id} at version ${expected} were both saved`);
  known.version = expected + 1;
  for (const { eventId } of decision.handled) {
    book.demand(!book.handled.has(`${id} ${eventId}`), `${eventId} was taken twice by ${id}`);
    book.handled.add(`${id} ${eventId}`);
    book.handled.add(eventId);
  }
}

/** Invariant 1: a run holds its subject until it rests, and nothing follows its end. */
export function checkOneRun(
  book: Book,
  before: Run | undefined,
  after: Run | undefined,
  ended: readonly string[],
): void {
  if (!before || !after) return;
  if (before.id !== after.id) {
    // A run may end and another begin in one decision; then the end is among what was decided on.
    const isEnding = ended.some((eventId) => eventId.startsWith(`result/${before.id}-`)) || isClosed(book, before);
    const holds = !isAtRest(before.state) || ['paused', 'awaiting_approval', 'needs_input'].includes(before.state.kind);
    book.demand(isEnding || !holds, `run ${after.id} started while ${before.id} was ${before.state.kind}`);
  } else if (isFinal(before.state)) {
    const [from, to] = [before.state.kind, after.state.kind];
    book.demand(from === to, `run ${before.id} went from ${from} to ${to}`);
  }
}

/** No run is let in where as many are at work as may be, whoever saves at the same time. */
export function checkAdmission(book: Book, before: Run | undefined, after: Run | undefined): void {
  const isLetIn =
    after &&
    isBuilding(after) &&
    (before?.id !== after.id || ['ready', 'stopped', 'failed'].includes(before.state.kind));
  if (!isLetIn) return;
  const runs = book.listRecords().flatMap(({ run }) => (run && isBuilding(run) ? [run] : []));
  // Whoever is verified again for a push takes a seat without being asked, so that only those that build are counted.
  book.demand(runs.length <= book.mostRuns, `${runs.length} runs are at work where ${book.mostRuns} may be`);
}

function isBuilding({ state }: Run): boolean {
  return state.kind === 'planning' || state.kind === 'executing';
}

/** Somebody ended it on GitHub. */
function isClosed({ hub }: Book, { pullRequest }: Run): boolean {
  return pullRequest !== undefined && hub.pulls.get(pullRequest.number)?.state !== 'open';
}

/** Invariant 3: looked at after every save, by whoever reads only what is new. */
export async function checkLog(book: Book, store: StorePort, id: RecordId): Promise<void> {
  const known = book.at(id);
  for (const { sequence } of await store.readLog(id, known.logged)) {
    book.demand(sequence === known.logged + 1, `the log of ${id} goes from ${known.logged} to ${sequence}`);
    known.logged = sequence;
  }
}

/** Invariant 7: a state in which something is expected has a moment at which it is looked at again. */
export function checkNextLook(book: Book, after: Run | undefined, wakeAt: number | undefined): void {
  if (!after) return;
  const isTimed =
    after.state.kind === 'needs_input' || (after.state.kind === 'paused' && after.state.lookAt !== undefined);
  const isExpected = !isAtRest(after.state) || isTimed;
  const isSeen = wakeAt !== undefined || !isExpected;
  book.demand(isSeen, `run ${after.id} is ${after.state.kind} and nothing will look at it again`);
}

/** A task of a run that is over is not working any more, and each was tried as often as was allowed. */
export function checkTasks(book: Book, before: Run | undefined, after: Run | undefined): void {
  if (!after) return;
  const lost = before?.id === after.id ? before.tasks : [];
  for (const { key, attempts } of lost) {
    const isKept = attempts.length === 0 || after.tasks.some((task) => task.key === key);
    book.demand(isKept, `${key}, on which somebody worked, is in run ${after.id} no more`);
  }
  for (const { key, state, attempts, granted = 0 } of after.tasks) {
    const tried = attempts.length;
    book.demand(tried <= after.policy.maxAttempts + granted, `${key} was tried ${tried} times`);
    const isLeft = state.kind === 'running' && isAtRest(after.state);
    book.demand(!isLeft, `${key} is running in a run that is ${after.state.kind}`);
  }
}
