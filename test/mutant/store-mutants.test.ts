import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { storeMutants } from './store-mutants.ts';

const root = join(import.meta.dirname, '../..');

it.each(storeMutants)('$name: can be made, and its suite exists', ({ file, text, replacement, suite }) => {
  expect(readFileSync(join(root, file), 'utf8').split(text)).toHaveLength(2);
  expect(replacement).not.toBe(text);
  expect(existsSync(join(root, suite))).toBe(true);
});
