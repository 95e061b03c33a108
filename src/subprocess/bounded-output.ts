import type { Readable } from 'node:stream';

/** What a stream gave, up to a limit. */
export interface BoundedOutput {
  /** The bytes so far, never more than the limit. */
  read(): Buffer;
  /** There was more than the limit. */
  isCut(): boolean;
}

/** Collects a stream up to `maxBytes`; the rest is read and dropped. `onOver` is called once when the limit is passed. */
export function collectOutput(stream: Readable, maxBytes: number, onOver: () => void = () => undefined): BoundedOutput {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isCut = false;
  stream.on('data', (chunk: Buffer) => {
    if (isCut) return;
    const room = maxBytes - bytes;
    isCut = chunk.length > room;
    const kept = isCut ? chunk.subarray(0, room) : chunk;
    chunks.push(kept);
    bytes += kept.length;
    if (isCut) onOver();
  });
  return { read: () => Buffer.concat(chunks), isCut: () => isCut };
}
