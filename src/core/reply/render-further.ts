import { quoteCode } from './quote-inline.ts';

const namedAtMost = 5;
const charsAtMost = 40;

/** One comment is one command: what else of it was addressed to us. */
export function renderFurther(alsoFound: readonly string[]): string | undefined {
  if (alsoFound.length === 0) return undefined;
  const named = alsoFound.slice(0, namedAtMost).map((text) => quoteCode(text, charsAtMost));
  const more = alsoFound.length > named.length ? ` and ${alsoFound.length - named.length} more` : '';
  return `Only the first command of a comment is run; not run: ${named.join(', ')}${more}.`;
}
