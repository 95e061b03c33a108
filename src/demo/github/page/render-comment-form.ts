import { html } from 'hono/html';
import type { IssueSnapshot, PullSnapshot } from '../state/snapshot.ts';
import type { Html, Markup } from './html.ts';
import { actorRole, type RepositoryView } from './page-view.ts';
import { renderAuthor, renderAvatar } from './render-author.ts';
import { renderButton, renderForm } from './render-form.ts';

/** With the button that closes or reopens beside it, as on GitHub. */
export function renderCommentForm(issue: IssueSnapshot | PullSnapshot, view: RepositoryView): Html {
  const fields = { repository: view.repository.fullName, number: issue.number };
  const text = html`<textarea name="body" rows="4" required aria-label="Comment"
    placeholder="Markdown, or a command such as /pilot run"></textarea>`;
  return html`<section class="comment comment-form" id="new-comment">
    ${renderAvatar(view.actor, false)}
    <div class="box">
      <header class="box-head">
        <span>Comment as ${renderAuthor(view.actor, false)} <span class="badge">${actorRole(view)}</span></span>
      </header>
      <div class="box-body">
        ${renderForm(view, { verb: 'comment', fields, style: 'stacked', id: 'comment-form', content: text })}
        <div class="buttons buttons-end">
          <div data-live="state-button">${renderStateButton(issue, view)}</div>
          <button type="submit" form="comment-form" class="button button-primary">Comment</button>
        </div>
      </div>
    </div>
  </section>`;
}

function renderStateButton(issue: IssueSnapshot | PullSnapshot, view: RepositoryView): Markup {
  const isPull = 'headSha' in issue;
  if (isPull && issue.merged !== null) return '';
  const fields = { repository: view.repository.fullName, number: issue.number };
  const what = isPull ? 'pull request' : 'issue';
  return issue.state === 'open'
    ? renderForm(view, { verb: 'close', fields, content: renderButton(`Close ${what}`) })
    : renderForm(view, { verb: 'reopen', fields, content: renderButton(`Reopen ${what}`) });
}
