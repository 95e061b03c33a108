import type { Readable } from 'node:stream';

export interface JsonLinesOptions {
  /** A longer line is skipped without being kept. */
  readonly maxLineBytes: number;
  /** Called for each chunk that arrives, whatever is in it. */
  readonly onActivity: () => void;
  readonly onValue: (value: unknown) => void;
}

/** Each piece costs more than what is in it, and a line can come byte by byte. */
const maxParts = 1_000;

/**
 * Reads one JSON value per line, for as long as the stream lasts. The stream belongs to a process that may have been
 * taken over: lines that are too long or no JSON are skipped, and no more than one line is ever kept.
 */
export function readJsonLines(stream: Readable, { maxLineBytes, onActivity, onValue }: JsonLinesOptions): void {
  let parts: Buffer[] = [];
  let length = 0;
  const append = (part: Buffer) => {
    length += part.length;
    if (length > maxLineBytes) parts = [];
    else if (parts.length < maxParts) parts.push(part);
    else parts = [Buffer.concat([...parts, part])];
  };
  const endLine = () => {
    const line = length <= maxLineBytes ? Buffer.concat(parts).toString('utf8') : '';
    parts = [];
    length = 0;
    const value = parseJson(line);
    if (value !== undefined) onValue(value);
  };
  stream.on('data', (chunk: Buffer) => {
    onActivity();
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      append(chunk.subarray(start, end));
      endLine();
      start = end + 1;
    }
    append(chunk.subarray(start));
  });
  // The process's end is learned from the process, not from its pipes.
  stream.on('error', () => {});
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
