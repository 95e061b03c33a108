// Labels: one-shot ones are commands, and finding one on means nothing; two others say something for as long as they are on, and those
// that say how a run stands are ours.
import { type CommandWord, isLastingWord, isStateWord, type OwnLabel, parseOwnLabel } from '../command/own-label.ts';
import { isAtLeast, type Permission } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { listLabelledThreads } from '../reply/state-label.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { isKnownWriter } from './is-known-writer.ts';
import { type LabelSeen, takeLastingLabel } from './lasting-label.ts';
import { readLabelPrefix, readSlash } from './read-run-policy.ts';
import { renderIgnored } from './request-ignore.ts';
import { requestReview } from './request-review.ts';
import { requestRun } from './request-run.ts';
import { requestVouch } from './request-vouch.ts';
import { turnAway } from './turn-away.ts';

type Labelled = Extract<Event, { kind: 'labelled' }>;

/** One-shot labels: putting one on is the command, and finding one on means nothing. */
const commands: Readonly<Record<CommandWord, 'run' | 'plan' | 'review' | 'vouch'>> = {
  run: 'run',
  plan: 'plan',
  review: 'review',
  'ok-to-run': 'vouch',
};

export function takeLabel(draft: Draft, event: Labelled): void {
  draft.record.title = event.title;
  const own = parseOwnLabel(event.label);
  if (!own || !isOurs(draft, own)) return;
  if (isLastingWord(own.word)) return takeLasting(draft, event, { label: own.name, word: own.word });
  if (isStateWord(own.word)) return correctState(draft, event, own.name);
  if (event.isTakenOff || event.actor.kind === 'bot') return;
  const command = commands[own.word];
  const id = keepReceipt(draft, event, { command, isLasting: false });
  if (!isHeard(draft, event, id)) return;
  const ignored = renderIgnored(draft, readSlash(draft));
  if (ignored !== undefined) return settleReceipt(draft, id, 'refused', ignored);
  const { actor } = event;
  if (command === 'vouch') return requestVouch(draft, { receiptId: id, ...toVouch(draft, event) });
  if (command === 'review') return requestReview(draft, { receiptId: id, actor, isFull: false, focus: undefined });
  requestRun(draft, { receiptId: id, actor, text: '', isPlanOnly: command === 'plan' });
}

/** What was heard under another name before the settings changed is taken off by that. */
function isOurs(draft: Draft, { name, prefix }: OwnLabel): boolean {
  const { held, ignored } = draft.record;
  return prefix === readLabelPrefix(draft).toLowerCase() || [held?.label, ignored?.label].includes(name);
}

/** When a label was put on is in no webhook: GitHub was asked. */
function toVouch(draft: Draft, { actor: { login }, thread, head, label: name }: Labelled) {
  const put = draft.snapshot.facts.strangers?.labelled.findLast(
    ({ label, by }) => label === name.toLowerCase() && by === login,
  );
  return { login, thread, since: put?.at, head, isLabel: true, slash: readSlash(draft) };
}

/** It is a view: what somebody changes about it is set right. What bots change is left, so that no two of them take turns for ever. */
function correctState(draft: Draft, { actor, thread, isTakenOff = false }: Labelled, label: string): void {
  const isWanted = listLabelledThreads(draft.record).get(thread)?.toLowerCase() === label;
  if (actor.kind !== 'bot' && isWanted === isTakenOff && draft.urgency === 'none') draft.urgency = 'soon';
}

/** One that is off holds nothing, whoever took it off. */
function takeLasting(draft: Draft, event: Labelled, own: Pick<LabelSeen, 'label' | 'word'>): void {
  const { actor, thread, isTakenOff = false } = event;
  const seen = { ...own, thread, login: actor.login, isTakenOff };
  if (isTakenOff) return takeLastingLabel(draft, seen);
  if (actor.kind === 'bot') return;
  const id = keepReceipt(draft, event, { command: own.word, isLasting: true });
  if (!isSafe(draft, event) && !isHeard(draft, event, id)) return;
  takeLastingLabel(draft, seen);
  settleReceipt(draft, id, 'done');
}

function keepReceipt(
  draft: Draft,
  event: Labelled,
  { command, isLasting }: { command: string; isLasting: boolean },
): string {
  const id = `label/${event.deliveryId}`;
  addReceipt(draft, {
    id,
    at: draft.now,
    actor: event.actor,
    source: { kind: 'label', label: event.label, thread: event.thread, ...(isLasting ? { isLasting } : {}) },
    command,
    state: { kind: 'kept' },
    revision: toRevision(draft),
  });
  return id;
}

/** What only holds or ends work fails safe. A label does not come with the association that a comment has. */
function isSafe(draft: Draft, { actor }: Labelled): boolean {
  return readPermission(draft, actor) === 'unknown' && isKnownWriter(draft.record, actor);
}

function readPermission({ snapshot }: Draft, { login }: Labelled['actor']): Permission {
  return snapshot.facts.permissions[login] ?? 'unknown';
}

/** Refused where its author may not write, or nobody knows that. */
function isHeard(draft: Draft, { actor, label }: Labelled, id: string): boolean {
  const permission = readPermission(draft, actor);
  if (isAtLeast(permission, 'write')) return true;
  note(draft, 'refused', `@${actor.login} may not use the label ${label}: ${permission} is less than write`);
  turnAway(draft, id, renderRefusal(label, permission));
  return false;
}

/** In an outage nobody knows what somebody may do; saying that they may not would be untrue. */
function renderRefusal(label: string, permission: Permission): string {
  if (permission === 'unknown')
    return `The label ${quoteCode(label)} was not heard: GitHub did not say what you may do here. Please put it on again.`;
  return `The label ${quoteCode(label)} is heard only from people with write permission.`;
}
