// Recheck, as a command or as the button on the check: what a merge would give now is verified once more.
import { toPhase } from '../model/run.ts';
import { renderArchived } from '../reply/render-archived.ts';
import { wayOn } from '../reply/way-on.ts';
import { type Draft, enter, note, settleReceipt } from './draft.ts';

export function requestRecheck(draft: Draft, receiptId: string, login: string): void {
  const { run, pull } = draft.record;
  if (!run?.pullRequest && pull?.state === 'open') return lookAgain(draft, receiptId, login);
  if (run?.pullRequest?.state !== 'open' || toPhase(run.state) !== 'resting')
    return settleReceipt(draft, receiptId, 'refused', renderNothing(draft));
  note(draft, 'recheck', `@${login} asked to verify ${run.pullRequest.head.slice(0, 10)} again`);
  settleReceipt(draft, receiptId, 'done');
  enter(draft, run, { kind: 'reviewing', since: draft.now, phase: 'verifying', isFresh: true });
}

/** What its gate says hangs on the settings, which are read whenever that is shown. */
function lookAgain(draft: Draft, receiptId: string, login: string): void {
  note(draft, 'recheck', `@${login} asked to look at the pull request again`);
  const isButton = draft.record.receipts.some(({ id, source }) => id === receiptId && source.kind === 'button');
  const reply =
    'No run made this pull request, so nothing is verified; what the settings say of it is looked at once more.';
  // Whoever pressed a button looks at the check.
  settleReceipt(draft, receiptId, 'done', isButton ? undefined : reply);
}

/** Why there is nothing to verify once more. */
function renderNothing({ record }: Draft): string {
  const { run } = record;
  if (!run?.pullRequest) return renderArchived(record) ?? 'No run made this pull request: there is nothing to verify.';
  const { number, state } = run.pullRequest;
  if (state !== 'open') return `Pull request #${number} is ${state}: there is nothing to verify.`;
  return toPhase(run.state) === 'final'
    ? `Run ${run.id} is over for good. ${wayOn}`
    : `Run ${run.id} has not come to its end; the newest head is verified without being asked.`;
}
