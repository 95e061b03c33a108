import { html } from 'hono/html';
import type { PullSnapshot, ReviewSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import type { RepositoryView } from './page-view.ts';
import { renderButton, renderForm } from './render-form.ts';

type Thread = ReviewSnapshot['comments'][number];

/** What was said beside a line, and the button that resolves it or opens it again. */
export function renderReviewThread(thread: Thread, pull: PullSnapshot, view: RepositoryView): Html {
  const { id, line, path, side, body, inReplyTo, resolvedBy } = thread;
  const href = `${view.repositoryPath}/pull/${pull.number}/files#discussion_r${id}`;
  const where = html`line ${line}${side === 'LEFT' ? ' before the change' : ''}`;
  const title = html`<a href="${href}"><code dir="auto">${path}</code></a> <span class="quiet">${where}</span>`;
  const text = renderMarkdown(body, { repositoryPath: view.repositoryPath, origin: view.origin });
  if (inReplyTo !== null) return html`<div class="review-comment"><p>${title}, in answer</p>${text}</div>`;
  const isResolved = resolvedBy !== null;
  const form = renderForm(view, {
    verb: 'resolve-thread',
    fields: {
      repository: view.repository.fullName,
      number: pull.number,
      commentId: id,
      isResolved: isResolved ? 'false' : 'true',
    },
    content: renderButton(isResolved ? 'Unresolve conversation' : 'Resolve conversation', 'quiet'),
  });
  return html`<div class="review-comment">${foldResolved(thread, { title, body: html`${text}${form}` })}</div>`;
}

/** What is resolved is out of the way, and can be read. */
export function foldResolved(
  { id, resolvedBy }: Pick<Thread, 'id' | 'resolvedBy'>,
  { title, body }: { title: Html; body: Html },
): Html {
  if (resolvedBy === null) return html`<p>${title}</p>${body}`;
  return html`<details class="fold" id="thread-${id}" data-resolved>
    <summary>${title} <span class="badge">Resolved by ${resolvedBy}</span></summary>
    ${body}
  </details>`;
}
