import { html } from 'hono/html';
import type { RepositorySnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';
import type { PageView } from './page-view.ts';
import { renderPage } from './render-layout.ts';

export function renderHomePage(view: PageView): Html {
  const rows = view.snapshot.repositories.map(renderRow);
  const list =
    rows.length === 0 ? html`<p class="box blank">No repositories yet.</p>` : html`<ul class="box rows">${rows}</ul>`;
  const live = html`<div class="title-block"><h1>Repositories</h1></div>${list}`;
  return renderPage({ title: 'Local GitHub', view, live });
}

function renderRow(repository: RepositorySnapshot): Html {
  const openIssues = repository.issues.filter((issue) => issue.state === 'open').length;
  const openPulls = repository.pulls.filter((pull) => pull.state === 'open').length;
  return html`<li class="row">
    <span class="row-icon">${icon('repository')}</span>
    <div class="grow">
      <a class="plain" href="/${repository.fullName}"><strong dir="auto">${repository.fullName}</strong></a>
      <span class="badge">${repository.isPrivate ? 'Private' : 'Public'}</span>
      <div class="quiet">${openIssues} open issues · ${openPulls} open pull requests</div>
    </div>
  </li>`;
}
