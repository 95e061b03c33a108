import type { Readable } from 'node:stream';

/** Keeps the last characters of what a stream of a process says, for messages to people. */
export function keepTail(stream: Readable, maxLength: number): () => string {
  let tail = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    tail = (tail + text).slice(-maxLength);
  });
  stream.on('error', () => {});
  return () => cleanText(tail, maxLength);
}

/** Text from inside a sandbox, made fit for one line of a message: no control characters, not too long. */
export function cleanText(text: string, maxLength: number): string {
  return text
    .slice(-maxLength * 4)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(-maxLength);
}
