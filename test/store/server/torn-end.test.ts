import { expect, test } from 'vitest';
import { isTornEnd } from '../../../src/store/server/torn-end.ts';

const set = '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nv\r\nv2\r\n';
const transaction = `*1\r\n$5\r\nMULTI\r\n${set}${set}`;

test('a transaction that ends anywhere is a torn end, with or without zeros behind', () => {
  for (let length = 0; length <= transaction.length; length++) {
    const cut = Buffer.from(transaction.slice(0, length));
    expect(isTornEnd(cut), `cut at ${length}`).toBe(true);
    expect(isTornEnd(Buffer.concat([cut, Buffer.alloc(4096)])), `zeros from ${length}`).toBe(true);
  }
});

test.each([
  ['a wrong byte with commands behind it', `XX${set}`],
  ['a wrong sign', transaction.replace('$3', '!3')],
  ['a wrong length', set.replace('$3', '$2') + set],
  ['text in a length', set.replace('$3', '$3x')],
  ['zeros with commands behind them', `${'\0'.repeat(100)}${set}`],
  ['the text of another file', 'file appendonly.aof.1.base.rdb seq 1 type b\n'],
])('%s is damage', (_what, tail) => {
  expect(isTornEnd(Buffer.from(tail))).toBe(false);
});
