import { html } from 'hono/html';
import type { Definition, List, ListItem, Nodes, Paragraph, PhrasingContent, RootContent } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import type { Html, Markup } from '../html.ts';
import { parseTable } from './parse-table.ts';
import { createRawHtml } from './raw-html.ts';
import { renderTable } from './render-table.ts';
import { renderText } from './render-text.ts';
import { type LinkScope, safeHref } from './safe-href.ts';

interface Scope extends LinkScope {
  readonly source: string;
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly insideLink: boolean;
  readonly depth: number;
}

const maxDepth = 60;
/** What makes blocks: none of it works inside a table's cell. */
const blockSyntax = [
  'blockQuote',
  'codeFenced',
  'codeIndented',
  'definition',
  'headingAtx',
  'htmlFlow',
  'list',
  'setextUnderline',
  'thematicBreak',
];

export function renderDocument(source: string, links: LinkScope): Html {
  const root = fromMarkdown(source);
  const definitions = new Map<string, Definition>();
  collectDefinitions(root, definitions);
  const scope = { ...links, source, definitions, insideLink: false, depth: 0 };
  return html`${renderNodes(root.children, 'flow', scope)}`;
}

function collectDefinitions(node: Nodes, found: Map<string, Definition>): void {
  if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node);
  if ('children' in node) for (const child of node.children) collectDefinitions(child, found);
}

function renderNodes(nodes: readonly RootContent[], place: 'flow' | 'phrasing', outer: Scope): Markup {
  const scope = { ...outer, depth: outer.depth + 1 };
  if (scope.depth > maxDepth) return html`…`;
  const rawHtml = createRawHtml(place);
  const parts = nodes.map((node) => (node.type === 'html' ? rawHtml.render(node.value) : renderNode(node, scope)));
  return [...parts, ...rawHtml.close()];
}

function renderNode(node: RootContent, scope: Scope): Markup {
  switch (node.type) {
    case 'paragraph':
      return renderParagraph(node, scope);
    case 'heading':
      return renderHeading(node.depth, renderNodes(node.children, 'phrasing', scope));
    case 'blockquote':
      return html`<blockquote>${renderNodes(node.children, 'flow', scope)}</blockquote>`;
    case 'list':
      return renderList(node, scope);
    case 'code':
      return renderCode(node.value, node.lang ?? '');
    case 'thematicBreak':
      return html`<hr>`;
    case 'text':
      return renderText(node.value, scope);
    case 'emphasis':
      return html`<em>${renderNodes(node.children, 'phrasing', scope)}</em>`;
    case 'strong':
      return html`<strong>${renderNodes(node.children, 'phrasing', scope)}</strong>`;
    case 'inlineCode':
      return html`<code>${node.value}</code>`;
    case 'break':
      return html`<br>`;
    case 'link':
      return renderLink(node.url, node.children, scope);
    case 'linkReference':
      return renderLink(scope.definitions.get(node.identifier)?.url ?? '', node.children, scope);
    case 'image':
      return renderImage(node.url, node.alt, scope);
    case 'imageReference':
      return renderImage(scope.definitions.get(node.identifier)?.url ?? '', node.alt, scope);
    default:
      return ''; // definitions, and what only extensions of the parser make
  }
}

function renderParagraph(paragraph: Paragraph, scope: Scope): Html {
  const start = paragraph.position?.start.offset;
  const end = paragraph.position?.end.offset;
  // Inside a quote, each further line of the source still has the quote's marks.
  const lines = scope.source
    .slice(start, end)
    .split(/\r?\n/)
    .map((line) => line.replace(/^(?:[ \t]*>)+/, ''));
  const table = parseTable(lines);
  if (table === undefined) return html`<p>${renderNodes(paragraph.children, 'phrasing', scope)}</p>`;
  const before = table.before.length === 0 ? '' : html`<p>${renderLine(table.before.join('\n'), scope)}</p>`;
  return html`${before}${renderTable(table, (cell) => renderLine(cell, scope))}`;
}

/** Markdown that can only be the content of one paragraph. */
function renderLine(source: string, scope: Scope): Markup {
  const root = fromMarkdown(source, { extensions: [{ disable: { null: blockSyntax } }] });
  const children = root.children.flatMap((node) => (node.type === 'paragraph' ? node.children : []));
  return renderNodes(children, 'phrasing', { ...scope, source });
}

function renderHeading(depth: number, content: Markup): Html {
  switch (depth) {
    case 1:
      return html`<h1>${content}</h1>`;
    case 2:
      return html`<h2>${content}</h2>`;
    case 3:
      return html`<h3>${content}</h3>`;
    default:
      return html`<h4>${content}</h4>`;
  }
}

function renderList(list: List, scope: Scope): Html {
  const items = list.children.map((item) => renderItem(item, list.spread === true || item.spread === true, scope));
  return list.ordered ? html`<ol start="${list.start ?? 1}">${items}</ol>` : html`<ul>${items}</ul>`;
}

function renderItem(item: ListItem, isLoose: boolean, scope: Scope): Html {
  const [first, ...rest] = item.children;
  if (first?.type !== 'paragraph') return html`<li>${renderNodes(item.children, 'flow', scope)}</li>`;
  const { box, paragraph } = splitTask(first);
  const checkbox = box === undefined ? '' : html`<input type="checkbox" disabled ${box ? 'checked' : ''}> `;
  // A tight item's text stands without a paragraph around it, except when it is a table.
  const isTable = scope.source.slice(first.position?.start.offset, first.position?.end.offset).includes('|');
  const content =
    isLoose || isTable ? renderParagraph(paragraph, scope) : renderNodes(paragraph.children, 'phrasing', scope);
  const more = renderNodes(rest, 'flow', scope);
  return box === undefined
    ? html`<li>${content}${more}</li>`
    : html`<li class="task">${checkbox}${content}${more}</li>`;
}

/** `[x] text` at the start of an item is a checked task. */
function splitTask(paragraph: Paragraph): { box: boolean | undefined; paragraph: Paragraph } {
  const [first, ...rest] = paragraph.children;
  const match = first?.type === 'text' ? /^\[(?<mark>[ xX])\]\s+/.exec(first.value) : null;
  if (first?.type !== 'text' || match === null) return { box: undefined, paragraph };
  const text = { ...first, value: first.value.slice(match[0].length) };
  return { box: match.groups?.mark !== ' ', paragraph: { ...paragraph, children: [text, ...rest] } };
}

function renderCode(text: string, language: string): Html {
  const name = /^[\w+#.-]{1,30}/.exec(language)?.[0];
  const caption =
    name === undefined ? '' : html`<span class="code-language">${name === 'mermaid' ? 'diagram' : name}</span>`;
  return html`<div class="code-block">${caption}<pre><code>${text}</code></pre></div>`;
}

function renderLink(url: string, children: readonly PhrasingContent[], scope: Scope): Markup {
  const href = scope.insideLink ? undefined : safeHref(url, scope);
  const content = renderNodes(children, 'phrasing', { ...scope, insideLink: scope.insideLink || href !== undefined });
  return href === undefined ? content : html`<a href="${href}" rel="noopener noreferrer nofollow">${content}</a>`;
}

/** Images are never loaded: these pages reach nothing outside. The link says what would be there. */
function renderImage(url: string, alt: string | null | undefined, scope: Scope): Html {
  const href = scope.insideLink ? undefined : safeHref(url, scope);
  const text = html`Image: ${alt || url}`;
  return href === undefined
    ? html`<span class="image">${text}</span>`
    : html`<a class="image" href="${href}" rel="noopener noreferrer nofollow">${text}</a>`;
}
