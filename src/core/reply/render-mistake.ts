import type { CommandMistake } from '../command/command-mistake.ts';
import { quoteCode, quoteInline } from './quote-inline.ts';

/** What was found, what was expected instead, and the nearest thing that would have worked. */
export function renderMistake(mistake: CommandMistake, slash: string): string {
  const where = `line ${mistake.line}, column ${mistake.column}`;
  const found = mistake.found === '' ? '' : ` I found ${quoteCode(mistake.found, 80)}.`;
  const hint = mistake.didYouMean === undefined ? '' : ` Did you mean ${quoteCode(`/${slash} ${mistake.didYouMean}`)}?`;
  return `I could not carry that out (${where}).${found} Expected: ${quoteInline(mistake.expected, 300)}.${hint} See \`/${slash} help\`.`;
}
