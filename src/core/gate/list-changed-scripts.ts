// Scripts of package files that a change makes others, where a verify command names them or leads to them. Names are looked for
// among the words of a command, whoever runs it (npm, yarn, pnpm, bun, turbo, nx, npm-run-all, …) and in whichever package: to say
// too much costs a look, and to say too little hides what was made to pass.
import type { Weakening } from '../model/weakening.ts';
import { quoteChanged } from './quote-changed.ts';
import { parsePackage } from './restore-scripts.ts';

/** One file; undefined where there is none. Of a file that moved `before` is where it was. */
export interface PackageTexts {
  readonly path: string;
  readonly before: string | undefined;
  readonly now: string | undefined;
}

export interface PackageChanges {
  readonly changed: readonly PackageTexts[];
  /** Others that may lead to the scripts of those, as they are. */
  readonly others: readonly string[];
}

export function listChangedScripts({ changed, others }: PackageChanges, commands: readonly string[]): Weakening[] {
  // A file that is new takes nothing away.
  const files = changed.flatMap(({ path, before, now }) =>
    before === undefined
      ? []
      : [{ path, before: readScripts(before), now: now === undefined ? none : readScripts(now) }],
  );
  const known = [...files.map(({ before }) => before), ...others.map(readScripts)];
  const isReached = findReached(
    known.flatMap((scripts) => [...(scripts ?? none)]),
    commands,
  );
  return files.flatMap(({ path, before, now }): Weakening[] => {
    if (!before || !now) return [{ kind: 'unread', path }];
    // One that is added may be run before or after another one, or instead of a program of its name.
    const found = [
      ...[...before].filter(([name, text]) => now.get(name) !== text),
      ...[...now].filter(([name]) => !before.has(name)),
    ];
    return found
      .filter(([name]) => isReached(name))
      .map(([name, text]) => {
        const detail = quoteChanged(`${JSON.stringify(name)}: ${JSON.stringify(text)}`);
        return { kind: 'command_changed', path, detail };
      });
  });
}

type Scripts = ReadonlyMap<string, string>;

const none: Scripts = new Map();

/** Undefined of what is no package file. */
function readScripts(text: string): Scripts | undefined {
  const file = parsePackage(text);
  if (!file) return undefined;
  const { scripts } = file;
  const entries = typeof scripts === 'object' && scripts !== null ? Object.entries(scripts) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** What tests as a rule, whoever starts it: a Makefile may. */
const usual = /^(?:test|check|lint|verify|ci)(?::|$)/;

/** More than anybody writes: then everything counts as reached, and nobody waits for it. */
const scriptsAtMost = 2_000;
const charsAtMost = 256 * 1024;
const patternsAtMost = 200;
/** No pattern is longer. */
const patternCharsAtMost = 200;

/** Whether one of this name is run, or run before or after one that is, in whichever package. */
function findReached(
  scripts: readonly (readonly [name: string, text: string])[],
  commands: readonly string[],
): (name: string) => boolean {
  const chars = scripts.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
  if (scripts.length > scriptsAtMost || chars > charsAtMost) return () => true;
  const texts = new Map<string, string[]>();
  for (const [name, text] of scripts) texts.set(name, [...(texts.get(name) ?? []), text]);
  const names = [...texts.keys()];
  const phrases = names.filter((name) => splitWords(name)[0] !== name);
  if (phrases.length > patternsAtMost) return () => true;
  const reached = new Set<string>();
  const starts = new Set<string>();
  const waiting = [...commands];
  const reach = (name: string) => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const each of [`pre${name}`, name, `post${name}`]) waiting.push(...(texts.get(each) ?? []));
  };
  for (const name of names) if (usual.test(name)) reach(name);
  for (let text = waiting.pop(); text !== undefined; text = waiting.pop()) {
    for (const phrase of phrases) if (text.includes(phrase)) reach(phrase);
    for (const word of splitWords(text)) {
      if (reached.has(word)) continue;
      reach(word);
      if (word.length > patternCharsAtMost) continue;
      for (const name of listEnds(word)) if (texts.has(name)) reach(name);
      const start = readPattern(word);
      if (start === undefined || starts.has(start)) continue;
      starts.add(start);
      if (starts.size > patternsAtMost) return () => true;
      for (const name of names) if (name.startsWith(start)) reach(name);
    }
  }
  return (name) => reached.has(name) || reached.has(name.replace(/^(?:pre|post)/, ''));
}

function splitWords(text: string): string[] {
  return text.split(/[\s;&|()<>"'`=,\\]+/).filter((word) => word !== '');
}

/** Some name a script behind that of its package, or behind the program that runs it: `npm:unit`, `app:unit`, `app#unit`. */
function listEnds(word: string): string[] {
  return [...word.matchAll(/[:#]/g)].map(({ index }) => word.slice(index + 1));
}

/** What every name begins with that a pattern is for, as npm-run-all and pnpm know them: `unit:*`, `/^unit:.+/`. */
function readPattern(word: string): string | undefined {
  return /^(?:\/\^?)?([\w:@-][\w:@/-]*)\.?[*+?{[!]/.exec(word)?.[1];
}
