import { redact } from '../sanitise/redact.ts';

/**
 * Short text that people, agents or models wrote, made inert inside Markdown: no markup, no table cell break, no HTML,
 * and neither @mention nor #reference, so that nobody is notified by what a stranger wrote.
 */
export function quoteInline(text: string, maxChars = 200): string {
  const line = toLine(text);
  const cut = line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line;
  return (
    cut
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      // An entity would not do: GitHub looks for mentions and references in the rendered text.
      .replace(/[@#]/g, '$&\u200b')
      .replace(/([\\`*_{}[\]|~!])/g, '\\$1')
      // Bare addresses and issue numbers become links without any markup.
      .replace(/(:)(?=\/\/)|(\bwww)(?=\.)|(\bGH)(?=-\d)|(\bmailto|\bxmpp)(?=:)/gi, '$&\u200b')
      // Alone at the start of a line these would make a heading, a rule or a list.
      .replace(/^(?=[=+-])/, '\\')
      .replace(/^(\d{1,9})(?=[.)])/, '$1\\')
  );
}

/** Redacted before anything is escaped or cut, since afterwards a secret does not look like one any more. */
function toLine(text: string): string {
  return redact(text).text.replace(/\s+/g, ' ').trim();
}

/** Text as one code span, which Markdown leaves alone; backticks cannot end it early. */
export function quoteCode(text: string, maxChars = 200): string {
  // Two marks with nothing between them would open a span of their own.
  const line = toLine(text).replace(/`/g, "'").replace(/\|/g, '¦') || ' ';
  return `\`${line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line}\``;
}

/** Somebody's name. Whoever is spoken of is not notified by it; only an answer calls whoever asked. */
export function quoteName(login: string): string {
  return quoteInline(`@${login}`);
}
