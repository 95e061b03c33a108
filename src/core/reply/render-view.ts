import { evaluateAbandonment } from '../gate/evaluate-abandonment.ts';
import type { HeldBy } from '../gate/evaluate-hold.ts';
import type { OtherPulls } from '../gate/evaluate-observed.ts';
import type { OutboxEntry } from '../model/action.ts';
import type { BranchRules } from '../model/branch-rules.ts';
import { listRuns, type Receipt, type SubjectRecord, toSeen } from '../model/record.ts';
import type { PullRequest, Run } from '../model/run.ts';
import { isOver } from './is-over.ts';
import { renderMarker } from './marker.ts';
import {
  renderAbandonedCheck,
  renderGateCheck,
  renderLeftCheck,
  renderObservedCheck,
  renderOutlivedCheck,
  renderReplacedCheck,
  renderStrayCheck,
  renderUnreadCheck,
} from './render-check.ts';
import { renderMoment } from './render-moment.ts';
import { renderPullBody } from './render-pull-body.ts';
import { renderQuestion } from './render-questions.ts';
import { renderRemarks, renderSettledRemarks } from './render-remarks.ts';
import { renderSticky } from './render-sticky.ts';
import { listLabelledThreads, listStateLabels } from './state-label.ts';
import type { DesiredCheck, DesiredComment, DesiredView } from './view.ts';

/** What is shown besides what the record says. */
interface Surroundings {
  /** By which it is known whether anybody works for the run. */
  readonly outbox: readonly OutboxEntry[];
  readonly now: number;
  /** Heads of which could not be read who else has them. */
  readonly unreadHeads?: ReadonlySet<string>;
  /** What the settings say of pull requests that no run made, as far as they could be read. */
  readonly otherPulls?: OtherPulls;
  /** The head of the pull request that no run made is that of a run's. */
  readonly isRunsHead?: boolean;
  /** Another that no run made has the same head, and somebody holds it. */
  readonly heldSharer?: HeldBy;
  /** What GitHub's rules want of merges into a branch, as far as they could be read. */
  readonly branchRules?: ReadonlyMap<string, BranchRules>;
}

export function renderView(record: SubjectRecord, surroundings?: Surroundings): DesiredView {
  const { run } = record;
  const remarks = run && renderRemarks(run);
  const settled = run ? renderSettledRemarks(run) : [];
  return {
    revision: record.presentation.wanted,
    comments: [...renderStickies(record), ...renderAsked(record), ...renderReplies(record)],
    since:
      Math.min(
        Number.MAX_SAFE_INTEGER,
        ...listByAge(record).map(({ startedAt }) => startedAt),
        ...record.receipts.map(({ at }) => at),
      ) - clockSlackMs,
    checks: renderChecks(record, surroundings),
    ...(run?.pullRequest ? { pull: renderPull(record, run, run.pullRequest) } : {}),
    ...(remarks ? { review: remarks } : {}),
    ...(settled.length > 0 ? { remarks: settled } : {}),
    reactions: listNews(record).flatMap(renderReaction),
    labels: renderLabels(record),
    stateLabels: listStateLabels(listRuns(record)),
  };
}

function renderPull(
  record: SubjectRecord,
  run: Run,
  { number, head, ready }: PullRequest,
): NonNullable<DesiredView['pull']> {
  const body = renderPullBody(record, run);
  return { number, body, ...(ready?.kind === 'due' ? { becomesReady: { head } } : {}) };
}

/** Our clock and GitHub's may differ a little. */
const clockSlackMs = 60_000;

/** What was shown as it is need not be looked at again, but for what a list may have hidden. */
function listNews(record: SubjectRecord): Receipt[] {
  return record.receipts.filter(({ revision }) => revision > toSeen(record));
}

/** One comment per run and thread: on the issue always, on the pull request once there is one. */
function renderStickies(record: SubjectRecord): DesiredComment[] {
  return listByAge(record).flatMap((run) => renderRun(record, run));
}

/** The oldest first: comments and checks are made in the order in which runs came. */
function listByAge({ run, ended = [] }: SubjectRecord): Run[] {
  return [...ended.map((one) => one.run), ...(run ? [run] : [])];
}

function renderRun(record: SubjectRecord, run: Run): DesiredComment[] {
  const marker = renderMarker('sticky', run.id);
  const threads = run.pullRequest ? [record.number, run.pullRequest.number] : [record.number];
  return threads.map((thread) => ({ thread, marker, body: renderSticky(run, thread), isProgress: !isOver(run) }));
}

/** As long as it is open, and until its end is shown. */
function renderAsked(record: SubjectRecord): DesiredComment[] {
  const seen = toSeen(record);
  return listByAge(record).flatMap((run) =>
    (run.questions ?? [])
      .filter(({ end, revision }) => end === undefined || revision > seen)
      .map((question) => ({
        thread: record.number,
        marker: renderMarker('question', question.id),
        body: renderQuestion(run, question),
        isProgress: false,
      })),
  );
}

function renderReplies(record: SubjectRecord): DesiredComment[] {
  const replies = listNews(record).flatMap((receipt) => {
    const said = [receipt.reply ?? renderReviewSign(receipt), receipt.aside].filter((part) => part !== undefined);
    if (said.length === 0 || receipt.source.kind === 'api') return [];
    return [
      {
        // Buttons stand on the checks of a pull request.
        thread: 'thread' in receipt.source ? receipt.source.thread : (record.run?.pullRequest?.number ?? record.number),
        marker: renderMarker('reply', toReplyId(receipt)),
        body: `${renderAddress(receipt)} ${said.join('\n\n')}`,
        isProgress: false,
      },
    ];
  });
  // One comment has one text: the newest.
  return [...new Map(replies.map((reply) => [`${reply.thread} ${reply.marker}`, reply])).values()];
}

/** A schedule that is in vain time after time has one comment, which is edited. */
function toReplyId({ id, source }: Receipt): string {
  if (source.kind === 'comment')
    return source.place === undefined ? String(source.commentId) : `${source.place}-${source.commentId}`;
  return source.kind === 'schedule' ? `schedule-${source.name}` : id.replace(/[^\w-]/g, '-');
}

/** Where GitHub shows what was said, on the page of the pull request. */
const anchors = { line: 'discussion_r', review: 'pullrequestreview-' } as const;

function renderAddress({ actor, source }: Receipt): string {
  // Answers stand in the conversation, and what they answer somewhere else.
  if (source.kind === 'comment' && source.place !== undefined)
    return `@${actor.login} ([asked here](#${anchors[source.place]}${source.commentId}))`;
  if (source.kind !== 'schedule') return `@${actor.login}`;
  return `The schedule \`${source.name}\` was due at ${renderMoment(source.at)}.`;
}

function renderChecks(record: SubjectRecord, surroundings: Surroundings | undefined): DesiredCheck[] {
  const { run, pull, outlived = [], strays = [] } = record;
  const checks = listByAge(record).flatMap((one) => renderGateChecks(record, one, surroundings));
  if (pull && pull.number !== run?.pullRequest?.number && pull.state === 'open')
    checks.push({
      ...renderObservedCheck(record, pull, {
        ...surroundings,
        rules: surroundings?.branchRules?.get(pull.baseBranch),
      }),
      ...(surroundings?.isRunsHead ? renderLeftCheck() : {}),
    });
  const addUnshown = (more: readonly DesiredCheck[]) => {
    const shown = new Set(checks.map(({ headSha }) => headSha));
    checks.push(...more.filter(({ headSha }) => !shown.has(headSha)));
  };
  addUnshown(outlived.map((one) => renderOutlivedCheck(record, one)));
  addUnshown(strays.map((stray) => renderStrayCheck(record, stray)));
  return checks;
}

function renderGateChecks(record: SubjectRecord, run: Run, surroundings: Surroundings | undefined): DesiredCheck[] {
  if (!run.pullRequest) return [];
  const { head, replaced = [] } = run.pullRequest;
  const rules = surroundings?.branchRules?.get(run.base.branch);
  const known = renderGateCheck(record, run, { head, rules });
  const check = surroundings?.unreadHeads?.has(head) ? renderUnreadCheck(known) : known;
  const abandonment = surroundings && evaluateAbandonment(run, surroundings.outbox, surroundings.now);
  // What was verified besides was never pushed, and GitHub does not know it.
  const older = new Set([...run.pushed, ...replaced]);
  older.delete(head);
  return [
    abandonment ? renderAbandonedCheck(check, abandonment) : check,
    ...[...older].map((one) => renderReplacedCheck(record, run, { head: one, by: head })),
  ];
}

const reactions: Record<Receipt['state']['kind'], DesiredView['reactions'][number]['content']> = {
  kept: 'eyes',
  started: 'rocket',
  done: '+1',
  failed: 'confused',
  refused: 'confused',
};

function renderReaction({ source, state }: Receipt): DesiredView['reactions'][number][] {
  if (source.kind !== 'comment' || source.place === 'review') return [];
  const { commentId, place } = source;
  return [{ commentId, ...(place === undefined ? {} : { place }), content: reactions[state.kind] }];
}

const reviewSigns: Record<Receipt['state']['kind'], string | undefined> = {
  kept: 'was heard',
  started: 'was heard, and is under way',
  done: 'is done',
  failed: 'has failed',
  refused: undefined,
};

/** Nobody can react to a review by GitHub's API: a sentence is the sign. Bots get none, which they might answer. */
function renderReviewSign({ source, state, command, actor }: Receipt): string | undefined {
  if (source.kind !== 'comment' || source.place !== 'review' || actor.kind === 'bot') return undefined;
  const sign = reviewSigns[state.kind];
  return sign && `\`${command}\` ${sign}.`;
}

/** A one-shot label is removed once it was taken, wherever it was put, so that it can be put on again. */
function renderLabels(record: SubjectRecord): DesiredView['labels'] {
  const states = listLabelledThreads(record);
  const taken = new Map<number, Set<string>>([...states.keys()].map((thread) => [thread, new Set()]));
  for (const { source } of listNews(record)) {
    if (source.kind !== 'label' || source.isLasting) continue;
    taken.set(source.thread, (taken.get(source.thread) ?? new Set()).add(source.label));
  }
  return [...taken].map(([thread, labels]) => ({
    thread,
    has: states.get(thread),
    without: [...labels],
  }));
}
