// Labels: one-shot ones are commands, and finding one on means nothing; two others say how things stand for as long as they are on.
import { isAtLeast, type Permission } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { holdByLabel, releaseByLabel } from './hold-by-label.ts';
import { readSlash } from './read-run-policy.ts';
import { renderIgnored, requestIgnore, requestUnignore } from './request-ignore.ts';
import { requestReview } from './request-review.ts';
import { requestRun } from './request-run.ts';

type Labelled = Extract<Event, { kind: 'labelled' }>;

/** The command that each label stands for, by its name in lower case. */
const commands = {
  'pilot:run': 'run',
  'pilot:plan': 'plan',
  'pilot:review': 'review',
  'pilot:hold': 'hold',
  'pilot:never': 'ignore',
} as const;
type LabelCommand = (typeof commands)[keyof typeof commands];

/** These stay on, and what they say ends when they are taken off. */
const lasting: readonly LabelCommand[] = ['hold', 'ignore'];

export function takeLabel(draft: Draft, event: Labelled): void {
  draft.record.title = event.title;
  const command = findCommand(event.label);
  if (command === undefined || event.actor.kind === 'bot') return;
  const isLasting = lasting.includes(command);
  if (event.isTakenOff && !isLasting) return;
  const id = `label/${event.deliveryId}`;
  addReceipt(draft, {
    id,
    at: draft.now,
    actor: event.actor,
    source: { kind: 'label', label: event.label, thread: event.thread, ...(isLasting ? { isLasting } : {}) },
    command: event.isTakenOff ? `un${command}` : command,
    state: { kind: 'kept' },
    revision: toRevision(draft),
  });
  const permission = draft.snapshot.facts.permissions[event.actor.login] ?? 'unknown';
  if (!isAtLeast(permission, 'write')) {
    note(
      draft,
      'refused',
      `@${event.actor.login} may not use the label ${event.label}: ${permission} is less than write`,
    );
    return settleReceipt(draft, id, 'refused', renderRefusal(event.label, permission));
  }
  carryOut(draft, event, { id, command });
}

/** GitHub knows names of labels by any case, and tells the one in which somebody wrote it first. */
function findCommand(label: string): LabelCommand | undefined {
  const name = label.toLowerCase();
  return name in commands ? commands[name as keyof typeof commands] : undefined;
}

function carryOut(
  draft: Draft,
  { actor, isTakenOff = false }: Labelled,
  { id: receiptId, command }: { id: string; command: LabelCommand },
): void {
  const { login } = actor;
  const slash = readSlash(draft);
  if (command === 'ignore') {
    const asked = { receiptId, login, slash };
    return isTakenOff ? requestUnignore(draft, asked) : requestIgnore(draft, asked);
  }
  if (command === 'hold')
    return isTakenOff ? releaseByLabel(draft, receiptId, login) : holdByLabel(draft, receiptId, login);
  const ignored = renderIgnored(draft, slash);
  if (ignored !== undefined) return settleReceipt(draft, receiptId, 'refused', ignored);
  if (command === 'review') return requestReview(draft, { receiptId, actor, isFull: false, focus: undefined });
  requestRun(draft, { receiptId, actor, text: '', isPlanOnly: command === 'plan' });
}

/** In an outage nobody knows what somebody may do; saying that they may not would be untrue. */
function renderRefusal(label: string, permission: Permission): string {
  if (permission === 'unknown')
    return `The label ${quoteCode(label)} was not heard: GitHub did not say what you may do here. Please put it on again.`;
  return `The label ${quoteCode(label)} is heard only from people with write permission.`;
}
