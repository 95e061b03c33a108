import { html } from 'hono/html';
import type { PullSnapshot } from '../state/snapshot.ts';
import { checkLines } from './check-list.ts';
import type { Html } from './html.ts';
import type { RepositoryView } from './page-view.ts';
import { renderCheck, renderCheckLine } from './render-check.ts';
import { renderCommentForm } from './render-comment-form.ts';
import { renderCommitList } from './render-commit-list.ts';
import { renderDiff } from './render-diff.ts';
import { renderIssueSide, renderLabelForm } from './render-issue-side.ts';
import { renderPage } from './render-layout.ts';
import { renderMergeBox } from './render-merge-box.ts';
import { renderPullForms } from './render-pull-forms.ts';
import { type PullTab, renderPullHead } from './render-pull-head.ts';
import { renderTimeline } from './render-timeline.ts';

export interface PullPageParts {
  readonly pull: PullSnapshot;
  readonly tab: PullTab;
  /** Read only for the tab that shows it. */
  readonly diff: string;
}

export function renderPullPage(parts: PullPageParts, view: RepositoryView): Html {
  const { pull, tab } = parts;
  return renderPage({
    title: `${pull.title} · Pull request #${pull.number} · ${view.repository.fullName}`,
    view,
    live: html`${renderPullHead(pull, tab, view)}${renderTab(parts, view)}`,
    ...(tab === 'conversation' && {
      forms: html`${renderCommentForm(pull, view)}${renderPullForms(pull, view)}`,
      aside: renderIssueSide(pull, view),
      asideForms: renderLabelForm(pull, view),
    }),
  });
}

function renderTab({ pull, tab, diff }: PullPageParts, view: RepositoryView): Html {
  switch (tab) {
    case 'conversation':
      return html`${renderTimeline(pull, view)}${renderMergeBox(pull, view)}`;
    case 'commits':
      return renderCommitList(pull.commits.toReversed(), view);
    case 'checks':
      return renderChecks(pull, view);
    case 'files':
      return renderDiff(diff, view, pull);
  }
}

function renderChecks(pull: PullSnapshot, view: RepositoryView): Html {
  const lines = checkLines(pull, view);
  if (lines.length === 0) {
    return html`<p class="box blank">No checks on <code>${pull.headSha.slice(0, 7)}</code> yet.</p>`;
  }
  const runs = lines.map((line) => {
    const { run } = line;
    return run === undefined
      ? html`<ul class="box check-lines">${renderCheckLine(line, '')}</ul>`
      : renderCheck({ ...line, run }, view);
  });
  return html`<div class="stack">${runs}</div>`;
}
