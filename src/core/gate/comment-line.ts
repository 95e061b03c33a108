// Lines that are nothing but a comment, by their beginning and the ending of their file's name.

/** Languages in which `#` begins one, and nothing else does. */
const hashed = /\.(?:py|rb|exs?|sh|bats|pl|t|feature|robot)$/;

/** For sure: what comes behind a comment that ends in the same line is code. */
export function isComment(path: string, line: string): boolean {
  if (hashed.test(path)) return /^\s*#/.test(line);
  const rest = line.replace(/^\s*(?:\/\*.*?\*\/\s*)+/, '');
  return /^\s*(?:\/\/|\/\*|$)/.test(rest);
}

/** A line that begins like this may go on with a comment of lines before it, or with their code. */
export function mayBeComment(path: string, line: string): boolean {
  return isComment(path, line) || (!hashed.test(path) && /^\s*(?:\*(?!\/)|#(?!\[)|--|<!--)/.test(line));
}
