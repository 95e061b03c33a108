// A subject's log as server-sent events. Whoever does not take what is sent is dropped: it may come back with its
// cursor and misses nothing.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { SubjectId } from '../../core/model/subject.ts';
import { redactKeys } from '../../core/sanitise/redact-keys.ts';
import type { LoggedEvent } from '../../engine/port/store.ts';
import { commonHeaders, toProblem } from './answer.ts';
import { type Call, type Handle, readSubjectId, unknownSubject } from './call.ts';
import { parseEventCursor, renderEventCursor } from './event-cursor.ts';
import { type LogSink, tailLog } from './tail-log.ts';

export interface StreamOptions {
  readonly heartbeatMs: number;
  /** What one client may leave lying in our memory. */
  readonly bufferedBytesAtMost: number;
  readonly streamsAtMost: number;
}

export const streamDefaults: StreamOptions = {
  heartbeatMs: 15_000,
  bufferedBytesAtMost: 1024 * 1024,
  streamsAtMost: 1_000,
};

export interface Streams {
  readonly handle: Handle;
  count(): number;
}

export function createStreams(options: StreamOptions): Streams {
  const open = new Set<ServerResponse>();
  return {
    count: () => open.size,
    async handle({ store, feed }, call) {
      const subject = readSubjectId(call);
      if (!subject) return unknownSubject;
      const header = call.request.headers['last-event-id'];
      const cursor = typeof header === 'string' ? parseEventCursor(subject, header) : undefined;
      const isKnown = await isInStore(store, subject);
      // Whoever holds a cursor of it has seen it; the last words of a removed one are kept for a while.
      if (!isKnown && !cursor && (await store.readLogSlice(subject, 0, 1)).events.length === 0) return unknownSubject;
      if (open.size >= options.streamsAtMost)
        return toProblem('too_many_streams', `At most ${options.streamsAtMost} streams are open at a time.`);
      open.add(call.response);
      const sink = openSink(call, subject, options);
      try {
        await tailLog({ store, feed, subject, sink, signal: sink.signal, cursor, isKnown });
      } finally {
        sink.end();
        open.delete(call.response);
      }
      return undefined;
    },
  };
}

async function isInStore(store: Parameters<Handle>[0]['store'], subject: SubjectId): Promise<boolean> {
  const { record, isNewer, inbox } = await store.load(subject);
  return record !== undefined || isNewer || inbox.length > 0;
}

interface Sink extends LogSink {
  readonly signal: AbortSignal;
  end(): void;
}

function openSink({ response, requestId, signal }: Call, subject: SubjectId, options: StreamOptions): Sink {
  const dropped = new AbortController();
  const drop = () => {
    dropped.abort();
    response.destroy();
  };
  const write = (text: string) => {
    response.write(text);
    if (response.writableLength > options.bufferedBytesAtMost) drop();
  };
  let isWaiting = false;
  const beating = setInterval(() => {
    // It took nothing for a whole heartbeat: nobody reads at the other end.
    if (isWaiting && response.writableNeedDrain) return drop();
    isWaiting = response.writableNeedDrain;
    write(': beat\n\n');
  }, options.heartbeatMs);
  response.writeHead(200, {
    ...commonHeaders(requestId),
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
  });
  write('retry: 1000\n\n');
  const both = AbortSignal.any([signal, dropped.signal]);
  return {
    signal: both,
    show: (event) => write(renderMessage(renderEventCursor(subject, event), undefined, toShown(event))),
    showTrimmed(floor) {
      const text = `What came before event ${floor} is not in the log any more.`;
      write(renderMessage(renderEventCursor(subject, { sequence: floor - 1, at: 0 }), 'trimmed', { floor, text }));
    },
    showDeleted(event) {
      const id = event && renderEventCursor(subject, event);
      write(renderMessage(id, 'deleted', { text: 'The subject was removed; nothing follows.' }));
    },
    async untilDrained() {
      if (!response.writableNeedDrain) return;
      await once(response, 'drain', { signal: both }).catch(() => undefined);
    },
    end() {
      clearInterval(beating);
      response.end();
    },
  };
}

function toShown({ sequence, at, kind, text, data }: LoggedEvent): Record<string, unknown> {
  return { sequence, at, kind, text, ...(data ? { data } : {}) };
}

/** JSON holds no line ends, so one line of data is enough. */
function renderMessage(id: string | undefined, event: string | undefined, data: Record<string, unknown>): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    `data: ${JSON.stringify(redactKeys(data))}`,
  ];
  return `${lines.join('\n')}\n\n`;
}
