// Reads the settings of a repository. Whatever is wrong is named with its place, and only that does not apply: a bad
// key keeps its last good value, else that of the layer below, else its default. Nothing here throws.
import type { z } from 'zod';
import { cutFound } from '../command/argument.ts';
import { copyPlain } from '../model/copy-plain.ts';
import { describeExpected, describeFound } from './describe-issue.ts';
import { findNearestKey } from './find-nearest-key.ts';
import { parseYaml, type ValuePath, type YamlFile } from './parse-yaml.ts';
import { Policy } from './policy.ts';
import type { PolicyMistake } from './policy-mistake.ts';
import { rememberNewest } from './remember-newest.ts';
import { fillFrom, listKeys, readAt, type SettingsTree, setAt } from './settings-tree.ts';

export interface PolicyLayers {
  /** What was in force before: bad keys, and every key of a file that cannot be read, keep their values from it. */
  readonly lastGood?: Pick<ParsedPolicy, 'policy' | 'said'> | undefined;
  /** The organisation's settings: a key that the file does not name has its value from there. Lists are not joined. */
  readonly fallback?: Policy | undefined;
}

export interface ParsedPolicy {
  readonly policy: Policy;
  /** In the order of the file, at most 20. */
  readonly mistakes: readonly PolicyMistake[];
  /** The keys that the file sets and that apply, such as `verify.commands`. */
  readonly given: readonly string[];
  /** Those, and the ones that it says wrongly and said rightly before. Everything else comes from the layers below. */
  readonly said: readonly string[];
}

const maxMistakes = 20;

export function parsePolicy(text: string | undefined, layers: PolicyLayers = {}): ParsedPolicy {
  const isAlone = layers.lastGood === undefined && layers.fallback === undefined;
  return isAlone ? copyPlain(readAlone(text ?? '')) : readLayers(text, layers);
}

/** Each command is read by these settings, and they change rarely. */
const readAlone = rememberNewest(20, (text) => readLayers(text, {}));

function readLayers(text: string | undefined, layers: PolicyLayers): ParsedPolicy {
  const floor = layers.fallback ?? Policy.parse({});
  const reading = parseYaml(text ?? '');
  if (reading.kind === 'read') return new PolicyReader(reading.file, floor, layers.lastGood).read();
  const { policy, said } = layers.lastGood ?? { policy: floor, said: [] };
  return { policy, mistakes: [{ ...reading.mistake, ...toKept(said) }], given: [], said };
}

/**
 * As `parsePolicy`, with what was in force before taken from the file's own past: whoever reads the same versions comes to
 * the same settings, and nobody has to remember them. `earlier` versions are the newest first.
 */
export function parsePolicyWithPast(
  text: string | undefined,
  earlier: readonly string[] = [],
  fallback?: Policy,
): ParsedPolicy {
  const lastGood = earlier.reduceRight<ParsedPolicy | undefined>(
    (before, version) => parsePolicy(version, { lastGood: before, fallback }),
    undefined,
  );
  return parsePolicy(text, { lastGood, fallback });
}

class PolicyReader {
  readonly #file: YamlFile;
  readonly #floor: Policy;
  readonly #lastGood: PolicyLayers['lastGood'];
  readonly #tree: SettingsTree;
  readonly #mistakes: PolicyMistake[] = [];
  #count = 0;
  /** Keys that do not have their value from the file any more. */
  readonly #replaced = new Set<string>();

  constructor(file: YamlFile, floor: Policy, lastGood: PolicyLayers['lastGood']) {
    this.#file = file;
    this.#floor = floor;
    this.#lastGood = lastGood;
    this.#tree = structuredClone(file.value);
    fillFrom(this.#tree, floor);
  }

  read(): ParsedPolicy {
    for (const { path, place, ...mistake } of this.#file.mistakes) {
      const key = toKey(path);
      this.#count += 1;
      this.#mistakes.push({ ...mistake, ...place, path: key.join('.'), ...toKept(this.#listSaid(key)) });
      this.#replace(key);
    }
    const policy = this.#parse();
    const mistakes = this.#cutMistakes();
    const given = listKeys(this.#file.value)
      .filter((key) => key.every((_, depth) => !this.#isReplaced(key.slice(0, depth + 1))))
      .map((key) => key.join('.'));
    const kept = [...this.#replaced].flatMap((key) => this.#listSaid(JSON.parse(key)));
    return { policy, mistakes, given, said: [...new Set([...given, ...kept])] };
  }

  /** What is not told may be about anything. */
  #cutMistakes(): readonly PolicyMistake[] {
    const mistakes = this.#mistakes.sort((a, b) => a.line - b.line || a.column - b.column);
    if (this.#count <= maxMistakes) return mistakes;
    const told = mistakes.slice(0, maxMistakes - 1);
    const { line, column } = mistakes[maxMistakes - 1] ?? { line: 1, column: 1 };
    const found = `${this.#count - told.length} more`;
    return [...told, { kind: 'too_many', line, column, path: '', found, expected: 'none' }];
  }

  /** Every round replaces at least one value, first by a last good one and then by none, so there are few. */
  #parse(): Policy {
    for (let round = 0; round < 6; round += 1) {
      const result = Policy.safeParse(this.#tree);
      if (result.success) return result.data;
      for (const issue of result.error.issues) this.#take(issue);
    }
    return this.#floor;
  }

  #take(issue: z.core.$ZodIssue): void {
    const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
    if (issue.code !== 'unrecognized_keys') this.#takeBad(path, issue);
    else if (path.some((step) => typeof step === 'number')) this.#takeUnknownOfEntry(path, issue.keys);
    else this.#takeUnknown(toKey(path), issue.keys);
  }

  /** A key of an entry of a list: as with every bad entry, the list is what does not apply. */
  #takeUnknownOfEntry(path: ValuePath, [name = '']: readonly string[]): void {
    const found = cutFound(name);
    const place = () => this.#file.locate([...path, name], 'key');
    this.#note(toKey(path), () => ({ kind: 'unknown_key', ...place(), found, expected: 'a key that exists' }));
  }

  #takeUnknown(section: readonly string[], names: readonly string[]): void {
    for (const name of names) {
      const key = [...section, name];
      const found = cutFound(name);
      this.#note(key, () => ({ kind: 'unknown_key', ...this.#file.locate(key, 'key'), found, ...suggest(key) }));
    }
  }

  #takeBad(path: ValuePath, issue: z.core.$ZodIssue): void {
    this.#note(toKey(path), () => ({
      kind: 'bad_value',
      ...this.#file.locate(path, 'value'),
      found: describeFound(readAt(this.#file.value, path)),
      expected: describeExpected(issue),
      ...toKept(this.#listSaid(toKey(path))),
    }));
  }

  #note(key: readonly string[], describe: () => Omit<PolicyMistake, 'path'>): void {
    if (this.#isReplaced(key)) {
      setAt(this.#tree, key, undefined);
      return;
    }
    this.#count += 1;
    // Places are looked up only for as many as may be shown.
    if (this.#mistakes.length < 10 * maxMistakes) this.#mistakes.push({ ...describe(), path: key.join('.') });
    this.#replace(key);
  }

  #replace(key: readonly string[]): void {
    this.#replaced.add(JSON.stringify(key));
    setAt(this.#tree, key, readAt(this.#lastGood?.policy, key) ?? readAt(this.#floor, key));
  }

  /** Keys from here on that the file said when it was last right. */
  #listSaid(key: readonly string[]): readonly string[] {
    const path = key.join('.');
    return (this.#lastGood?.said ?? []).filter((said) => said === path || said.startsWith(`${path}.`));
  }

  #isReplaced(key: readonly string[]): boolean {
    return this.#replaced.has(JSON.stringify(key));
  }
}

/** A bad entry makes its whole list bad: half a list of commands or paths is not what anybody wanted. */
function toKey(path: ValuePath): string[] {
  const end = path.findIndex((step) => typeof step === 'number');
  return path.slice(0, end === -1 ? path.length : end).map(String);
}

function toKept(kept: readonly string[]): Pick<PolicyMistake, 'kept'> {
  return kept.length === 0 ? {} : { kept };
}

function suggest(key: readonly string[]): Pick<PolicyMistake, 'expected' | 'nearest'> {
  const nearest = findNearestKey(key);
  return nearest === undefined ? { expected: 'a key that exists' } : { expected: nearest, nearest };
}
