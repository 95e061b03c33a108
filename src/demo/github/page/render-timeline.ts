import { html } from 'hono/html';
import type { IssueSnapshot, PullSnapshot, ReviewSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { type IconName, icon } from './icon.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { isBot, type RepositoryView } from './page-view.ts';
import { renderAuthor, renderAvatar } from './render-author.ts';
import { renderComment } from './render-comment.ts';
import { renderCommitRow, renderEvent } from './render-event.ts';
import { renderTime } from './render-time.ts';

/** Everything that happened on an issue or a pull request, oldest first, its description before all. */
export function renderTimeline(issue: IssueSnapshot | PullSnapshot, view: RepositoryView): Html {
  const first = renderComment(
    {
      anchor: `issue-${issue.id}`,
      author: issue.author,
      authorIsBot: issue.authorIsBot,
      body: issue.body,
      createdAt: issue.createdAt,
      isEdited: false,
      reactions: issue.reactions,
      target: { number: issue.number },
    },
    view,
  );
  const items = [
    ...issue.comments.map((comment) => ({
      at: comment.createdAt,
      markup: renderComment(
        {
          anchor: `issuecomment-${comment.id}`,
          ...comment,
          isEdited: comment.updatedAt !== comment.createdAt,
          target: { number: issue.number, commentId: comment.id },
        },
        view,
      ),
    })),
    ...issue.events.map((event) => ({ at: event.at, markup: renderEvent(event, view) })),
    ...('reviews' in issue ? pullItems(issue, view) : []),
  ];
  const sorted = items.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  return html`<div class="timeline">${first}${sorted.map((item) => item.markup)}</div>`;
}

function pullItems(pull: PullSnapshot, view: RepositoryView): { at: string; markup: Html }[] {
  const reviews = pull.reviews.flatMap((review) =>
    review.submittedAt === null ? [] : [{ at: review.submittedAt, markup: renderReview(review, pull, view) }],
  );
  return [...pull.commits.map((commit) => ({ at: commit.date, markup: renderCommitRow(commit, view) })), ...reviews];
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
  const threads = review.comments.map(
    (comment) => html`<div class="review-comment" id="discussion_r${comment.id}">
      <p><a href="${view.repositoryPath}/pull/${pull.number}/files#discussion_r${comment.id}"><code dir="auto">${comment.path}</code></a> <span class="quiet">line ${comment.line}${comment.side === 'LEFT' ? ' before the change' : ''}</span></p>
      ${renderMarkdown(comment.body, links)}
    </div>`,
  );
  const body = review.body.trim() === '' ? '' : renderMarkdown(review.body, links);
  return html`<article class="comment" id="pullrequestreview-${review.id}" data-review="${review.state}">
    ${renderAvatar(review.author, bot)}
    <div class="box">
      <header class="box-head"><span class="tone-icon tone-icon-${verdict.tone}">${icon(verdict.icon)}</span><span class="grow">${renderAuthor(review.author, bot)} ${verdict.text} <span class="quiet"><code>${review.commitSha.slice(0, 7)}</code> ${renderTime(review.submittedAt ?? view.snapshot.now, view.snapshot.now)}</span></span></header>
      ${body === '' && threads.length === 0 ? '' : html`<div class="box-body">${body}${threads}</div>`}
    </div>
  </article>`;
}
