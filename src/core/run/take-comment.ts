import { commandManual } from '../command/command-manual.ts';
import { parseComment } from '../command/parse-comment.ts';
import { requiredAuthority } from '../command/required-authority.ts';
import { isAtLeast, type Permission } from '../model/actor.ts';
import type { Event } from '../model/event.ts';
import { renderHelp } from '../reply/render-help.ts';
import { renderMistake } from '../reply/render-mistake.ts';
import { renderStatus } from '../reply/render-status.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { mention, readRunPolicy } from './read-run-policy.ts';
import { requestMerge } from './request-merge.ts';
import { requestRun } from './request-run.ts';
import { requestStop } from './request-stop.ts';

type Commented = Extract<Event, { kind: 'commented' }>;

export function takeComment(draft: Draft, event: Commented): void {
  if (draft.record.title === '') draft.record.title = event.title;
  // Bots talk to each other for ever if they are let; ours never hears them.
  if (event.actor.kind === 'bot')
    return note(draft, 'ignored', `comment ${event.commentId} is by the bot @${event.actor.login}`);
  const { slash } = readRunPolicy(draft).policy;
  const parsed = parseComment(event.body, { slash, mention });
  if (parsed.kind === 'nothing') return;
  const id = `comment/${event.commentId}`;
  const source = { kind: 'comment', commentId: event.commentId, thread: event.thread } as const;
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
  const permission = draft.snapshot.facts.permissions[event.actor.login] ?? 'unknown';
  if (parsed.kind === 'mistake') {
    // Somebody who may do nothing here gets no conversation either: one reaction at most.
    const reply = isAtLeast(permission, 'read') ? renderMistake(parsed.mistake, slash) : undefined;
    return settleReceipt(draft, id, 'refused', reply);
  }
  const needed = requiredAuthority(parsed.command);
  if (!isAllowed(event, parsed.command.kind, permission, needed)) {
    note(draft, 'refused', `@${event.actor.login} may not "${command}": ${permission} is less than ${needed}`);
    // Somebody without any access gets a sign and no conversation.
    return settleReceipt(
      draft,
      id,
      'refused',
      permission === 'none' ? undefined : renderRefusal(command, permission, needed),
    );
  }
  switch (parsed.command.kind) {
    case 'run':
      return requestRun(draft, { receiptId: id, actor: event.actor, text: parsed.command.text ?? '' });
    case 'stop':
      return requestStop(draft, id, event.actor.login);
    case 'merge':
      return requestMerge(draft, id, event.actor);
    case 'status':
      return settleReceipt(draft, id, 'done', renderStatus(draft.record));
    case 'help':
      return settleReceipt(
        draft,
        id,
        'done',
        renderHelp(
          commandManual.filter(({ usage }) => isAvailable(usage)),
          slash,
        ),
      );
    default:
      return settleReceipt(draft, id, 'refused', `\`/${slash} ${command}\` is not available in this version.`);
  }
}

/** The grammar knows more than this version does; nobody is told to try what would be refused. */
function isAvailable(usage: string): boolean {
  return ['run', 'stop', 'status', 'merge', 'help'].includes(usage.split(' ')[0] ?? '');
}

const trustedAssociations = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/**
 * Authority is what GitHub answers when the command is carried out; no answer means no. Only a stop fails safe: in an
 * outage the payload's association is enough to end work.
 */
function isAllowed(event: Commented, command: string, permission: Permission, needed: Permission): boolean {
  if (isAtLeast(permission, needed)) return true;
  return command === 'stop' && permission === 'unknown' && trustedAssociations.includes(event.association);
}

function renderRefusal(command: string, permission: Permission, needed: Permission): string {
  if (permission === 'unknown')
    return `\`${command}\` was not carried out: GitHub did not say what you may do here. Please try again.`;
  return `\`${command}\` needs ${needed} permission on this repository; you have ${permission === 'none' ? 'none' : permission}.`;
}
