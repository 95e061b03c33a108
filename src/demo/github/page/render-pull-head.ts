import { html } from 'hono/html';
import type { PullSnapshot } from '../state/snapshot.ts';
import type { Html, Markup } from './html.ts';
import { icon } from './icon.ts';
import { isBot, type RepositoryView } from './page-view.ts';
import { renderAuthor } from './render-author.ts';

export const pullTabs = ['conversation', 'commits', 'checks', 'files'] as const;
export type PullTab = (typeof pullTabs)[number];

/** Title, state, what is to be merged where, and the tabs. */
export function renderPullHead(pull: PullSnapshot, tab: PullTab, view: RepositoryView): Html {
  return html`<div class="title-block">
    <h1><span dir="auto">${pull.title}</span> <span class="quiet">#${pull.number}</span></h1>
    <p>${renderState(pull)} <span class="quiet">${renderSentence(pull, view)}</span></p>
  </div>
  ${renderTabs(pull, tab, view)}`;
}

function renderState(pull: PullSnapshot): Html {
  if (pull.merged !== null) return html`<span class="state state-done">${icon('merge')} Merged</span>`;
  if (pull.state === 'closed') return html`<span class="state state-closed">${icon('pull')} Closed</span>`;
  return pull.draft
    ? html`<span class="state state-draft">${icon('draft')} Draft</span>`
    : html`<span class="state state-open">${icon('pull')} Open</span>`;
}

function renderSentence(pull: PullSnapshot, view: RepositoryView): Html {
  const who = pull.merged?.by ?? pull.author;
  const what = pull.merged === null ? 'wants to merge' : 'merged';
  const commits = `${pull.commits.length} ${pull.commits.length === 1 ? 'commit' : 'commits'}`;
  const [owner = ''] = view.repository.fullName.split('/');
  const base = pull.fork ? `${owner}:${pull.baseRef}` : pull.baseRef;
  const head = pull.fork ? `${pull.headOwner}:${pull.headRef}` : pull.headRef;
  return html`${renderAuthor(who, isBot(view, who))} ${what} ${commits}
    into <code class="ref" dir="auto">${base}</code> from <code class="ref" dir="auto">${head}</code>
    ${pull.fork ? html`<span class="badge">fork</span>` : ''}`;
}

function renderTabs(pull: PullSnapshot, current: PullTab, view: RepositoryView): Html {
  const path = `${view.repositoryPath}/pull/${pull.number}`;
  const count = (amount: number) => html`<span class="count">${amount}</span>`;
  const tabs: readonly { tab: PullTab; path: string; text: Markup }[] = [
    { tab: 'conversation', path, text: html`Conversation ${count(pull.comments.length)}` },
    { tab: 'commits', path: `${path}/commits`, text: html`Commits ${count(pull.commits.length)}` },
    { tab: 'checks', path: `${path}/checks`, text: html`Checks ${count(pull.checks.length)}` },
    { tab: 'files', path: `${path}/files`, text: html`Files changed` },
  ];
  const links = tabs.map((item) => {
    const mark = item.tab === current ? html`aria-current="page"` : '';
    return html`<a class="tab" href="${item.path}" ${mark}>${item.text}</a>`;
  });
  return html`<nav class="tabs" aria-label="Pull request">${links}</nav>`;
}
