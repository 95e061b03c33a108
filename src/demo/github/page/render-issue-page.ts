import { html } from 'hono/html';
import type { IssueSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';
import type { RepositoryView } from './page-view.ts';
import { renderAuthor } from './render-author.ts';
import { renderCommentForm } from './render-comment-form.ts';
import { renderIssueSide, renderLabelForm } from './render-issue-side.ts';
import { renderPage } from './render-layout.ts';
import { renderTime } from './render-time.ts';
import { renderTimeline } from './render-timeline.ts';

export function renderIssuePage(issue: IssueSnapshot, view: RepositoryView): Html {
  return renderPage({
    title: `${issue.title} · Issue #${issue.number} · ${view.repository.fullName}`,
    view,
    live: html`${renderHead(issue, view)}${renderTimeline(issue, view)}`,
    forms: renderCommentForm(issue, view),
    aside: renderIssueSide(issue, view),
    asideForms: renderLabelForm(issue, view),
  });
}

function renderHead(issue: IssueSnapshot, view: RepositoryView): Html {
  const author = renderAuthor(issue.author, issue.authorIsBot);
  const count = `${issue.comments.length} ${issue.comments.length === 1 ? 'comment' : 'comments'}`;
  const state =
    issue.state === 'open'
      ? html`<span class="state state-open">${icon('issue-open')} Open</span>`
      : html`<span class="state state-done">${icon('issue-closed')} Closed</span>`;
  return html`<div class="title-block">
    <h1><span dir="auto">${issue.title}</span> <span class="quiet">#${issue.number}</span></h1>
    <p>${state} <span class="quiet">${author} opened this issue ${renderTime(issue.createdAt, view.snapshot.now)} · ${count}</span></p>
  </div>`;
}
