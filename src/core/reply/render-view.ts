import type { Receipt, SubjectRecord } from '../model/record.ts';
import { type Run, toPhase } from '../model/run.ts';
import { renderMarker } from './marker.ts';
import { renderGateCheck, renderObservedCheck, renderReplacedCheck } from './render-check.ts';
import { renderPullBody } from './render-pull-body.ts';
import { renderSticky } from './render-sticky.ts';
import type { DesiredCheck, DesiredComment, DesiredView } from './view.ts';

export function renderView(record: SubjectRecord): DesiredView {
  const { run } = record;
  return {
    revision: record.presentation.wanted,
    comments: [...renderStickies(record), ...renderReplies(record)],
    checks: renderChecks(record),
    ...(run?.pullRequest ? { pull: { number: run.pullRequest.number, body: renderPullBody(record, run) } } : {}),
    reactions: record.receipts.flatMap(renderReaction),
    labels: [{ thread: record.number, has: toStateLabel(run), without: toTakenLabels(record) }],
  };
}

/** One comment per run and thread: on the issue always, on the pull request once there is one. */
function renderStickies(record: SubjectRecord): DesiredComment[] {
  const { run } = record;
  if (!run) return [];
  const body = renderSticky(record, run);
  const marker = renderMarker('sticky', run.id);
  const threads = run.pullRequest ? [record.number, run.pullRequest.number] : [record.number];
  return threads.map((thread) => ({ thread, marker, body }));
}

function renderReplies(record: SubjectRecord): DesiredComment[] {
  return record.receipts.flatMap((receipt) => {
    if (receipt.reply === undefined || receipt.source.kind === 'button') return [];
    const to =
      receipt.source.kind === 'comment' ? String(receipt.source.commentId) : receipt.id.replace(/[^\w-]/g, '-');
    return [
      {
        thread: receipt.source.thread,
        marker: renderMarker('reply', to),
        body: `@${receipt.actor.login} ${receipt.reply}`,
      },
    ];
  });
}

function renderChecks(record: SubjectRecord): DesiredCheck[] {
  const { run, pull } = record;
  const checks: DesiredCheck[] = [];
  if (run?.pullRequest) {
    const { head } = run.pullRequest;
    checks.push(renderGateCheck(record, run, head));
    const older = new Set([...run.pushed, ...(run.verification ? [run.verification.key.head] : [])]);
    older.delete(head);
    checks.push(...[...older].map((replaced) => renderReplacedCheck(record, run, { head: replaced, by: head })));
  }
  if (pull && pull.number !== run?.pullRequest?.number && pull.state === 'open')
    checks.push(renderObservedCheck(pull.head));
  return checks;
}

const reactions: Record<Receipt['state']['kind'], DesiredView['reactions'][number]['content']> = {
  kept: 'eyes',
  started: 'rocket',
  done: '+1',
  failed: 'confused',
  refused: 'confused',
};

function renderReaction(receipt: Receipt): DesiredView['reactions'][number][] {
  if (receipt.source.kind !== 'comment') return [];
  return [{ commentId: receipt.source.commentId, content: reactions[receipt.state.kind] }];
}

export const stateLabels = ['pilot:working', 'pilot:ready', 'pilot:failed', 'pilot:stopped'] as const;

function toStateLabel(run: Run | undefined): string | undefined {
  if (!run) return undefined;
  if (toPhase(run.state) === 'working') return 'pilot:working';
  switch (run.state.kind) {
    case 'ready':
      return 'pilot:ready';
    case 'failed':
      return 'pilot:failed';
    case 'stopped':
      return 'pilot:stopped';
    default:
      return undefined;
  }
}

/** A one-shot label is removed once it was taken, so that it can be put on again. */
function toTakenLabels(record: SubjectRecord): string[] {
  return [...new Set(record.receipts.flatMap(({ source }) => (source.kind === 'label' ? [source.label] : [])))];
}
