import { html } from 'hono/html';
import type { CommitSnapshot } from '../state/snapshot.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';
import type { RepositoryView } from './page-view.ts';
import { renderTime } from './render-time.ts';

/** In the order given. */
export function renderCommitList(commits: readonly CommitSnapshot[], view: RepositoryView): Html {
  if (commits.length === 0) return html`<p class="box blank">No commits.</p>`;
  const rows = commits.map((commit) => {
    const { subject, body } = splitMessage(commit.message);
    const more = html`<details id="commit-${commit.sha}"><summary class="quiet">Message</summary>
      <pre dir="auto">${body}</pre></details>`;
    const href = `${view.repositoryPath}/commit/${commit.sha}`;
    return html`<li class="row">
      <span class="row-icon">${icon('commit')}</span>
      <div class="grow">
        <a class="plain" href="${href}"><strong dir="auto">${subject}</strong></a>
        <div class="quiet"><span dir="auto">${commit.author}</span> ${renderTime(commit.date, view.snapshot.now)}</div>
        ${body === '' ? '' : more}
      </div>
      <a href="${href}"><code>${commit.sha.slice(0, 7)}</code></a>
    </li>`;
  });
  return html`<ul class="box rows">${rows}</ul>`;
}

/** The first line of a commit message, and what follows it. */
export function splitMessage(message: string): { subject: string; body: string } {
  const [subject = '', ...rest] = message.split('\n');
  return { subject, body: rest.join('\n').trim() };
}
