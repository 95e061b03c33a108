// The raw HTML that may stand in Markdown: foldable sections and a few inline tags, none with attributes. Comments
// disappear as on GitHub; everything else is shown as the text it is. What was opened is always closed again.
import { html, raw } from 'hono/html';
import type { Html } from '../html.ts';

const inlineTags = new Set(['b', 'strong', 'i', 'em', 'code', 'kbd', 'sub', 'sup', 'del', 'ins']);
const token = /<!--[\s\S]*?(?:-->|$)|<(?<close>\/?)(?<name>[a-zA-Z]+)(?<open>\s+open(?:=""|="open")?)?\s*\/?>/g;

export interface RawHtml {
  /** One HTML node of the Markdown tree. */
  render(source: string): Html[];
  /** At the end of the node's parent. */
  close(): Html[];
}

/** `flow`: between blocks, where sections can be folded; `phrasing`: within a line. */
export function createRawHtml(place: 'flow' | 'phrasing'): RawHtml {
  const open: string[] = [];
  return { render, close: () => closeDownTo(0) };

  function render(source: string): Html[] {
    const parts: Html[] = [];
    let end = 0;
    for (const match of source.matchAll(token)) {
      parts.push(html`${source.slice(end, match.index)}`, ...renderToken(match));
      end = match.index + match[0].length;
    }
    parts.push(html`${source.slice(end)}`);
    // Blocks follow a flow node; only a section may stay open around them.
    if (place === 'flow') parts.push(...closeDownTo(open.lastIndexOf('details') + 1));
    return parts;
  }

  function renderToken(match: RegExpExecArray): Html[] {
    const name = match.groups?.name?.toLowerCase();
    if (name === undefined) return [];
    if (name === 'br') return [html`<br>`];
    const isKnown = inlineTags.has(name) || (place === 'flow' && (name === 'details' || name === 'summary'));
    if (!isKnown) return [html`${match[0]}`];
    if (match.groups?.close === '/') {
      const position = open.lastIndexOf(name);
      return position === -1 ? [html`${match[0]}`] : closeDownTo(position);
    }
    open.push(name);
    // `name` is one of the known words above.
    return [raw(name === 'details' && match.groups?.open !== undefined ? '<details open>' : `<${name}>`)];
  }

  function closeDownTo(length: number): Html[] {
    return open
      .splice(length)
      .toReversed()
      .map((name) => raw(`</${name}>`));
  }
}
