import type { Command, Verb } from '../command/command.ts';
import { parseComment } from '../command/parse-comment.ts';
import { requiredAuthority } from '../command/required-authority.ts';
import { isAtLeast, type Permission } from '../model/actor.ts';
import { toCommentKey } from '../model/comment-place.ts';
import type { Event } from '../model/event.ts';
import type { Run } from '../model/run.ts';
import { renderFurther } from '../reply/render-further.ts';
import { renderMistake } from '../reply/render-mistake.ts';
import { approvalAuthority, denialAuthority } from './approval-authority.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { isKnownWriter } from './is-known-writer.ts';
import { readPrefixes } from './read-run-policy.ts';
import { refuseLate } from './refuse-late.ts';
import { findBotRefusal, isNamedBot } from './take-bot-comment.ts';
import { takeCommand } from './take-command.ts';
import { turnAway } from './turn-away.ts';

type Commented = Extract<Event, { kind: 'commented' }>;

export function takeComment(draft: Draft, event: Commented): void {
  if (draft.record.title === '') draft.record.title = event.title;
  const isBot = event.actor.kind === 'bot';
  if (isBot && !isNamedBot(draft, event))
    return note(draft, 'ignored', `comment ${event.commentId} is by the bot @${event.actor.login}`);
  const prefixes = readPrefixes(draft);
  const { slash } = prefixes;
  const parsed = parseComment(event.body, prefixes);
  if (parsed.kind === 'nothing') return;
  const { commentId, place, thread } = event;
  const id = toCommentKey(event);
  const source = { kind: 'comment', commentId, ...(place === undefined ? {} : { place }), thread } as const;
  const command = parsed.kind === 'command' ? parsed.command.kind : 'mistake';
  addReceipt(draft, {
    id,
    at: draft.now,
    actor: event.actor,
    source,
    command,
    state: { kind: 'kept' },
    revision: toRevision(draft),
  });
  const further = isBot ? undefined : renderFurther(parsed.alsoFound);
  const permission = draft.snapshot.facts.permissions[event.actor.login] ?? 'unknown';
  if (parsed.kind === 'mistake') {
    // Somebody who may do nothing here gets no conversation either: one reaction at most. A stop with a slip in it is
    // told so in an outage as well.
    const isTold = isAtLeast(permission, 'read') || (permission === 'unknown' && isTrusted(draft, event));
    const reply = isTold && !isBot ? addFurther(renderMistake(parsed.mistake, slash), further) : undefined;
    return turnAway(draft, id, reply);
  }
  if (isBot) {
    const why = findBotRefusal(draft, parsed.command);
    if (why === undefined) return carryOut(draft, event, { command: parsed.command, receiptId: id, slash });
    note(draft, 'refused', `"${command}" of the bot @${event.actor.login}: ${why}`);
    return settleReceipt(draft, id, 'refused');
  }
  const own = requiredAuthority(parsed.command);
  const raised = raiseAuthority(draft.record.run, parsed.command) ?? own;
  const needed = isAtLeast(raised, own) ? raised : own;
  if (!isAllowed(draft, event, { command: parsed.command.kind, permission, needed })) {
    note(draft, 'refused', `@${event.actor.login} may not "${command}": ${permission} is less than ${needed}`);
    // Somebody without any access gets a sign and no conversation.
    const reply = renderRefusal(command, permission, needed);
    return turnAway(draft, id, permission === 'none' ? undefined : addFurther(reply, further));
  }
  if (further !== undefined) addAside(draft, id, further);
  carryOut(draft, event, { command: parsed.command, receiptId: id, slash });
}

function addFurther(reply: string, further: string | undefined): string {
  return further === undefined ? reply : `${reply}\n\n${further}`;
}

function addAside({ record }: Draft, receiptId: string, aside: string): void {
  const receipt = record.receipts.find(({ id }) => id === receiptId);
  if (receipt) receipt.aside = aside;
}

interface Given {
  readonly command: Command;
  readonly receiptId: string;
  readonly slash: string;
}

/** Whoever gave it may; the moment may be over all the same. */
function carryOut(draft: Draft, event: Commented, { command, receiptId, slash }: Given): void {
  const { actor, writtenAt, thread } = event;
  const late = refuseLate(draft, event, command);
  if (late === undefined) return takeCommand(draft, command, { receiptId, actor, slash, writtenAt, thread });
  note(draft, 'too_late', `"${command.kind}" of @${actor.login} was never delivered, and is found too late`);
  settleReceipt(draft, receiptId, 'refused', late);
}

/** What hangs on more than the command. */
function raiseAuthority(run: Run | undefined, command: Command): Permission | undefined {
  if (command.kind === 'approve') return approvalAuthority(run);
  if (command.kind === 'deny') return denialAuthority(run);
  // Whoever may write spends what the settings give; more is for those who look after them.
  const isMore = command.kind === 'budget' && run !== undefined && command.microUsd > run.policy.runMicroUsd;
  return isMore ? 'maintain' : undefined;
}

const trustedAssociations = ['OWNER', 'MEMBER', 'COLLABORATOR'];
/** What only ends or holds work fails safe. */
const safe: readonly Verb[] = ['stop', 'pause'];

/**
 * Authority is what GitHub answers when the command is carried out; no answer means no. In an outage the
 * payload's association, or an earlier answer, is enough to end work or to hold it. Whoever opened a pull request may stop
 * what works on it.
 */
function isAllowed(
  draft: Draft,
  event: Commented,
  { command, permission, needed }: { command: Verb; permission: Permission; needed: Permission },
): boolean {
  if (isAtLeast(permission, needed)) return true;
  if (command === 'stop' && permission !== 'none' && isAuthor(draft, event)) return true;
  return safe.includes(command) && permission === 'unknown' && isTrusted(draft, event);
}

/** What works on a pull request may be ended by whoever opened it. GitHub says who that is, at this moment. */
function isAuthor({ record, snapshot }: Draft, { actor, thread }: Commented): boolean {
  const { pull } = snapshot.facts;
  return record.isPullRequest && pull?.number === record.number && thread === pull.number && pull.authorId === actor.id;
}

function isTrusted(draft: Draft, { actor, association }: Commented): boolean {
  return trustedAssociations.includes(association) || isKnownWriter(draft.record, actor);
}

function renderRefusal(command: string, permission: Permission, needed: Permission): string {
  if (permission === 'unknown')
    return `\`${command}\` was not carried out: GitHub did not say what you may do here. Please try again.`;
  return `\`${command}\` needs ${needed} permission on this repository; you have ${permission === 'none' ? 'none' : permission}.`;
}
