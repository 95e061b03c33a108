import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Proof {
  readonly file: string;
  /** How the title of one test begins; without it, the whole file. */
  readonly name?: string;
}

interface Row {
  readonly number: string | undefined;
  readonly promise: string;
  readonly proofs: readonly Proof[];
}

const rows = readFileSync(join(root, 'docs/test-matrix.md'), 'utf8')
  .split('\n')
  .flatMap((line): Row[] => {
    const [, number, promise, proofs] = /^\| (?:([LCK]\d+) \| )?([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
    if (promise === undefined || promise === 'promise' || proofs === undefined) return [];
    return [{ number, promise, proofs: parseProofs(proofs) }];
  });

function parseProofs(proofs: string): Proof[] {
  return proofs.split(' · ').map((proof) => {
    const [, file = proof, name] = /^`([^`]+)`(?: › (.+))?$/.exec(proof) ?? [];
    return name === undefined ? { file } : { file, name };
  });
}

/** What stands first in a call: the titles of tests and of their groups among it, and no comment and no expectation. */
function readTitles(file: string): string[] {
  const path = join(root, file);
  if (!statSync(path).isFile()) return [];
  const literals = readFileSync(path, 'utf8').matchAll(/\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1\s*,/g);
  return [...literals].map(([, , text = '']) => text.replace(/\\(['"`])/g, '$1'));
}

const numbers = (letter: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${letter}${from + at}`);

describe('the matrix of promises', () => {
  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(40);
  });

  it('has every number, with a test that is named', () => {
    const named = rows.filter(({ proofs }) => proofs.some(({ name }) => name !== undefined));
    const found = new Set(named.flatMap(({ number }) => number ?? []));
    expect([...found].sort()).toEqual(
      [...numbers('C', 31, 53), ...numbers('K', 1, 25), ...numbers('L', 14, 30)].sort(),
    );
  });

  it.each(rows)('names tests that exist: $promise', ({ proofs }) => {
    for (const { file, name } of proofs) {
      expect(existsSync(join(root, file)), file).toBe(true);
      if (name === undefined) continue;
      const titles = readTitles(file);
      expect(
        titles.some((title) => title.includes(name)),
        `${file} › ${name}`,
      ).toBe(true);
    }
  });
});
