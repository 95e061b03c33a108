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
    since:
      Math.min(record.run?.startedAt ?? Number.MAX_SAFE_INTEGER, ...record.receipts.map(({ at }) => at)) - clockSlackMs,
    checks: renderChecks(record),
    ...(run?.pullRequest ? { pull: { number: run.pullRequest.number, body: renderPullBody(record, run) } } : {}),
    reactions: listNews(record).flatMap(renderReaction),
    labels: renderLabels(record),
  };
}

/** Our clock and GitHub's may differ a little. */
const clockSlackMs = 60_000;

/** What was shown as it is need not be looked at again, once it is sure that it was made once. */
function listNews({ receipts, presentation }: SubjectRecord): Receipt[] {
  return receipts.filter(({ revision }) => revision > (presentation.confirm?.after ?? presentation.done));
}

/** One comment per run and thread: on the issue always, on the pull request once there is one. */
function renderStickies(record: SubjectRecord): DesiredComment[] {
  const { run } = record;
  if (!run) return [];
  const marker = renderMarker('sticky', run.id);
  const threads = run.pullRequest ? [record.number, run.pullRequest.number] : [record.number];
  return threads.map((thread) => ({ thread, marker, body: renderSticky(run, thread) }));
}

function renderReplies(record: SubjectRecord): DesiredComment[] {
  return listNews(record).flatMap((receipt) => {
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

/** A one-shot label is removed once it was taken, wherever it was put, so that it can be put on again. */
function renderLabels(record: SubjectRecord): DesiredView['labels'] {
  const taken = new Map<number, Set<string>>([[record.number, new Set()]]);
  for (const { source } of listNews(record)) {
    if (source.kind !== 'label') continue;
    taken.set(source.thread, (taken.get(source.thread) ?? new Set()).add(source.label));
  }
  return [...taken].map(([thread, labels]) => ({
    thread,
    has: thread === record.number ? toStateLabel(record.run) : undefined,
    without: [...labels],
  }));
}
