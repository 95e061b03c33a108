import { html } from 'hono/html';
import type { Markup } from './html.ts';

// Characters that change how text reads without being seen: direction marks, zero-width, tags, variation selectors,
// control characters except the tab.
const hidden = /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Variation_Selector}]/u;
const hiddenRun = new RegExp(hidden.source, 'gu');

/** Text of code, with what is hidden in it shown. */
export function visibleText(text: string): Markup {
  if (!hidden.test(text)) return html`${text}`;
  const parts: Markup[] = [];
  let end = 0;
  for (const match of text.matchAll(hiddenRun)) {
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    parts.push(html`${text.slice(end, match.index)}<span class="hidden-character">U+${code}</span>`);
    end = match.index + match[0].length;
  }
  return [...parts, html`${text.slice(end)}`];
}
