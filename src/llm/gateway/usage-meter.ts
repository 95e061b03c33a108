// Passes an answer through unchanged and reads the provider's own usage figures on the way. It parses JSON fields and
// never searches text, so a model that prints something like a usage report changes nothing.
import { Transform, type TransformCallback } from 'node:stream';
import { parseJson } from './parse-json.ts';
import { parseReport, type ReportedUsage } from './reported-usage.ts';
import type { Protocol } from './route.ts';

/** An event or a whole body longer than this is passed on and not read. */
const maxReadBytes = 8 * 1024 * 1024;

export interface UsageMeter {
  readonly stream: Transform;
  /** What was told so far, and whether that is all. */
  read(): { readonly usage: ReportedUsage; readonly final: boolean };
}

export interface UsageMeterOptions {
  readonly protocol: Protocol;
  readonly streamed: boolean;
  /** The stream fails when an answer is longer. */
  readonly maxBytes: number;
}

export function createUsageMeter({ protocol, streamed, maxBytes }: UsageMeterOptions): UsageMeter {
  let usage: ReportedUsage = {};
  let final = false;
  let passed = 0;
  const take = (text: string) => {
    const value = parseJson(text);
    for (const part of Array.isArray(value) ? value : [value]) {
      const report = parseReport(protocol, part, streamed);
      if (report) {
        usage = { ...usage, ...report.usage };
        final ||= report.final;
      }
    }
  };
  const collect = streamed ? collectEvents(take) : collectBody(take);
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      passed += chunk.length;
      if (passed > maxBytes) return done(new Error('the answer is larger than allowed'));
      collect.add(chunk);
      done(null, chunk);
    },
    flush(done: TransformCallback) {
      collect.end();
      done();
    },
  });
  return { stream, read: () => ({ usage, final }) };
}

interface Collector {
  add(chunk: Buffer): void;
  end(): void;
}

/** The data lines of server-sent events, whatever the chunks they arrive in. */
function collectEvents(take: (text: string) => void): Collector {
  let line: Buffer[] = [];
  let length = 0;
  const append = (part: Buffer) => {
    length += part.length;
    if (length <= maxReadBytes) line.push(part);
  };
  const endLine = () => {
    // Only few events tell usage; the others need no parsing.
    const text = length <= maxReadBytes ? Buffer.concat(line).toString('utf8') : '';
    if (text.startsWith('data:') && text.includes('"usage')) take(text.slice('data:'.length));
    line = [];
    length = 0;
  };
  return {
    add(chunk) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        append(chunk.subarray(start, end));
        endLine();
        start = end + 1;
      }
      append(chunk.subarray(start));
    },
    end: endLine,
  };
}

function collectBody(take: (text: string) => void): Collector {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    add(chunk) {
      length += chunk.length;
      if (length <= maxReadBytes) chunks.push(chunk);
    },
    end() {
      if (length <= maxReadBytes) take(Buffer.concat(chunks).toString('utf8'));
    },
  };
}
