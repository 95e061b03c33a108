// The working copy of one decision. It is made and thrown away inside `decide`, so that the steps of a decision can
// read each other's changes while the decision as a whole stays a pure function of its snapshot.
import type { Action, OutboxEntry } from '../model/action.ts';
import type { Checkpoint } from '../model/checkpoint.ts';
import { copyPlain } from '../model/copy-plain.ts';
import type { Decision, LogEntry, OutboxChange, Reservation, Seat, Settlement } from '../model/decision.ts';
import type { LogKind } from '../model/log-kind.ts';
import { type Message, toMessageId } from '../model/message.ts';
import type { Receipt, SubjectRecord } from '../model/record.ts';
import { isLive, type Run, type RunState, toPhase } from '../model/run.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { type RecordId, toChoresId, toSubjectId } from '../model/subject.ts';
import { renderAnswer } from '../reply/render-answer.ts';
import { takeCensus } from './census.ts';
import { listAdded, listKept } from './outbox-after.ts';

export interface Draft {
  readonly snapshot: Snapshot;
  readonly now: number;
  readonly record: SubjectRecord;
  readonly log: LogEntry[];
  readonly outbox: OutboxChange[];
  readonly aliases: number[];
  /** The log begins here after this decision. */
  trimLogBefore?: number;
  /** Whoever is at work for the run is to hear something. */
  tells?: true;
  /** Requests of the API that this decision takes, each with its receipt. */
  readonly requests: { readonly key: string; readonly receiptId: string }[];
  /** Places that this decision asks for, for a run that begins to work. */
  asked?: readonly Seat[];
  /** Parts of pots that this decision takes, and those that it settles. */
  readonly reservations: Reservation[];
  readonly settled: {
    readonly id: string;
    readonly pots: readonly string[];
    readonly amount: number;
    readonly reserved: number;
  }[];
  /** Whoever asked for a pause that this decision has no use for, since the run came to rest. */
  pausedBy?: string;
  /** By task: what its attempt that this decision takes back leaves to the next one. */
  readonly handedOn: Map<string, Checkpoint>;
  /** How soon people should see this decision. */
  urgency: 'none' | 'soon' | 'now';
}

export function openDraft(snapshot: Snapshot): Draft {
  return {
    snapshot,
    now: snapshot.now,
    record: copyPlain(snapshot.record),
    log: [],
    outbox: [],
    aliases: [],
    requests: [],
    reservations: [],
    settled: [],
    handedOn: new Map(),
    urgency: 'none',
  };
}

export function toDecision(draft: Draft, wakeAt: number | undefined): Decision {
  return {
    record: draft.record,
    handled: draft.snapshot.inbox.map(({ entryId, eventId }) => ({ entryId, eventId })),
    log: draft.log,
    outbox: draft.outbox,
    aliases: draft.aliases,
    census: takeCensus(draft),
    ...(draft.settled.length === 0 ? {} : { settlements: draft.settled.flatMap(toSettlements) }),
    ...(draft.reservations.length === 0 ? {} : { reservations: draft.reservations }),
    ...(draft.tells ? { tells: true } : {}),
    ...(draft.trimLogBefore === undefined ? {} : { trimLogBefore: draft.trimLogBefore }),
    ...(draft.requests.length === 0 ? {} : { answers: draft.requests.map((request) => toAnswer(draft, request)) }),
    ...(wakeAt === undefined ? {} : { wakeAt }),
  };
}

function toSettlements({ id, pots, amount }: Draft['settled'][number]): Settlement[] {
  return pots.map((pot) => ({ pot, id, amount }));
}

/** How a request ended, or that it has begun, as its caller is told. */
function toAnswer({ record }: Draft, { key, receiptId }: Draft['requests'][number]) {
  const receipt = record.receipts.find(({ id }) => id === receiptId);
  return { key, answer: renderAnswer(record, receipt) };
}

export function note(draft: Draft, kind: LogKind, text: string, data?: LogEntry['data']): void {
  draft.log.push(data === undefined ? { kind, text } : { kind, text, data });
}

/** Asks for an action unless it is asked for already: ids name intents. */
export function want(draft: Draft, action: Action, notBefore?: number): void {
  if (isOutstanding(draft, action.id)) return;
  draft.outbox.push(notBefore === undefined ? { kind: 'add', action } : { kind: 'add', action, notBefore });
}

function isOutstanding(draft: Draft, id: string): boolean {
  return listOutstanding(draft).some((outstanding) => outstanding === id);
}

/** Ids of the actions that are in the outbox after this draft. */
export function listOutstanding(draft: Draft): string[] {
  const removed = new Set(draft.outbox.flatMap((change) => (isGone(draft, change) ? [change.id] : [])));
  const kept = draft.snapshot.outbox.map((entry) => entry.action.id).filter((id) => !removed.has(id));
  return [...kept, ...listAdded(draft).map(({ id }) => id)];
}

/** A pending entry that is cancelled is gone at once; a begun one stays until its holder reports. */
function isGone(draft: Draft, change: OutboxChange): change is Extract<OutboxChange, { id: string }> {
  if (change.kind === 'remove') return true;
  return change.kind === 'cancel' && findEntry(draft, change.id)?.state.kind === 'pending';
}

export function findEntry(draft: Draft, id: string): OutboxEntry | undefined {
  return draft.snapshot.outbox.find((entry) => entry.action.id === id);
}

/** Everything that works for the run; showing, archiving and telling other records what was decided is not. */
export function isWork(action: Action): boolean {
  return !['present', 'archive', 'tell'].includes(action.kind);
}

/** Says something to another record. What was decided is told, whatever is decided afterwards. */
export function tell(draft: Draft, to: RecordId, event: Message): void {
  want(draft, { kind: 'tell', id: toTellId(event), to, event });
}

export function toTellId(event: Message): string {
  return `tell-${toMessageId(event)}`;
}

export function listWork(draft: Draft): string[] {
  return listOutstanding(draft).filter((id) => !/^(?:present|archive|tell)-/.test(id));
}

/** Whether somebody may still be working for the run, as far as this snapshot can know. */
export function hasHolders(draft: Draft): boolean {
  return listKept(draft).some(({ action }) => isWork(action));
}

export function cancelWork(draft: Draft): void {
  for (const entry of draft.snapshot.outbox) {
    const { id } = entry.action;
    if (!isWork(entry.action) || entry.isSettling || isCancelled(entry) || isChanged(draft, id)) continue;
    if (mayHavePublished(entry))
      draft.outbox.push({ kind: 'redispatch', id, dispatch: entry.dispatch + 1, isSettling: true });
    else draft.outbox.push({ kind: 'cancel', id });
  }
}

/** Nobody works on it, and whoever did died: what is on GitHub by now has to be read. */
export function mayHavePublished({ action, state, dispatch }: OutboxEntry): boolean {
  return action.kind === 'publish_branch' && state.kind === 'pending' && dispatch > 1;
}

/** What this decision does with an action already: its result was taken, it was cancelled, or handed out to be settled. */
export function isChanged(draft: Draft, id: string): boolean {
  return draft.outbox.some((change) => change.kind !== 'add' && change.id === id);
}

function isCancelled({ state }: OutboxEntry): boolean {
  return state.kind === 'begun' && state.cancelled;
}

/** Moves the run to another state; people see it at once. What a state leaves behind is settled with it. */
export function enter(draft: Draft, run: Run, state: RunState): void {
  // Time in which it was held or rested is no working time, wherever it goes from there.
  if (toPhase(run.state) !== 'working') run.heldMs = (run.heldMs ?? 0) + (draft.now - run.state.since);
  run.state = state;
  if (!isLive(run)) {
    settleRunning(run, state);
    if (run.pausing && !run.pausing.cause) draft.pausedBy = run.pausing.by;
    delete run.pausing;
    delete run.finishing;
    delete run.proposal;
  }
  if (state.kind === 'merged') tellLearned(draft, run);
  draft.urgency = 'now';
}

/**
 * Only of work that people took: what was learned on the way to something that they closed or stopped is no reason to write
 * to them. A file for it has to be named.
 */
function tellLearned(draft: Draft, { id: runId, learnings = [], policy }: Run): void {
  if (learnings.length === 0 || policy.notesFile === undefined) return;
  tellChores(draft, { kind: 'learned', ...toOrigin(draft, runId), learnings });
}

/** To be called when a run starts: the default branch has no file with settings, and the operator lets us propose one. */
export function tellMissingSettings(draft: Draft, { id: runId }: Run): void {
  const { repository, proposesSettings } = draft.snapshot.facts;
  if (!proposesSettings || !repository || repository.policyText !== undefined) return;
  tellChores(draft, { kind: 'settings_missing', ...toOrigin(draft, runId) });
}

function tellChores(draft: Draft, event: Extract<Message, { kind: 'learned' | 'settings_missing' }>): void {
  tell(draft, toChoresId(draft.record.repository), event);
}

function toOrigin({ record: { repository, number } }: Draft, runId: string) {
  return { subject: toSubjectId(repository.host, repository.id, number), runId, repository };
}

/** A task of a run that ended is not working any more, whatever its agent will still say. */
function settleRunning(run: Run, state: RunState): void {
  for (const task of run.tasks) {
    if (task.state.kind !== 'running') continue;
    // An attempt that nobody reported on says nothing about the task.
    task.attempts = task.attempts.filter(({ endedAt }) => endedAt !== undefined);
    task.state = state.kind === 'failed' ? { kind: 'failed', cause: state.cause } : { kind: 'pending' };
  }
}

/** A fresh, deterministic id for the next action of this kind. */
export function nextActionId(run: Run, kind: string, detail = ''): string {
  const count = (run.asked[kind] ?? 0) + 1;
  run.asked[kind] = count;
  return `${run.id}-${kind}${detail === '' ? '' : `-${detail}`}-${count}`;
}

export function settleReceipt(draft: Draft, receiptId: string, state: Receipt['state']['kind'], reply?: string): void {
  const receipt = draft.record.receipts.find((candidate) => candidate.id === receiptId);
  if (!receipt) return;
  receipt.state = { kind: state };
  receipt.revision = toRevision(draft);
  if (reply !== undefined) receipt.reply = reply;
  draft.urgency = 'now';
}

/** The presentation that this decision asks for. */
export function toRevision(draft: Draft): number {
  return draft.record.presentation.wanted + 1;
}

const receiptsKept = 50;

export function addReceipt(draft: Draft, receipt: Receipt): void {
  const { receipts, presentation } = draft.record;
  receipts.push(receipt);
  // What waits for its end, or for its answer by this decision, is never dropped; an answer that nobody has seen yet is
  // dropped last, however many others press.
  const answered = new Set(draft.requests.map(({ receiptId }) => receiptId));
  const settled = receipts.filter((old) => isSettled(old) && !answered.has(old.id));
  const isSeen = ({ revision }: Receipt) => revision <= presentation.done;
  const isAnswer = ({ reply }: Receipt) => reply !== undefined;
  const droppable = [
    ...settled.filter(isSeen),
    ...settled.filter((old) => !isSeen(old) && !isAnswer(old)),
    ...settled.filter((old) => !isSeen(old) && isAnswer(old)),
  ];
  for (const old of droppable.slice(0, Math.max(0, receipts.length - receiptsKept)))
    receipts.splice(receipts.indexOf(old), 1);
  draft.urgency = 'now';
}

function isSettled({ state }: Receipt): boolean {
  return state.kind !== 'kept' && state.kind !== 'started';
}
