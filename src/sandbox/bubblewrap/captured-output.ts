// Takes what a process prints as fast as it comes, up to a number of bytes for all its streams together. What is over
// is dropped and counted, and the stream says so at its end. The process is never held up by a slow
// reader, only by printing much more than anybody will get.
import { Readable } from 'node:stream';

/** Enough to hold the complaint of a program that could not start. */
const headBytes = 2_048;
const restMs = 5;

export class CapturedOutput {
  #bytesLeft: number;

  constructor(maxBytes: number) {
    this.#bytesLeft = maxBytes;
  }

  /** `head` holds the first bytes of the stream, also when nobody reads it. */
  capture(source: Readable): { readonly stream: Readable; readonly head: () => string } {
    const stream = new Readable({ read() {} });
    const head: Buffer[] = [];
    let headLeft = headBytes;
    let dropped = 0;
    source.on('data', (chunk: Buffer) => {
      if (headLeft > 0) head.push(chunk.subarray(0, headLeft));
      headLeft -= chunk.length;
      const kept = this.#take(chunk.length);
      if (kept > 0) stream.push(chunk.subarray(0, kept));
      dropped += chunk.length - kept;
      if (kept === 0) rest(source);
    });
    // A stream that breaks closes as well; why does not matter, the process is what counts.
    source.on('error', () => undefined);
    source.once('close', () => {
      if (dropped > 0) stream.push(renderDropped(dropped));
      stream.push(null);
    });
    return { stream, head: () => Buffer.concat(head).toString('utf8').trim() };
  }

  #take(bytes: number): number {
    const taken = Math.min(bytes, this.#bytesLeft);
    this.#bytesLeft -= taken;
    return taken;
  }
}

/** A flood that nobody will read must not keep this process busy. */
function rest(source: Readable): void {
  source.pause();
  setTimeout(() => source.resume(), restMs);
}

function renderDropped(bytes: number): string {
  return `\n[output limit reached: ${bytes} more bytes were dropped]\n`;
}
