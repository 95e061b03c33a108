import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { acceptanceMutants } from './acceptance-mutants.ts';
import { conflictMutants } from './conflict-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import { pilotMutants } from './pilot-mutants.ts';
import { reviewMutants } from './review-mutants.ts';
import { setupMutants } from './setup-mutants.ts';
import { storeMutants } from './store-mutants.ts';

const root = join(import.meta.dirname, '../..');
const all = [
  ...engineMutants,
  ...acceptanceMutants,
  ...conflictMutants,
  ...reviewMutants,
  ...pilotMutants,
  ...setupMutants,
  ...storeMutants,
];

it.each(all)('$name: can be made, and its suite exists', ({ file, text, replacement, suite }) => {
  expect(readFileSync(join(root, file), 'utf8').split(text)).toHaveLength(2);
  expect(replacement).not.toBe(text);
  expect(existsSync(join(root, suite === 'simulation' ? 'test/simulation' : suite))).toBe(true);
});

it('names each of them once', () => {
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});
