import { html } from 'hono/html';
import type { Html } from './html.ts';
import type { RepositoryView } from './page-view.ts';
import { renderButton, renderForm } from './render-form.ts';

/** One file in one commit. A branch that does not exist is made from the default branch. */
export function renderPushForm(branch: string, view: RepositoryView): Html {
  const branches = Object.keys(view.repository.branches);
  const content = html`
    <div class="fields">
      <label>Branch<input name="branch" required value="${branch}" list="known-branches"></label>
      <label>File<input name="path" required placeholder="src/example.ts"></label>
    </div>
    <datalist id="known-branches">${branches.map((name) => html`<option value="${name}"></option>`)}</datalist>
    <label>Content<textarea name="content" rows="5" class="code" spellcheck="false"></textarea></label>
    <label>Message<input name="message" required placeholder="Say what changes"></label>
    <div class="buttons buttons-end">${renderButton('Push commit', 'primary')}</div>`;
  const fields = { repository: view.repository.fullName };
  return renderForm(view, { verb: 'push', fields, style: 'stacked', content });
}
