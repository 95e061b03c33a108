import { html } from 'hono/html';
import type { CommitSnapshot, IssueEventSnapshot } from '../state/snapshot.ts';
import type { Html, Markup } from './html.ts';
import { type IconName, icon } from './icon.ts';
import { isBot, type RepositoryView } from './page-view.ts';
import { renderAuthor } from './render-author.ts';
import { splitMessage } from './render-commit-list.ts';
import { renderLabel } from './render-label.ts';
import { renderTime } from './render-time.ts';

const phrases: Readonly<Record<string, { icon: IconName; text: string }>> = {
  labeled: { icon: 'tag', text: 'added' },
  unlabeled: { icon: 'tag', text: 'removed' },
  closed: { icon: 'issue-closed', text: 'closed this' },
  reopened: { icon: 'issue-open', text: 'reopened this' },
  renamed: { icon: 'pencil', text: 'changed the title' },
  merged: { icon: 'merge', text: 'merged this' },
  head_ref_force_pushed: { icon: 'commit', text: 'force-pushed the branch' },
  head_ref_deleted: { icon: 'branch', text: 'deleted the branch' },
  convert_to_draft: { icon: 'draft', text: 'marked this as a draft' },
  ready_for_review: { icon: 'eye', text: 'marked this as ready for review' },
  base_ref_changed: { icon: 'branch', text: 'changed the base branch' },
};

export function renderEvent(event: IssueEventSnapshot, view: RepositoryView): Html {
  const phrase = phrases[event.kind] ?? { icon: 'commit' as const, text: event.kind.replaceAll('_', ' ') };
  const label = event.label === undefined ? '' : html` ${renderLabel(event.label, view)}`;
  const detail = event.detail === undefined ? '' : html` ${renderDetail(event.detail, view)}`;
  const time = html`<span class="quiet">${renderTime(event.at, view.snapshot.now)}</span>`;
  return renderRow({
    mark: event.kind,
    icon: phrase.icon,
    text: html`${renderAuthor(event.actor, isBot(view, event.actor))} ${phrase.text}${label}${detail} ${time}`,
  });
}

function renderDetail(detail: string, view: RepositoryView): Html {
  return /^[0-9a-f]{40}$/.test(detail)
    ? html`<a href="${view.repositoryPath}/commit/${detail}"><code>${detail.slice(0, 7)}</code></a>`
    : html`<span class="quiet" dir="auto">${detail}</span>`;
}

export function renderCommitRow(commit: CommitSnapshot, view: RepositoryView): Html {
  const href = `${view.repositoryPath}/commit/${commit.sha}`;
  return renderRow({
    mark: 'commit',
    icon: 'commit',
    text: html`<span dir="auto"><span class="quiet">${commit.author}</span> ${splitMessage(commit.message).subject}</span>
      <a href="${href}"><code>${commit.sha.slice(0, 7)}</code></a>`,
  });
}

function renderRow(row: { mark: string; icon: IconName; text: Markup }): Html {
  return html`<div class="event event-${row.mark}">
    <span class="event-icon">${icon(row.icon)}</span>
    <div class="event-text">${row.text}</div>
  </div>`;
}
