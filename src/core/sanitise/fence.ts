/**
 * Text as a fenced code block that nothing in the text can end: the fence is longer than any run of backticks inside.
 * `info` is the language or label after the opening fence; what could break the line is dropped from it.
 */
export function fence(text: string, info = ''): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const marks = '`'.repeat(longest + 1);
  const label = info.replace(/[`\r\n]+/g, ' ').trim();
  return `${marks}${label}\n${text}${/[\r\n]$/.test(text) ? '' : '\n'}${marks}`;
}
