// Of what agents make: it stands on the recorded base, it was verified, and it was paid for before.
import type { Action } from '../../../src/core/model/action.ts';
import type { Decision } from '../../../src/core/model/decision.ts';
import type { ResultEvent } from '../../../src/core/model/event.ts';
import type { Run } from '../../../src/core/model/run.ts';
import type { RecordId } from '../../../src/core/model/subject.ts';
import type { StorePort } from '../../../src/engine/port/store.ts';
import type { Book } from './book.ts';

/** Invariant 6: an agent sees the base that was recorded for its attempt, and no other. */
export function checkCheckout(book: Book, folder: string, commit: string): void {
  for (const { outbox } of book.records.values()) {
    for (const { action, token } of outbox.values()) {
      if (action.kind === 'attempt' && folder === `${action.id}-${token}/workspace`)
        book.demand(isStart(book, action, commit), `${action.id} starts at ${commit} and not at ${action.base}`);
      if (action.kind === 'repair' && folder === `${action.id}-${token}/workspace`)
        book.demand(book.hub.objects.get(commit).parents[0] === action.head, `${action.id} starts at ${commit}`);
    }
  }
}

/** A repair starts at both sides of its conflict, on the recorded base. */
function isStart(book: Book, action: Extract<Action, { kind: 'attempt' }>, commit: string): boolean {
  if (!action.repair) return commit === action.base;
  const { parents } = book.hub.objects.get(commit);
  return parents.length === 1 && parents[0] === action.base;
}

/** Invariants 6 and 9: what was built stands on its base, and its tree really passed. */
export function checkBuilt(book: Book, id: RecordId, event: ResultEvent): void {
  if (event.kind !== 'attempt_ended' || event.outcome.kind !== 'anchored') return;
  const action = book.at(id).outbox.get(event.actionId)?.action;
  const { parents, treeId } = book.hub.objects.get(event.outcome.commit);
  if (action?.kind === 'attempt') {
    const sides = action.repair ? [action.base, action.repair.commit] : [action.base];
    const isOnBase = parents.length === sides.length && sides.every((side, at) => parents[at] === side);
    book.demand(isOnBase, `${event.actionId} built on ${parents} and not on ${action.base}`);
  }
  book.demand(book.fates.greenTrees.has(treeId), `${event.actionId} is told as green and never passed`);
}

/** What resolves a conflict continues the head that people see, and what was a conflict with the base has that behind it. */
export function checkResolved(book: Book, id: RecordId, event: ResultEvent): void {
  if (event.kind !== 'conflict_resolved' || event.outcome.kind !== 'resolved') return;
  const action = book.at(id).outbox.get(event.actionId)?.action;
  if (action?.kind !== 'repair' && action?.kind !== 'resolve') return;
  const { parents } = book.hub.objects.get(event.outcome.commit);
  const { base } = event.outcome;
  const sides = [action.head, ...(base === undefined ? [] : [base])];
  const isOn = parents.length === sides.length && sides.every((side, at) => parents[at] === side);
  book.demand(isOn, `${event.actionId} stands on ${parents} and not on ${sides}`);
}

/** What has acceptance items is merged only where a review of exactly that tree found every must item met. */
export function checkAccepted(book: Book, after: Run | undefined): void {
  if (!after?.policy.isAcceptanceEnabled) return;
  for (const { key, state, acceptance, attempts } of after.tasks) {
    // A batch in which nothing is to be met is asked about nothing: what mends a red verification has no items.
    if (state.kind !== 'merged' || acceptance.length === 0) continue;
    const results = attempts.at(-1)?.acceptance ?? [];
    const isMet = acceptance.every(
      ({ id, level }) => level !== 'must' || results.some((result) => result.id === id && result.status === 'met'),
    );
    book.demand(isMet, `${key} was merged without being accepted`);
    const isJudged = after.acceptances.some(({ commit, failed }) => commit === state.commit && !failed.includes(key));
    book.demand(isJudged, `${key} was merged as ${state.commit}, which nobody judged`);
  }
}

/** Invariant 9: whatever is merged into the branch of a run passed together with what was there. */
export function checkMerged(book: Book, after: Run | undefined): void {
  for (const { key, state } of after?.tasks ?? []) {
    if (state.kind !== 'merged') continue;
    const isGreen = book.fates.greenTrees.has(book.hub.objects.get(state.commit).treeId);
    book.demand(isGreen, `${key} was merged into a tree that never passed`);
  }
}

/** Invariant 10: spent and reserved together stay below the cap, and nothing that spends is without its part. */
export function checkBudget(book: Book, after: Run | undefined, decision: Decision<unknown>): void {
  if (!after) return;
  const cap = after.policy.runMicroUsd + (after.raised?.microUsd ?? 0);
  const reserved = Object.values(after.reserved ?? {}).reduce((sum, { microUsd }) => sum + microUsd, 0);
  const used = after.spend.microUsd + reserved;
  book.demand(used <= cap, `run ${after.id} has spent or reserved ${used} of ${cap}`);
  for (const change of decision.outbox) {
    if (change.kind === 'add' && isPaid(change.action))
      book.demand(after.reserved?.[change.action.id] !== undefined, `nothing is reserved for ${change.action.id}`);
  }
}

/** Invariant 10, for all runs of a day: a pot holds what records have reserved from it, and no more than the day gives. */
export async function checkDays(book: Book, store: StorePort): Promise<void> {
  const parts = book.listRecords().flatMap(({ run }) => Object.values(run?.reserved ?? {}));
  const names = [...new Set(parts.flatMap(({ paidFrom }) => paidFrom?.pots ?? []))];
  for (const [name, { committed, open }] of Object.entries(await store.readPots(names))) {
    const mine = parts.filter(({ paidFrom }) => paidFrom?.pots.includes(name));
    const reserved = mine.reduce((sum, { microUsd }) => sum + microUsd, 0);
    book.demand(reserved <= open, `records have reserved ${reserved} of ${name}, which knows of ${open}`);
    book.demand(committed <= book.dayMicroUsd, `${name} gave ${committed} of ${book.dayMicroUsd}`);
  }
}

function isPaid({ kind }: Action): boolean {
  return ['plan', 'attempt', 'acceptance', 'pilot', 'repair', 'review'].includes(kind);
}
