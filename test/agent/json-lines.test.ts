import { PassThrough } from 'node:stream';
import { expect, it, vi } from 'vitest';
import { readJsonLines } from '../../src/agent/json-lines.ts';

it('keeps few pieces of a line, also of one that comes byte by byte', () => {
  const concat = vi.spyOn(Buffer, 'concat');
  const stream = new PassThrough();
  const values: unknown[] = [];
  readJsonLines(stream, { maxLineBytes: 10_000, onActivity: () => {}, onValue: (value) => values.push(value) });
  const text = 'x'.repeat(8_000);
  for (const byte of Buffer.from(`${JSON.stringify(text)}\n${'y'.repeat(20_000)}\n7\n`)) {
    stream.emit('data', Buffer.from([byte]));
  }
  expect(values).toEqual([text, 7]);
  expect(Math.max(...concat.mock.calls.map(([parts]) => parts.length))).toBeLessThanOrEqual(1_001);
  concat.mockRestore();
});
