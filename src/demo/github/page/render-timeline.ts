import { html } from 'hono/html';
import type { CommentSnapshot, IssueSnapshot, PullSnapshot, ReviewSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { type IconName, icon } from './icon.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { isBot, type RepositoryView } from './page-view.ts';
import { renderAuthor, renderAvatar } from './render-author.ts';
import { renderComment } from './render-comment.ts';
import { renderCommitRow, renderEvent } from './render-event.ts';
import { renderReviewThread } from './render-review-thread.ts';
import { renderTime } from './render-time.ts';

interface TimelineItem {
  readonly at: string;
  /** Breaks ties: times have whole seconds, ids grow. */
  readonly id: number;
  readonly markup: Html;
}

/** Everything that happened on an issue or a pull request, oldest first, its description before all. */
export function renderTimeline(issue: IssueSnapshot | PullSnapshot, view: RepositoryView): Html {
  const items = [
    ...issue.comments.map((comment) => commentItem(comment, issue.number, view)),
    ...issue.events.map((event) => ({ at: event.at, id: event.id, markup: renderEvent(event, view) })),
    ...('reviews' in issue ? pullItems(issue, view) : []),
  ];
  const sorted = items.toSorted((left, right) => timeOf(left) - timeOf(right) || left.id - right.id);
  return html`<div class="timeline">${renderDescription(issue, view)}${sorted.map((item) => item.markup)}</div>`;
}

/** Dates of commits are whatever their author wrote. */
function timeOf(item: TimelineItem): number {
  return Date.parse(item.at) || 0;
}

function renderDescription(issue: IssueSnapshot, view: RepositoryView): Html {
  const target = { number: issue.number };
  return renderComment({ ...issue, anchor: `issue-${issue.id}`, isEdited: false, target }, view);
}

function commentItem(comment: CommentSnapshot, number: number, view: RepositoryView): TimelineItem {
  const markup = renderComment(
    {
      ...comment,
      anchor: `issuecomment-${comment.id}`,
      isEdited: comment.updatedAt !== comment.createdAt,
      target: { number, commentId: comment.id },
    },
    view,
  );
  return { at: comment.createdAt, id: comment.id, markup };
}

function pullItems(pull: PullSnapshot, view: RepositoryView): TimelineItem[] {
  const commits = pull.commits.map((commit) => ({ at: commit.date, id: 0, markup: renderCommitRow(commit, view) }));
  const reviews = pull.reviews
    .filter((review) => !isAnswer(review))
    .flatMap((review) => {
      const markup = renderReview(review, pull, view);
      return review.submittedAt === null ? [] : [{ at: review.submittedAt, id: review.id, markup }];
    });
  return [...commits, ...reviews];
}

/** It stands in the thread that it answers in. */
function isAnswer({ body, state, comments }: ReviewSnapshot): boolean {
  const isPlain = state === 'COMMENTED' && body.trim() === '' && comments.length > 0;
  return isPlain && comments.every(({ inReplyTo }) => inReplyTo !== undefined);
}

const verdicts: Readonly<Record<ReviewSnapshot['state'], { icon: IconName; tone: string; text: string }>> = {
  APPROVED: { icon: 'success', tone: 'good', text: 'approved these changes' },
  CHANGES_REQUESTED: { icon: 'failure', tone: 'bad', text: 'requested changes' },
  COMMENTED: { icon: 'eye', tone: 'neutral', text: 'reviewed' },
  DISMISSED: { icon: 'stopped', tone: 'neutral', text: 'had a review that was dismissed' },
  PENDING: { icon: 'waiting', tone: 'neutral', text: 'is reviewing' },
};

function renderReview(review: ReviewSnapshot, pull: PullSnapshot, view: RepositoryView): Html {
  const verdict = verdicts[review.state];
  const bot = isBot(view, review.author);
  const links = { repositoryPath: view.repositoryPath, origin: view.origin };
  const threads = review.comments
    .filter(({ inReplyTo }) => inReplyTo === undefined)
    .map((comment) => renderReviewThread(comment, pull, view));
  const text = review.body.trim() === '' ? '' : renderMarkdown(review.body, links);
  const time = renderTime(review.submittedAt ?? view.snapshot.now, view.snapshot.now);
  return html`<article class="comment" id="pullrequestreview-${review.id}" data-review="${review.state}">
    ${renderAvatar(review.author, bot)}
    <div class="box">
      <header class="box-head">
        <span class="tone-icon tone-icon-${verdict.tone}">${icon(verdict.icon)}</span>
        <span class="grow">
          ${renderAuthor(review.author, bot)} ${verdict.text}
          <span class="quiet"><code>${review.commitSha.slice(0, 7)}</code> ${time}</span>
        </span>
      </header>
      ${text === '' && threads.length === 0 ? '' : html`<div class="box-body">${text}${threads}</div>`}
    </div>
  </article>`;
}
