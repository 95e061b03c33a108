// What each kind of event does to the record of a group.
import { evaluateGroup, toRunKey } from '../gate/evaluate-group.ts';
import type { Action } from '../model/action.ts';
import type { Event, ResultEvent } from '../model/event.ts';
import type { GroupOutcome, GroupShownOutcome, GroupVerificationOutcome } from '../model/group.ts';
import type { InboxEntry } from '../model/snapshot.ts';
import { isRemoved } from '../run/outbox-after.ts';
import { type GroupDraft, noteGroup } from './group-draft.ts';

/** How often what holds is looked at again: nobody tells a group of what changes elsewhere. */
const lookMs = 20_000;
/** What is waited for comes sooner. */
const waitMs = 5_000;
/** An answer that there is no such commit may be behind. */
const missesAtMost = 3;
const firstPauseMs = 5_000;
const longestPauseMs = 60_000;
/** Longer than lists lag behind. */
const madeKeptMs = 2 * 60_000;

export function takeGroupEvent(draft: GroupDraft, { event, repository }: InboxEntry): void {
  const { record, now } = draft;
  if (repository) record.repository = repository;
  switch (event.kind) {
    case 'group_formed':
      return takeFormed(draft, event);
    case 'group_destroyed':
      return endGroup(draft, event.reason, event.reason !== 'merged');
    case 'check_requested':
      return takeRequested(draft, event);
    case 'repository_moved':
      record.repository = event.repository;
      record.readAt = now;
      return;
    case 'told':
    case 'group_read':
    case 'group_verified':
    case 'group_shown':
      return takeGroupResult(draft, event);
    default:
      return noteGroup(draft, 'ignored', `"${event.kind}" is nothing for a group`);
  }
}

/**
 * The queue is done with it, or it is gone: what it was shown as stays, but for what would look as if it were under way, and
 * for a success by which nothing was merged: whoever opens a pull request from that commit is not to meet it.
 */
export function endGroup(draft: GroupDraft, why: string, isDropped = false): void {
  const { record, now } = draft;
  if (record.state.kind === 'over') return;
  const wasOpen = !isDropped && record.state.kind === 'judging' && evaluateGroup(record).state.kind === 'open';
  const failed = record.state.kind === 'closed' ? { failed: record.state.because } : {};
  record.state = { kind: 'over', at: now, why, wasOpen, ...failed };
  noteGroup(draft, 'group', `the queue is done with it: ${why}`);
}

/** The same delivery comes twice, and perhaps late. Another queue that holds the same commit is one that nobody can judge. */
function takeFormed(draft: GroupDraft, event: Extract<Event, { kind: 'group_formed' }>): void {
  const { record, now } = draft;
  const isSame = event.ref === record.ref && event.branch === record.branch && event.base === record.base;
  if (isSame || record.state.kind === 'over')
    return noteGroup(draft, 'group', `#${record.number} is to be put on ${record.branch}`);
  const because = `This commit is in two queues: ${record.ref} and ${event.ref}.`;
  record.state = { kind: 'closed', at: now, because };
  noteGroup(draft, 'group_judged', because);
}

/** A writer wants everything looked at once more. */
function takeRequested(draft: GroupDraft, { actor }: Extract<Event, { kind: 'check_requested' }>): void {
  const { record, now, snapshot } = draft;
  if (!snapshot.facts.writers.includes(actor.login))
    return noteGroup(draft, 'refused', `@${actor.login} may not have this verified again`);
  if (record.state.kind === 'over') return noteGroup(draft, 'ignored', 'the queue is done with it');
  noteGroup(draft, 'recheck', `@${actor.login} wants this verified again`);
  record.state = { kind: 'judging' };
  record.since = now;
  record.readAt = now;
  record.verifyAt = now;
  delete record.reading;
  delete record.verification;
  delete record.trouble;
}

/** Counts only when its action is still in the outbox under the same token, as for a subject. */
function takeGroupResult(
  draft: GroupDraft,
  event: Extract<ResultEvent, { kind: 'told' | 'group_read' | 'group_verified' | 'group_shown' }>,
): void {
  const { actionId, token } = event;
  const entry = draft.snapshot.outbox.find(({ action }) => action.id === actionId);
  if (entry?.state.kind !== 'begun' || entry.state.token !== token || isRemoved(draft, actionId))
    return noteGroup(draft, 'stale_result', `a result of ${actionId} came from a holder that was replaced; ignored`);
  draft.outbox.push({ kind: 'remove', id: actionId });
  if (event.kind === 'group_shown') return takeShown(draft, event.outcome);
  if (event.kind === 'told') return takeTold(draft, entry.action);
  // What it was asked for is not wanted any more.
  if (entry.state.cancelled || draft.record.state.kind !== 'judging') return;
  if (event.kind === 'group_read') takeRead(draft, event.outcome);
  if (event.kind === 'group_verified') takeVerified(draft, event.outcome);
}

/** Whoever was told knows it for good, whatever became of the group meanwhile: a commit has one tree. */
function takeTold({ record }: GroupDraft, action: Action): void {
  if (action.kind !== 'tell' || action.event.kind !== 'queue_verified') return;
  const key = toRunKey(action.to, action.event.runId);
  record.told = [...new Set([...(record.told ?? []), key])];
}

function takeRead(draft: GroupDraft, outcome: GroupOutcome): void {
  const { record, now } = draft;
  if (outcome.kind === 'read') {
    record.reading = { ...outcome.reading, number: record.readings };
    record.readAt = now + (outcome.reading.parts.some(({ state }) => state === 'waiting') ? waitMs : lookMs);
    record.misses = 0;
    delete record.unread;
    return;
  }
  if (outcome.kind === 'stopped') return;
  record.misses += 1;
  record.readAt = now + pauseOf(record.misses);
  if (outcome.kind === 'gone') {
    record.unread = 'GitHub shows no such commit in its queue.';
    if (record.misses >= missesAtMost) endGroup(draft, 'the queue has it no more');
    return;
  }
  record.unread = outcome.why;
  // What cannot be read opens nothing; what was open is taken back only by what was read.
  if (outcome.kind === 'failed' && outcome.until !== undefined) record.readAt = Math.max(record.readAt, outcome.until);
  if (outcome.kind === 'unknown') delete record.reading;
}

function takeVerified(draft: GroupDraft, outcome: GroupVerificationOutcome): void {
  const { record, now } = draft;
  const commands = record.reading?.settings.verify ?? [];
  switch (outcome.kind) {
    case 'verified':
      record.verification = {
        report: outcome.report,
        ...(outcome.baseTests ? { baseTests: outcome.baseTests } : {}),
        ...{ commands, after: record.readings },
      };
      record.readAt = now;
      delete record.trouble;
      return noteGroup(draft, 'verified', `${outcome.report.commands.length} commands ran on its tree`);
    case 'failed': {
      const count = outcome.isForGood ? Number.MAX_SAFE_INTEGER : (record.trouble?.count ?? 0) + 1;
      record.trouble = { count, why: outcome.why };
      record.verifyAt = Math.max(now + pauseOf(count), outcome.until ?? 0);
      return noteGroup(draft, 'trouble', outcome.why);
    }
    case 'stopped':
      return;
  }
}

function takeShown(draft: GroupDraft, outcome: GroupShownOutcome): void {
  const { shown } = draft.record;
  const made = (outcome.made ?? []).map((one) => ({ ...one, at: draft.now }));
  shown.made = [...shown.made.filter(({ at }) => draft.now - at < madeKeptMs), ...made];
  if (outcome.kind === 'shown') shown.done = Math.max(shown.done, outcome.revision);
  else {
    const until = Math.max(outcome.until, draft.now + firstPauseMs);
    if (outcome.postponed === undefined) shown.notBefore = until;
    // What became of it meanwhile may matter more, and is tried by itself.
    else if (outcome.postponed === shown.wanted) shown.postponedUntil = until;
    noteGroup(draft, 'present_delayed', outcome.why);
  }
}

function pauseOf(count: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(count - 1, 4));
}
