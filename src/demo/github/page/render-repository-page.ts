import { html } from 'hono/html';
import type { CommitSnapshot, IssueSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';
import type { RepositoryView } from './page-view.ts';
import { renderCommitList } from './render-commit-list.ts';
import { renderIssueRow, renderPullRow } from './render-issue-row.ts';
import { renderPage } from './render-layout.ts';
import { renderRepositoryForms } from './render-repository-forms.ts';

/** `commits` are the newest of the default branch. */
export function renderRepositoryPage(commits: readonly CommitSnapshot[], view: RepositoryView): Html {
  const { repository } = view;
  return renderPage({
    title: repository.fullName,
    view,
    live: html`
      <div class="title-block">
        <h1>${icon('repository')} <span dir="auto">${repository.fullName}</span>
          <span class="badge">${repository.isPrivate ? 'Private' : 'Public'}</span></h1>
      </div>
      <h2>Pull requests</h2>
      ${renderList(repository.pulls, (pull) => renderPullRow(pull, view))}
      <h2>Issues</h2>
      ${renderList(repository.issues, (issue) => renderIssueRow(issue, view))}
      <h2>Recent commits <span class="quiet">on <code class="ref">${repository.defaultBranch}</code></span></h2>
      ${renderCommitList(commits, view)}`,
    forms: renderRepositoryForms(view),
    aside: renderRepositorySide(view),
  });
}

/** Open ones first, newest first. */
function renderList<Item extends IssueSnapshot>(items: readonly Item[], renderItem: (item: Item) => Html): Html {
  if (items.length === 0) return html`<p class="box blank">None yet.</p>`;
  const sorted = items.toSorted(
    (left, right) => Number(left.state === 'closed') - Number(right.state === 'closed') || right.number - left.number,
  );
  return html`<ul class="box rows">${sorted.map(renderItem)}</ul>`;
}

function renderRepositorySide(view: RepositoryView): Html {
  const { repository } = view;
  const branches = Object.entries(repository.branches).map(
    ([name, sha]) => html`<li>
      ${icon('branch')} <span class="grow" dir="auto">${name}</span>
      ${repository.protection[name] ? html`<span class="badge">protected</span>` : ''}
      <a href="${view.repositoryPath}/commit/${sha}"><code>${sha.slice(0, 7)}</code></a>
    </li>`,
  );
  const people = Object.entries(repository.roles).map(
    ([login, role]) => html`<li><span class="grow" dir="auto">${login}</span> <span class="quiet">${role}</span></li>`,
  );
  return html`
    <section class="side-block"><h2>Clone</h2><p class="clone"><code>${repository.cloneUrl}</code></p></section>
    <section class="side-block"><h2>Branches</h2><ul class="side-list">${branches}</ul></section>
    <section class="side-block"><h2>People</h2>
      ${people.length === 0 ? html`<p class="quiet">Only the owner</p>` : html`<ul class="side-list">${people}</ul>`}
    </section>`;
}
