// Turns the text of the file into plain values and remembers where each of them stands. Aliases are refused: settings
// have no use for them, and a few lines of them can stand for gigabytes.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument } from 'yaml';
import { cutFound } from '../command/argument.ts';
import type { PolicyMistake } from './policy-mistake.ts';

export type ValuePath = readonly (string | number)[];

export type YamlReading =
  | { readonly kind: 'read'; readonly file: YamlFile }
  /** Nothing of the text applies. */
  | { readonly kind: 'unreadable'; readonly mistake: PolicyMistake };

export interface YamlFile {
  /** Keys without a value are left out. */
  readonly value: Record<string, unknown>;
  readonly mistakes: readonly YamlMistake[];
  readonly locate: (path: ValuePath, at: 'key' | 'value') => Place;
}

/** A mistake that YAML itself shows, with the path of the value that cannot be used. */
interface YamlMistake {
  readonly kind: 'duplicate_key' | 'bad_value';
  readonly path: ValuePath;
  readonly place: Place;
  readonly found: string;
  readonly expected: string;
}

interface Place {
  readonly line: number;
  readonly column: number;
}

const maxChars = 65_536;

export function parseYaml(text: string): YamlReading {
  if (text.length > maxChars) {
    const found = `${text.length} characters`;
    return refuse({ kind: 'too_large', line: 1, column: 1, found, expected: `at most ${maxChars} characters` });
  }
  const counter = new LineCounter();
  // Duplicate keys are looked for here, because the parser compares every key with every other.
  const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false, prettyErrors: false });
  const toPlace = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const [error] = document.errors;
  if (error) {
    const expected = `valid YAML: ${cutFound(error.message, 200)}`;
    return refuse({ kind: 'syntax', ...toPlace(error.pos[0]), found: '', expected });
  }
  const root = document.contents;
  const isEmpty = root === null || (isScalar(root) && root.value === null);
  if (!isEmpty && !isMap(root)) {
    const found = isSeq(root) ? 'a list' : cutFound(String(root));
    return refuse({ kind: 'bad_value', ...toPlace(startOf(root) ?? 0), found, expected: 'keys with values' });
  }
  const reader = new ValueReader(toPlace);
  const value = isMap(root) ? reader.readMap(root.items, []) : {};
  const locate: YamlFile['locate'] = (path, at) => toPlace(findOffset(document, path, at));
  return { kind: 'read', file: { value, mistakes: reader.mistakes, locate } };
}

function refuse(mistake: Omit<PolicyMistake, 'path'>): YamlReading {
  return { kind: 'unreadable', mistake: { ...mistake, path: '' } };
}

class ValueReader {
  readonly mistakes: YamlMistake[] = [];
  readonly #toPlace: (offset: number) => Place;

  constructor(toPlace: (offset: number) => Place) {
    this.#toPlace = toPlace;
  }

  #read(node: unknown, path: ValuePath): unknown {
    if (isMap(node)) return this.readMap(node.items, path);
    if (isSeq(node)) return node.items.map((item, index) => this.#read(item, [...path, index]));
    if (isScalar(node)) return node.value;
    if (isAlias(node))
      this.#add('bad_value', node, path, { found: `*${node.source}`, expected: 'the value itself, not an alias' });
    return null;
  }

  readMap(pairs: readonly Pair[], path: ValuePath): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    const seen = new Set<string>();
    for (const { key, value } of pairs) {
      const name = readKey(key);
      if (seen.has(name)) {
        this.#add('duplicate_key', key, [...path, name], { found: cutFound(name), expected: 'every key once' });
      }
      seen.add(name);
      const read = this.#read(value, [...path, name]);
      if (read !== null && read !== undefined) entries.set(name, read);
    }
    return Object.fromEntries(entries);
  }

  #add(kind: YamlMistake['kind'], node: unknown, path: ValuePath, about: { found: string; expected: string }): void {
    this.mistakes.push({ kind, path, place: this.#toPlace(startOf(node) ?? 0), ...about });
  }
}

function findOffset(document: Document, path: ValuePath, at: 'key' | 'value'): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node) ? node.items.findLast(({ key }) => readKey(key) === step) : undefined;
    node = isSeq(node) && typeof step === 'number' ? node.items[step] : pair?.value;
    const isKeyWanted = at === 'key' && depth === path.length - 1;
    offset = startOf(isKeyWanted ? pair?.key : node) ?? startOf(pair?.key) ?? offset;
  }
  return offset;
}

function readKey(key: unknown): string {
  return isScalar(key) ? String(key.value) : '?';
}

function startOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined;
}
