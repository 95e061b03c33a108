import { html } from 'hono/html';
import type { CommitSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import type { RepositoryView } from './page-view.ts';
import { splitMessage } from './render-commit-list.ts';
import { renderDiff } from './render-diff.ts';
import { renderPage } from './render-layout.ts';
import { renderTime } from './render-time.ts';

/** `diff` is against the first parent. */
export function renderCommitPage(parts: { commit: CommitSnapshot; diff: string }, view: RepositoryView): Html {
  const { commit, diff } = parts;
  const { subject, body } = splitMessage(commit.message);
  const time = renderTime(commit.date, view.snapshot.now);
  return renderPage({
    title: `${subject} · ${view.repository.fullName}`,
    view,
    live: html`
      <div class="title-block">
        <h1 dir="auto">${subject}</h1>
        ${body === '' ? '' : html`<pre dir="auto">${body}</pre>`}
        <p class="quiet"><span dir="auto">${commit.author}</span> committed ${time} <code>${commit.sha}</code></p>
      </div>
      ${renderDiff(diff, view)}`,
  });
}
