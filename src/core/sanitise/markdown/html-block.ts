// The seven ways in which CommonMark lets a line open a block of raw HTML, and what ends each.

/** What ends the block: a line that holds this, or a blank line. */
export type HtmlEnd =
  | { readonly kind: 'text'; readonly pattern: RegExp; readonly closer: string }
  | { readonly kind: 'blank' };

const rawElements: readonly [start: RegExp, pattern: RegExp, closer: string][] = [
  [/^<script(?:[ \t>]|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</script>'],
  [/^<pre(?:[ \t>]|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</pre>'],
  [/^<style(?:[ \t>]|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</style>'],
  [/^<textarea(?:[ \t>]|$)/i, /<\/(?:script|pre|style|textarea)>/i, '</textarea>'],
  [/^<!--/, /-->/, '-->'],
  [/^<\?/, /\?>/, '?>'],
  [/^<![A-Za-z]/, />/, '>'],
  [/^<!\[CDATA\[/, /\]\]>/, ']]>'],
];

const blockNames =
  'address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|' +
  'fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|' +
  'menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|' +
  'track|ul';
const blockTag = new RegExp(`^</?(?:${blockNames})(?:[ \\t]|/?>|$)`, 'i');

const attribute = '[ \\t]+[A-Za-z_:][\\w:.-]*(?:[ \\t]*=[ \\t]*(?:[^ \\t"\'=<>`]+|\'[^\']*\'|"[^"]*"))?';
const openTag = new RegExp(`^<[A-Za-z][A-Za-z0-9-]*(?:${attribute})*[ \\t]*/?>[ \\t]*$`);
const closeTag = /^<\/[A-Za-z][A-Za-z0-9-]*[ \t]*>[ \t]*$/;

/** `line` begins at its first character and is indented by less than four columns. */
export function parseHtmlStart(
  line: string,
  { interruptsParagraph }: { interruptsParagraph: boolean },
): HtmlEnd | undefined {
  if (line[0] !== '<') return undefined;
  for (const [start, pattern, closer] of rawElements) {
    if (start.test(line)) return { kind: 'text', pattern, closer };
  }
  if (blockTag.test(line)) return { kind: 'blank' };
  // Any other tag opens a block only when it stands alone and interrupts no paragraph.
  if (!interruptsParagraph && (openTag.test(line) || closeTag.test(line))) return { kind: 'blank' };
  return undefined;
}
