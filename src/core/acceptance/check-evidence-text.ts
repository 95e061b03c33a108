// Whether what was found bears out what was claimed. Nothing here trusts the words of whoever claims.
import { redact } from '../sanitise/redact.ts';
import { redactedMark } from '../sanitise/secret-shape.ts';

/** What looks at nothing: a command made of it alone shows nothing of the repository. */
const blind = new Set([
  ...['true', 'false', ':', 'echo', 'printf', 'exit', 'sleep', 'date', 'pwd', 'yes', 'seq', 'cd', 'set', 'export', ''],
  ...['fi', 'done'],
]);
/** What may stand before a command and is none. */
const prelude = /^(?:[\s({!]|(?:if|then|else|elif|while|until|do)\b|\w+=\S*(?:\s|$))+/;
/** Asks about a file that is not simply the place where it stands, which is always there. */
const aboutFile = /\s-[bcdefghkLprsSuwx]\s+["']?(?!\.{0,2}\/*["']?(?:\s|$))\S|\s-(?:nt|ot|ef)\s/;

export function looksAtSomething(command: string): boolean {
  // What stands between quotes begins no other command, unless the shell runs it for its output.
  const bare = command
    .replace(/'[^']*'|"[^"$`]*"/g, (text) => text.replace(/[;&|\n#]/g, '_'))
    .replace(/(^|\s)#[^\n]*/g, '$1');
  return bare.split(/[;&|\n`]+|\$\(/).some(isLook);
}

function isLook(part: string): boolean {
  const said = part.replace(prelude, '').replace(/[\s)}]+$/, '');
  const program = said.split(/[\s)]+/)[0] ?? '';
  return ['test', '[', '[['].includes(program) ? aboutFile.test(said) : !blind.has(program);
}

/** Text that the command was given itself is no output of what it ran. */
export function isInOutput(output: string, { command, quote }: { command: string; quote: string }): boolean {
  return flatten(output.replaceAll(command, '')).includes(flatten(quote)) && !flatten(command).includes(flatten(quote));
}

/** A shorter quote stands nearly everywhere. */
const quoteCharsAtLeast = 3;

/** At most so many lines show one thing; a whole file shows everything and nothing. */
const linesAtMost = 200;

/** Undefined when the lines are there and say it; else what is wrong, in words. */
export function findTraceFault(
  text: string | undefined,
  { path, from, to, quote }: { path: string; from: number; to: number; quote: string },
): string | undefined {
  if (text === undefined) return `there is no file ${path}`;
  if (to < from || to - from >= linesAtMost) return `${from} to ${to} are no lines that could be looked at`;
  if (quote.replace(/\s/g, '').length < quoteCharsAtLeast)
    return `a quote of less than ${quoteCharsAtLeast} characters shows nothing`;
  const lines = text.replace(/\n$/, '').split('\n');
  if (to > lines.length) return `${path} has ${lines.length} lines and no line ${to}`;
  return isQuoted(lines.slice(from - 1, to).join('\n'), quote)
    ? undefined
    : `lines ${from} to ${to} of ${path} do not say that`;
}

/**
 * Whether a text says it, word for word. Whoever quotes is never shown a secret and never heard with one: what would be taken
 * out of the text is compared as it reads then, and such a mark alone quotes nothing.
 */
export function isQuoted(text: string, quote: string): boolean {
  const said = flatten(quote);
  if (flatten(text).includes(said)) return true;
  const rest = said.replaceAll(redactedMark, '').replace(/\s/g, '');
  return said.includes(redactedMark) && rest.length >= quoteCharsAtLeast && flatten(redact(text).text).includes(said);
}

function flatten(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
