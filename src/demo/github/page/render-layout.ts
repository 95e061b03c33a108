import { html } from 'hono/html';
import type { Html, Markup } from './html.ts';
import { icon } from './icon.ts';
import type { PageView, RepositoryView } from './page-view.ts';
import { actorRole } from './page-view.ts';

export interface PageParts {
  readonly title: string;
  readonly view: PageView | RepositoryView;
  /** Replaced by the script when something happened; must hold no field that a person types into. */
  readonly live: Markup;
  /** Below it, left alone. */
  readonly forms?: Markup;
  /** Beside both on a wide screen; replaced too. */
  readonly aside?: Markup;
  /** Beside both, left alone. */
  readonly asideForms?: Markup;
}

export function renderPage({ title, view, live, forms, aside, asideForms }: PageParts): Html {
  const side =
    aside === undefined && asideForms === undefined
      ? ''
      : html`<aside class="side"><div data-live="aside">${aside ?? ''}</div>${asideForms ?? ''}</aside>`;
  return renderShell(
    title,
    html`<header class="top">
      <a class="brand" href="/">${icon('mark')}<span>Local GitHub</span></a>
      ${'repository' in view ? renderCrumbs(view) : ''}
      ${renderActor(view)}
    </header>
    <main class="page${side === '' ? '' : ' page-with-side'}" data-last-change="${view.snapshot.change}">
      <div class="content"><div data-live="main">${live}</div>${forms ?? ''}</div>
      ${side}
    </main>
    <footer class="foot">A stand-in for GitHub on this machine. Nothing here is public, and nothing is kept when it stops.</footer>`,
  );
}

/** Anything that is not a page of the state: a refusal, a page that does not exist. */
export function renderNotice(notice: { title: string; text: string; back: string }): Html {
  return renderShell(
    notice.title,
    html`<main class="page notice">
      <h1>${notice.title}</h1>
      <p class="problem" role="alert" dir="auto">${notice.text}</p>
      <p><a href="${notice.back}">Back</a></p>
    </main>`,
  );
}

function renderShell(title: string, body: Markup): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/-/page.css">
<script src="/-/page.js" defer></script>
</head>
<body>
${body}
</body>
</html>`;
}

function renderCrumbs(view: RepositoryView): Html {
  const [owner = '', name = ''] = view.repository.fullName.split('/');
  return html`<nav class="crumbs" aria-label="Repository">
    <a class="plain quiet" href="/">${owner}</a> <span class="quiet">/</span>
    <a class="plain" href="${view.repositoryPath}"><strong>${name}</strong></a>
  </nav>`;
}

function renderActor(view: PageView | RepositoryView): Html {
  const people = view.snapshot.accounts.filter((account) => account.kind === 'User');
  if (people.length === 0) return html``;
  const role = 'repository' in view ? html`<span class="badge">${actorRole(view)}</span>` : '';
  const options = people.map(
    ({ login }) => html`<option value="${login}" ${login === view.actor ? 'selected' : ''}>${login}</option>`,
  );
  return html`<form class="actor" method="post" action="/-/actor">
    <input type="hidden" name="back" value="${view.here}">
    <label for="actor" class="quiet">Acting as</label>
    <select id="actor" name="actor" data-submit-on-change>${options}</select>
    ${role}
    <button type="submit" class="button button-quiet" data-only-without-script>Switch</button>
  </form>`;
}
