import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { engineMutants } from './engine-mutants.ts';

const root = join(import.meta.dirname, '../..');

it.each(engineMutants)('$name: can be made', ({ file, text, replacement }) => {
  expect(readFileSync(join(root, file), 'utf8').split(text)).toHaveLength(2);
  expect(replacement).not.toBe(text);
});
