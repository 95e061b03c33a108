import { expect, it } from 'vitest';
import { rememberNewest } from '../../../src/core/policy/remember-newest.ts';

it('reads each of the newest texts once, and again what it has forgotten', () => {
  const asked: string[] = [];
  const read = rememberNewest(2, (text) => {
    asked.push(text);
    return { list: [text] };
  });
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(read(text)).toEqual({ list: [text] });
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});
