// `/pilot ignore`: nothing starts on this thread until `/pilot unignore`, whoever asks for it and however. What is at work is
// stopped; what stands there, such as a check, stays true.

import { nameLabel } from '../command/own-label.ts';
import { nameHoldLabel } from '../gate/evaluate-hold.ts';
import type { SubjectRecord } from '../model/record.ts';
import { isLive } from '../model/run.ts';
import { quoteCode, quoteName } from '../reply/quote-inline.ts';
import { type Draft, note, settleReceipt } from './draft.ts';
import { stopRun } from './request-stop.ts';

interface Asked {
  readonly receiptId: string;
  readonly login: string;
  readonly slash: string;
}

export function requestIgnore(draft: Draft, { receiptId, login, slash }: Asked): void {
  const { record } = draft;
  record.ignored = { by: login, at: draft.now, threads: [], ...record.ignored, isAsked: true };
  note(draft, 'ignore', `@${login} wants nothing to start here`);
  const isStopped = record.run !== undefined && isLive(record.run);
  if (record.run && isStopped) stopRun(draft, record.run, login);
  const what = isStopped ? 'What was at work is stopped, and nothing starts' : 'Nothing starts';
  settleReceipt(draft, receiptId, 'done', `${what} here until \`/${slash} unignore\`.`);
}

export function requestUnignore(draft: Draft, { receiptId, login }: Asked): void {
  const { record } = draft;
  if (!record.ignored) return settleReceipt(draft, receiptId, 'refused', 'Nobody asked to leave this alone.');
  if (record.ignored.threads.length > 0) {
    record.ignored.isAsked = false;
    return settleReceipt(
      draft,
      receiptId,
      'refused',
      `The label ${quoteNever(record)} is on: nothing starts here until it is off.`,
    );
  }
  delete record.ignored;
  note(draft, 'unignore', `@${login} wants things to start here again`);
  settleReceipt(draft, receiptId, 'done', 'Commands and labels start things here again.');
}

/** Why a command that would start something does not. */
export function renderIgnored({ record }: Draft, slash: string): string | undefined {
  const { ignored, held } = record;
  if (ignored?.isAsked)
    return `${quoteName(ignored.by)} asked to leave this alone: nothing starts here until \`/${slash} unignore\`.`;
  if (ignored) return `The label ${quoteNever(record)} is on: nothing starts here until somebody takes it off.`;
  return (
    held &&
    `The label ${quoteCode(nameHoldLabel(record))} is on: nothing starts or is merged here until somebody takes it off.`
  );
}

function quoteNever({ ignored, run }: SubjectRecord): string {
  return quoteCode(ignored?.label ?? nameLabel(run?.policy.labelPrefix, 'never'));
}
