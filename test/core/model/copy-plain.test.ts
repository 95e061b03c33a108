import fc from 'fast-check';
import { expect, it } from 'vitest';
import { copyPlain } from '../../../src/core/model/copy-plain.ts';

it('is equal to what it was made of, whatever its keys are called, and shares nothing with it', () => {
  const sharesNothing = (a: unknown, b: unknown): boolean =>
    typeof a !== 'object' ||
    a === null ||
    (a !== b && Object.entries(a).every(([key, part]) => sharesNothing(part, Reflect.get(b as object, key))));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = copyPlain(value);
      expect(copy).toEqual(value);
      expect(sharesNothing(value, copy)).toBe(true);
    }),
  );
  const hostile: unknown = JSON.parse('{"__proto__":{"isAdmin":true}}');
  expect(JSON.stringify(copyPlain(hostile))).toBe('{"__proto__":{"isAdmin":true}}');
});
