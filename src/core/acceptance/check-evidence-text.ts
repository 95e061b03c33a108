// Whether what was found bears out what was claimed. Nothing here trusts the words of whoever claims.

/** Programs that look at nothing: a command made of them alone shows nothing of the repository. */
const blind = new Set(['true', ':', 'echo', 'printf', 'exit', 'sleep', 'date', 'pwd', 'yes', 'seq', '']);

export function looksAtSomething(command: string): boolean {
  return command.split(/[;&|\n]+/).some((part) => !blind.has(part.trim().split(/\s+/)[0] ?? ''));
}

/** Text that the command was given itself is no output of what it ran. */
export function isInOutput(output: string, { command, quote }: { command: string; quote: string }): boolean {
  return flatten(output.replaceAll(command, '')).includes(flatten(quote)) && !flatten(command).includes(flatten(quote));
}

/** At most so many lines show one thing; a whole file shows everything and nothing. */
const linesAtMost = 200;

/** Undefined when the lines are there and say it; else what is wrong, in words. */
export function findTraceFault(
  text: string | undefined,
  { path, from, to, quote }: { path: string; from: number; to: number; quote: string },
): string | undefined {
  if (text === undefined) return `there is no file ${path}`;
  if (to < from || to - from >= linesAtMost) return `${from} to ${to} are no lines that could be looked at`;
  const lines = text.replace(/\n$/, '').split('\n');
  if (to > lines.length) return `${path} has ${lines.length} lines and no line ${to}`;
  const shown = flatten(lines.slice(from - 1, to).join('\n'));
  return shown.includes(flatten(quote)) ? undefined : `lines ${from} to ${to} of ${path} do not say that`;
}

function flatten(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
