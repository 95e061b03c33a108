import { html } from 'hono/html';
import type { PullSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import type { RepositoryView } from './page-view.ts';
import { renderButton, renderFold, renderForm } from './render-form.ts';
import { renderPushForm } from './render-push-form.ts';

/** What only an open pull request has: a review, and another commit for its branch. */
export function renderPullForms(pull: PullSnapshot, view: RepositoryView): Html {
  if (pull.state === 'closed') return html``;
  const push = pull.fork
    ? ''
    : renderFold('push-form', `Push a commit to ${pull.headRef}`, renderPushForm(pull.headRef, view));
  return html`<div class="stack indent">
    ${renderFold('review-form', 'Review these changes', renderReviewForm(pull, view))}
    ${push}
  </div>`;
}

function renderReviewForm(pull: PullSnapshot, view: RepositoryView): Html {
  const content = html`
    <textarea name="body" rows="3" aria-label="Review" placeholder="What the review says"></textarea>
    <div class="buttons buttons-end">
      <select name="event" aria-label="Verdict">
        <option value="COMMENT">Comment</option>
        <option value="APPROVE">Approve</option>
        <option value="REQUEST_CHANGES">Request changes</option>
      </select>
      ${renderButton('Submit review', 'primary')}
    </div>`;
  const fields = { repository: view.repository.fullName, number: pull.number };
  return renderForm(view, { verb: 'review', fields, style: 'stacked', content });
}
