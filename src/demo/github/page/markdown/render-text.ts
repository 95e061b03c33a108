import { html } from 'hono/html';
import type { Html, Markup } from '../html.ts';
import { type LinkScope, safeHref } from './safe-href.ts';

const special = new RegExp(
  [
    String.raw`(?<url>https?:\/\/[^\s<>"'\u0060]+)`,
    String.raw`(?<![\w/&])#(?<number>\d{1,9})\b`,
    String.raw`(?<![\w@/.])@(?<login>[a-zA-Z0-9][a-zA-Z0-9-]*)`,
    String.raw`~~(?<struck>[^~\n]+)~~`,
    String.raw`\b(?<sha>[0-9a-f]{40})\b`,
    String.raw`(?<line>\r?\n)`,
  ].join('|'),
  'g',
);

/** A run of text, with what GitHub makes of it by itself: addresses, #12, @name, ~~struck~~, commits, line ends. */
export function renderText(text: string, scope: LinkScope & { insideLink: boolean }): Markup {
  const parts: Html[] = [];
  let end = 0;
  for (const match of text.matchAll(special)) {
    const rendered = renderSpecial(match.groups ?? {}, scope);
    if (rendered === undefined) continue;
    parts.push(html`${text.slice(end, match.index)}${rendered}`);
    end = match.index + match[0].length;
  }
  return [...parts, html`${text.slice(end)}`];
}

function renderSpecial(
  found: Readonly<Record<string, string | undefined>>,
  scope: LinkScope & { insideLink: boolean },
): Html | undefined {
  if (found.line !== undefined) return html`<br>`;
  if (found.struck !== undefined) return html`<del>${found.struck}</del>`;
  if (found.login !== undefined) return html`<span class="mention">@${found.login}</span>`;
  if (found.sha !== undefined) return html`<code title="${found.sha}">${found.sha.slice(0, 7)}</code>`;
  if (scope.insideLink) return undefined;
  if (found.number !== undefined) {
    return html`<a href="${scope.repositoryPath}/issues/${found.number}">#${found.number}</a>`;
  }
  return found.url === undefined ? undefined : renderAddress(found.url, scope);
}

function renderAddress(found: string, scope: LinkScope): Html | undefined {
  const address = found.replace(/[.,;:!?)\]}]+$/, '');
  const href = safeHref(address, scope);
  if (href === undefined) return undefined;
  return html`<a href="${href}" rel="noopener noreferrer nofollow">${address}</a>${found.slice(address.length)}`;
}
