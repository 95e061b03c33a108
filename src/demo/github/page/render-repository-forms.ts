import { html } from 'hono/html';
import type { Html } from './html.ts';
import type { RepositoryView } from './page-view.ts';
import { renderButton, renderFold, renderForm } from './render-form.ts';
import { renderPushForm } from './render-push-form.ts';

/** What can be started in a repository. */
export function renderRepositoryForms(view: RepositoryView): Html {
  return html`<div class="stack forms">
    ${renderFold('new-issue', 'New issue', renderIssueForm(view))}
    ${renderFold('push-form', 'Push a commit', renderPushForm('', view))}
    ${renderFold('new-pull', 'New pull request', renderPullForm(view))}
  </div>`;
}

function renderIssueForm(view: RepositoryView): Html {
  const content = html`
    <input name="title" required aria-label="Title" placeholder="Title">
    <textarea name="body" rows="5" aria-label="Description" placeholder="What should be done? Markdown works."></textarea>
    <div class="buttons buttons-end">${renderButton('Open issue', 'primary')}</div>`;
  const fields = { repository: view.repository.fullName };
  return renderForm(view, { verb: 'open-issue', fields, style: 'stacked', content });
}

function renderPullForm(view: RepositoryView): Html {
  const { fullName, branches, defaultBranch } = view.repository;
  const heads = Object.keys(branches).filter((name) => name !== defaultBranch);
  const content = html`
    <div class="fields">
      <label>Branch<input name="head" required list="pull-branches" placeholder="branch, or owner:branch of a fork"></label>
      <label>Title<input name="title" required></label>
    </div>
    <datalist id="pull-branches">${heads.map((name) => html`<option value="${name}"></option>`)}</datalist>
    <textarea name="body" rows="3" aria-label="Description" placeholder="Description"></textarea>
    <div class="buttons buttons-end">${renderButton('Open pull request', 'primary')}</div>`;
  const fields = { repository: fullName, base: defaultBranch };
  return renderForm(view, { verb: 'open-pull', fields, style: 'stacked', content });
}
