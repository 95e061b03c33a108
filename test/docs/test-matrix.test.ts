import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

interface Proof {
  readonly file: string;
  /** The name of one test; without it, the whole file. */
  readonly name?: string;
}

const rows = readFileSync(join(root, 'docs/test-matrix.md'), 'utf8')
  .split('\n')
  .flatMap((line) => {
    const [, promise, proofs] = /^\| ([^|]+) \| ([^|]+) \|$/.exec(line) ?? [];
    return promise === undefined || promise === 'promise' || proofs === undefined ? [] : [{ promise, proofs }];
  });

function parseProofs(proofs: string): Proof[] {
  return proofs.split(' · ').map((proof) => {
    const [, file = proof, name] = /^`([^`]+)`(?: › (.+))?$/.exec(proof) ?? [];
    return name === undefined ? { file } : { file, name };
  });
}

describe('the matrix of promises', () => {
  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(40);
  });

  it.each(rows)('names tests that exist: $promise', ({ proofs }) => {
    for (const { file, name } of parseProofs(proofs)) {
      expect(existsSync(join(root, file)), file).toBe(true);
      if (name !== undefined) expect(readFileSync(join(root, file), 'utf8'), file).toContain(name);
    }
  });
});
