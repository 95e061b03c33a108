import { expect, it } from 'vitest';
import { rememberNewest } from '../../../src/core/policy/remember-newest.ts';

it('reads each of the newest texts once, and gives what nobody can change', () => {
  const asked: string[] = [];
  const read = rememberNewest(2, (text) => {
    asked.push(text);
    return { list: [text] };
  });
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(read(text)).toEqual({ list: [text] });
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
  expect(() => read('b').list.push('more')).toThrow();
});
