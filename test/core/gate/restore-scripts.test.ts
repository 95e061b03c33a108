import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPackageFile, restoreScripts } from '../../../src/core/gate/restore-scripts.ts';

it('has the scripts and settings of tests that the base has, and everything else of the change', () => {
  const before = { name: 'a', scripts: { test: 'vitest run' }, jest: { bail: 1 }, dependencies: { zod: '3' } };
  const now = { name: 'a', scripts: { test: 'true', pretest: 'rm -r test' }, vitest: {}, dependencies: { zod: '4' } };
  const restored: unknown = JSON.parse(restoreScripts(JSON.stringify(now), JSON.stringify(before)) ?? '');
  expect(restored).toEqual({ name: 'a', scripts: before.scripts, jest: before.jest, dependencies: { zod: '4' } });
});

it('is the same text where the change leaves them as they are, and nothing where one cannot be read', () => {
  const text = '{ "scripts": {"test": "x"},\n "version": "2" }';
  expect(restoreScripts(text, '{"scripts":{"test":"x"}}')).toBe(text);
  for (const broken of ['', '[]', 'null', '"x"', '{'])
    expect([restoreScripts(broken, text), restoreScripts(text, broken)]).toEqual([undefined, undefined]);
  expect(['package.json', 'a/package.json', 'package.json5', 'apackage.json'].map(isPackageFile)).toEqual([
    ...[true, true, false, false],
  ]);
});

it('runs what the base runs, whatever both hold', () => {
  const held = fc.dictionary(fc.constantFrom('scripts', 'jest', 'name', '__proto__', 'type'), fc.jsonValue());
  fc.assert(
    fc.property(held, held, (now, before) => {
      const text = restoreScripts(JSON.stringify(now), JSON.stringify(before));
      const restored = JSON.parse(text ?? '') as Record<string, unknown>;
      const old = JSON.parse(JSON.stringify(before)) as Record<string, unknown>;
      for (const key of ['scripts', 'jest']) expect(restored[key]).toEqual(old[key]);
      expect(restored['name']).toEqual((JSON.parse(JSON.stringify(now)) as Record<string, unknown>)['name']);
    }),
  );
});
