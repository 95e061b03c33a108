import { html } from 'hono/html';
import type { PullSnapshot, ReviewSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { isBot, type RepositoryView } from './page-view.ts';
import { renderAuthor } from './render-author.ts';
import { renderButton, renderForm } from './render-form.ts';
import { renderGivenReactions } from './render-reactions.ts';

export type LineComment = ReviewSnapshot['comments'][number] & { readonly author: string };

export function listLineComments(pull: PullSnapshot): readonly LineComment[] {
  return pull.reviews.flatMap(({ author, comments }) => comments.map((comment) => ({ ...comment, author })));
}

/** What was said beside a line, the answers to it, and the buttons that answer, resolve it or open it again. */
export function renderReviewThread(
  thread: ReviewSnapshot['comments'][number],
  pull: PullSnapshot,
  view: RepositoryView,
): Html {
  const { id, line, path, side, body, reactions, resolvedBy } = thread;
  const href = `${view.repositoryPath}/pull/${pull.number}/files#discussion_r${id}`;
  const where = html`line ${line}${side === 'LEFT' ? ' before the change' : ''}`;
  const title = html`<a href="${href}"><code dir="auto">${path}</code></a> <span class="quiet">${where}</span>`;
  const isResolved = resolvedBy !== null;
  const onThread = { repository: view.repository.fullName, number: pull.number, commentId: id };
  const reply = renderForm(view, {
    verb: 'reply-in-thread',
    fields: onThread,
    style: 'stacked',
    content: html`<textarea name="body" rows="1" required aria-label="Reply" placeholder="Reply, or a command"></textarea>
      ${renderButton('Reply', 'quiet')}`,
  });
  const resolve = renderForm(view, {
    verb: 'resolve-thread',
    fields: { ...onThread, isResolved: isResolved ? 'false' : 'true' },
    content: renderButton(isResolved ? 'Unresolve conversation' : 'Resolve conversation', 'quiet'),
  });
  const text = renderMarkdown(body, { repositoryPath: view.repositoryPath, origin: view.origin });
  const all = html`${text}${renderGivenReactions(reactions)}${renderAnswers(id, pull, view)}${reply}${resolve}`;
  return html`<div class="review-comment" id="discussion_r${id}">${foldResolved(thread, { title, body: all })}</div>`;
}

/** What was answered in the thread that began with this comment, oldest first. */
export function renderAnswers(thread: number, pull: PullSnapshot, view: RepositoryView): Html[] {
  const links = { repositoryPath: view.repositoryPath, origin: view.origin };
  return listLineComments(pull)
    .filter(({ inReplyTo }) => inReplyTo === thread)
    .map(
      ({ id, author, body, reactions }) => html`<div class="review-answer" id="discussion_r${id}">
        <p>${renderAuthor(author, isBot(view, author))}</p>
        ${renderMarkdown(body, links)}${renderGivenReactions(reactions)}
      </div>`,
    );
}

/** What is resolved is out of the way, and can be read. */
export function foldResolved(
  { id, resolvedBy }: Pick<LineComment, 'id' | 'resolvedBy'>,
  { title, body }: { title: Html; body: Html },
): Html {
  if (resolvedBy === null) return html`<p>${title}</p>${body}`;
  return html`<details class="fold" id="thread-${id}" data-resolved>
    <summary>${title} <span class="badge">Resolved by ${resolvedBy}</span></summary>
    ${body}
  </details>`;
}
