import { html } from 'hono/html';
import type { PullSnapshot } from '../state/snapshot.ts';
import { checkLines } from './check-list.ts';
import type { Html, Markup } from './html.ts';
import { actorRole, type RepositoryView } from './page-view.ts';
import { renderCheckLine } from './render-check.ts';
import { renderButton, renderForm } from './render-form.ts';
import { renderChecksRow, renderMergeRow, renderReviewRow } from './render-merge-row.ts';
import { renderTime } from './render-time.ts';

/** Whether a pull request can be merged, every reason why not, and the button. */
export function renderMergeBox(pull: PullSnapshot, view: RepositoryView): Html {
  const lines = checkLines(pull, view);
  const checksPath = `${view.repositoryPath}/pull/${pull.number}/checks`;
  const list = html`<ul class="check-lines">${lines.map((line) => renderCheckLine(line, checksPath))}</ul>`;
  return html`<section class="merge-box box" id="merge-box">
    ${pull.state === 'open' ? [renderReviewRow(pull), renderChecksRow(lines)] : ''}
    ${lines.length === 0 ? '' : list}
    ${pull.state === 'open' ? renderOpenEnding(pull, view) : renderClosedEnding(pull, view)}
  </section>`;
}

function renderClosedEnding(pull: PullSnapshot, view: RepositoryView): Html {
  if (pull.merged === null) {
    return renderMergeRow('neutral', 'pull', { title: html`Closed without a merge` });
  }
  const { sha, by, at } = pull.merged;
  const note = html`by ${by} ${renderTime(at, view.snapshot.now)} as <code>${sha.slice(0, 7)}</code>`;
  return renderMergeRow('merged', 'merge', { title: html`Pull request merged`, note });
}

function renderOpenEnding(pull: PullSnapshot, view: RepositoryView): Markup {
  const base = html`<code>${pull.baseRef}</code>`;
  const conflicts =
    pull.mergeable === false
      ? renderMergeRow('bad', 'attention', { title: html`This branch has conflicts with ${base}` })
      : renderMergeRow('good', 'success', { title: html`No conflicts with ${base}` });
  return [conflicts, renderBlockedRow(pull), renderMergeButtons(pull, view)];
}

function renderBlockedRow(pull: PullSnapshot): Markup {
  if (pull.blockedBy.length === 0) return '';
  const reasons = pull.blockedBy.map((reason) => html`<li dir="auto">${reason}</li>`);
  return renderMergeRow('bad', 'stopped', {
    title: html`Merging is blocked`,
    note: html`<ul class="reasons">${reasons}</ul>`,
  });
}

function renderMergeButtons(pull: PullSnapshot, view: RepositoryView): Html {
  const fields = { repository: view.repository.fullName, number: pull.number };
  const isDisabled = pull.blockedBy.length > 0 && !mayPassProtection(pull, view);
  const choice = html`<select name="method" aria-label="How to merge">
      <option value="merge">Merge commit</option>
      <option value="squash">Squash</option>
    </select>
    <button type="submit" class="button button-primary" ${isDisabled ? 'disabled' : ''}>Merge pull request</button>`;
  const draft = renderForm(view, {
    verb: 'set-draft',
    fields: { ...fields, draft: String(!pull.draft) },
    content: renderButton(pull.draft ? 'Ready for review' : 'Convert to draft', 'quiet'),
  });
  return html`<div class="merge-row merge-buttons">${renderForm(view, { verb: 'merge', fields, content: choice })}${draft}</div>`;
}

/** Administrators may merge past a protection that does not include them. */
function mayPassProtection(pull: PullSnapshot, view: RepositoryView): boolean {
  const protection = view.repository.protection[pull.baseRef];
  return protection?.enforceAdmins === false && actorRole(view) === 'admin' && pull.mergeable !== false && !pull.draft;
}
