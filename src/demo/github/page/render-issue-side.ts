import { html } from 'hono/html';
import type { IssueSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { isBot, type RepositoryView } from './page-view.ts';
import { renderAvatar } from './render-author.ts';
import { renderButton, renderForm } from './render-form.ts';
import { renderLabel } from './render-label.ts';

/** Beside the thread of an issue or a pull request. */
export function renderIssueSide(issue: IssueSnapshot, view: RepositoryView): Html {
  const people = [...new Set([issue.author, ...issue.comments.map((comment) => comment.author)])];
  const avatars = people.map((login) => html`<span title="${login}">${renderAvatar(login, isBot(view, login))}</span>`);
  const labels = issue.labels.map((label) => renderRemovableLabel(label, issue, view));
  return html`<section class="side-block"><h2>Participants</h2><p class="people">${avatars}</p></section>
    <section class="side-block"><h2>Labels</h2>
      ${labels.length === 0 ? html`<p class="quiet">None yet</p>` : html`<ul class="label-list">${labels}</ul>`}
    </section>`;
}

function renderRemovableLabel(label: string, issue: IssueSnapshot, view: RepositoryView): Html {
  const fields = { repository: view.repository.fullName, number: issue.number, label };
  const content = html`<button type="submit" class="remove" title="Remove ${label}">×</button>`;
  return html`<li>${renderLabel(label, view)}${renderForm(view, { verb: 'unlabel', fields, content })}</li>`;
}

export function renderLabelForm(issue: IssueSnapshot, view: RepositoryView): Html {
  const known = view.repository.labels.filter((label) => !issue.labels.includes(label.name));
  const content = html`
    <input class="grow" name="label" list="known-labels" required autocomplete="off" aria-label="Label to add" placeholder="Add a label">
    <datalist id="known-labels">${known.map((label) => html`<option value="${label.name}"></option>`)}</datalist>
    ${renderButton('Add')}`;
  return renderForm(view, {
    verb: 'label',
    fields: { repository: view.repository.fullName, number: issue.number },
    content,
  });
}
