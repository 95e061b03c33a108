import { parseComment } from '../command/parse-comment.ts';
import type { Event } from '../model/event.ts';
import { renderMistake } from '../reply/render-mistake.ts';
import { addReceipt, type Draft, note, settleReceipt, toRevision } from './draft.ts';
import { readPrefixes } from './read-run-policy.ts';
import { takeCommand } from './take-command.ts';

/**
 * A request of the API: the same grammar and the same effects as a comment. Whoever reaches the API operates the bot, so
 * that nobody's permission is asked. Its answer is kept with its effect, and nothing is posted for it.
 */
export function takeRequest(draft: Draft, event: Extract<Event, { kind: 'requested' }>): void {
  const { key, actor } = event;
  const prefixes = readPrefixes(draft);
  const { slash } = prefixes;
  const parsed = parseComment(`/${slash} ${event.command}`, prefixes);
  const receiptId = `request/${key}`;
  const command = parsed.kind === 'command' ? parsed.command.kind : 'mistake';
  const state = { kind: 'kept' } as const;
  const source = { kind: 'api', key } as const;
  addReceipt(draft, { id: receiptId, at: draft.now, actor, source, command, state, revision: toRevision(draft) });
  draft.requests.push({ key, receiptId });
  note(draft, 'requested', `the API asked for "${command}"`);
  if (parsed.kind === 'command') return takeCommand(draft, parsed.command, { receiptId, actor, slash });
  const reply = parsed.kind === 'mistake' ? renderMistake(parsed.mistake, slash) : 'The request names no command.';
  settleReceipt(draft, receiptId, 'refused', reply);
}
