import { html } from 'hono/html';
import type { CheckSnapshot } from '../state/snapshot.ts';
import { type CheckLine, type CheckState, checkState } from './check-list.ts';
import type { Html, Markup } from './html.ts';
import { icon } from './icon.ts';
import { renderMarkdown } from './markdown/render-markdown.ts';
import { safeHref } from './markdown/safe-href.ts';
import type { RepositoryView } from './page-view.ts';
import { renderButton, renderForm } from './render-form.ts';
import { renderTime } from './render-time.ts';

const required = html`<span class="badge">Required</span>`;

/** One line in the merge box. */
export function renderCheckLine(line: CheckLine, checksPath: string): Html {
  const state = checkState(line.run);
  const title = line.run?.title ? html` · <span dir="auto">${line.run.title}</span>` : '';
  const plainName = html`<strong dir="auto">${line.name}</strong>`;
  const name = line.run ? html`<a class="plain" href="${checksPath}#check-${line.run.id}">${plainName}</a>` : plainName;
  return html`<li class="check-line" data-check="${line.name}" data-state="${state.text}">
    ${renderToneIcon(state)}
    <span class="grow">${name} <span class="quiet">${state.text}${title}</span></span>
    ${line.isRequired ? required : ''}
  </li>`;
}

/** All of a run: what it says, where, and its buttons. */
export function renderCheck(line: CheckLine & { run: CheckSnapshot }, view: RepositoryView): Html {
  const { run } = line;
  const state = checkState(run);
  const time = renderTime(run.completedAt ?? run.startedAt, view.snapshot.now);
  return html`<article class="box check" id="check-${run.id}" data-check="${run.name}">
    <header class="box-head">
      ${renderToneIcon(state)}
      <span class="grow"><strong dir="auto">${run.name}</strong>
        <span class="quiet">${state.text} · ${run.app} · <code>${run.headSha.slice(0, 7)}</code> · ${time}</span></span>
      ${line.isRequired ? required : ''}
    </header>
    <div class="box-body">
      ${renderOutput(run, view)}
      ${renderAnnotations(run)}
      <div class="buttons">${renderCheckButtons(run, view)}</div>
    </div>
  </article>`;
}

function renderToneIcon(state: CheckState): Html {
  return html`<span class="tone-icon tone-icon-${state.tone}">${icon(state.icon)}</span>`;
}

function renderOutput(run: CheckSnapshot, view: RepositoryView): Html {
  const links = { repositoryPath: view.repositoryPath, origin: view.origin };
  const title = run.title === '' ? '' : html`<h3 dir="auto">${run.title}</h3>`;
  const summary = run.summary === '' ? html`<p class="quiet">No summary.</p>` : renderMarkdown(run.summary, links);
  if (run.text === '') return html`${title}${summary}`;
  const text = html`<details id="check-text-${run.id}"><summary>More</summary>${renderMarkdown(run.text, links)}</details>`;
  return html`${title}${summary}${text}`;
}

function renderAnnotations(run: CheckSnapshot): Markup {
  if (run.annotations.length === 0) return '';
  const items = run.annotations.map((note) => {
    const lines =
      note.startLine === note.endLine ? `line ${note.startLine}` : `lines ${note.startLine}–${note.endLine}`;
    return html`<li class="annotation annotation-${note.level}">
      <p><code dir="auto">${note.path}</code> <span class="quiet">${lines} · ${note.level}</span></p>
      ${note.title === null ? '' : html`<p><strong dir="auto">${note.title}</strong></p>`}
      <pre dir="auto">${note.message}</pre>
    </li>`;
  });
  return html`<ul class="annotations">${items}</ul>`;
}

function renderCheckButtons(run: CheckSnapshot, view: RepositoryView): Markup {
  const fields = { repository: view.repository.fullName, checkRunId: run.id };
  const links = { repositoryPath: view.repositoryPath, origin: view.origin };
  const href = run.detailsUrl === null ? undefined : safeHref(run.detailsUrl, links);
  const details =
    href === undefined ? '' : html`<a class="button" href="${href}" rel="noopener noreferrer">Details</a>`;
  const actions = run.actions.map(({ label, description, identifier }) => {
    const content = html`<button type="submit" class="button button-plain" title="${description}">${label}</button>`;
    return renderForm(view, { verb: 'check-action', fields: { ...fields, identifier }, content });
  });
  const again = renderForm(view, { verb: 'rerequest-check', fields, content: renderButton('Re-run') });
  return [details, ...actions, run.status === 'completed' ? again : ''];
}
