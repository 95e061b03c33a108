// Markdown as comments show it. The result holds no markup but ours: everything a person wrote is escaped.
import { html } from 'hono/html';
import type { Html } from '../html.ts';
import { renderDocument } from './render-node.ts';
import type { LinkScope } from './safe-href.ts';

// The parser takes time by the square of these, minutes for a comment of the longest length made only of them.
const maxMarkersPerBlock = 3000;
const maxQuoteDepth = 30;
const maxKept = 500;

const rendered = new Map<string, Html>();

/** Text whose structure is absurd is shown as it was written. */
export function renderMarkdown(source: string, scope: LinkScope): Html {
  const key = JSON.stringify([scope.origin, scope.repositoryPath, source]);
  let markup = rendered.get(key);
  if (markup === undefined) {
    markup = isReasonable(source) ? renderDocument(source, scope) : html`<pre>${source}</pre>`;
    if (rendered.size >= maxKept) rendered.clear();
    rendered.set(key, markup);
  }
  return html`<div class="markdown" dir="auto">${markup}</div>`;
}

function isReasonable(source: string): boolean {
  const blocks = source.split(/\n\s*\n/);
  return (
    blocks.every((block) => (block.match(/[*_[\]!`]/g) ?? []).length <= maxMarkersPerBlock) &&
    source.split('\n').every((line) => (/^[\s>]*/.exec(line)?.[0].match(/>/g) ?? []).length <= maxQuoteDepth)
  );
}
