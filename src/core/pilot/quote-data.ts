// Text that a repository, a log, a model or a person wrote, made safe to stand in a prompt: it is data, and nothing in it
// can end the fence around it or hide from the reader.

/** Invisible characters carry orders that people do not see; terminal colours only cost room. */
export function stripHidden(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').replace(TERMINAL_SEQUENCE, '').replace(HIDDEN, '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal sequences begin with one.
const TERMINAL_SEQUENCE = /\u001b\[[0-9;?]*[A-Za-z]/g;
// Control, format and private characters, line separators, and everything that renders as nothing.
const HIDDEN = /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Fences `text` with more backticks than it has in a row anywhere. Expects text that stripHidden has seen. */
export function fenceData(label: string, text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${label}\n${text}\n${fence}`;
}
