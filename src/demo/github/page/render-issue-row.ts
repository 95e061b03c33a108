import { html } from 'hono/html';
import type { IssueSnapshot, PullSnapshot } from '../state/snapshot.ts';
import { type CheckState, checkLines, checkState } from './check-list.ts';
import type { Html, Markup } from './html.ts';
import { icon } from './icon.ts';
import type { RepositoryView } from './page-view.ts';
import { renderLabels } from './render-label.ts';
import { renderTime } from './render-time.ts';

/** An issue in a repository's list. */
export function renderIssueRow(issue: IssueSnapshot, view: RepositoryView): Html {
  const mark =
    issue.state === 'open'
      ? html`<span class="row-icon tone-open">${icon('issue-open')}</span>`
      : html`<span class="row-icon tone-done">${icon('issue-closed')}</span>`;
  return renderRow(issue, { mark, folder: 'issues', checks: '' }, view);
}

/** A pull request in a repository's list, with the worst of its checks while it is open. */
export function renderPullRow(pull: PullSnapshot, view: RepositoryView): Html {
  const worst = pull.state === 'open' ? worstCheck(pull, view) : undefined;
  const checks =
    worst === undefined
      ? ''
      : html`<span class="tone-icon tone-icon-${worst.tone}" title="Checks: ${worst.text}">${icon(worst.icon)}</span>`;
  return renderRow(pull, { mark: renderPullMark(pull), folder: 'pull', checks }, view);
}

function renderPullMark(pull: PullSnapshot): Html {
  if (pull.merged !== null) return html`<span class="row-icon tone-done">${icon('merge')}</span>`;
  if (pull.state === 'closed') return html`<span class="row-icon tone-closed">${icon('pull')}</span>`;
  return pull.draft
    ? html`<span class="row-icon tone-draft">${icon('draft')}</span>`
    : html`<span class="row-icon tone-open">${icon('pull')}</span>`;
}

function worstCheck(pull: PullSnapshot, view: RepositoryView): CheckState | undefined {
  const order = ['bad', 'attention', 'waiting', 'neutral', 'good'];
  const states = checkLines(pull, view).map((line) => checkState(line.run));
  return states.toSorted((left, right) => order.indexOf(left.tone) - order.indexOf(right.tone))[0];
}

interface RowParts {
  readonly mark: Html;
  /** In the address. */
  readonly folder: 'issues' | 'pull';
  readonly checks: Markup;
}

function renderRow(issue: IssueSnapshot, { mark, folder, checks }: RowParts, view: RepositoryView): Html {
  const count = issue.comments.length;
  const href = `${view.repositoryPath}/${folder}/${issue.number}`;
  return html`<li class="row">
    ${mark}
    <div class="grow">
      <a class="plain" href="${href}"><strong dir="auto">${issue.title}</strong></a> ${renderLabels(issue.labels, view)}
      <div class="quiet">#${issue.number} opened ${renderTime(issue.createdAt, view.snapshot.now)} by ${issue.author}</div>
    </div>
    ${checks}${count === 0 ? '' : html`<span class="quiet comments">${icon('comment')} ${count}</span>`}
  </li>`;
}
