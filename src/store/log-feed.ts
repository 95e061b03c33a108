// One blocking reader per process over all logs that somebody follows, and the fan-out in memory. The position of each
// log is kept here, so a reader that lost its connection goes on exactly where it was.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { RecordId } from '../core/model/subject.ts';
import type { LogPort } from '../engine/port/log.ts';
import type { Following, LogFeedPort, LogNews } from '../engine/port/log-feed.ts';
import { parseLogged, toSequence } from './parse-logged.ts';

export interface LogFeed extends LogFeedPort {
  /** How many listen at this moment. */
  countListeners(): number;
  close(): Promise<void>;
}

interface Topic {
  readonly record: RecordId;
  position: number;
  readonly listeners: Set<(news: LogNews) => void>;
}

const StreamsRead = z.array(z.tuple([z.string(), z.array(z.tuple([z.string(), z.array(z.string())]))]));

/** How long one read waits; also how often it is looked whether a followed log is gone. */
const blockMs = 5_000;
const entriesAtMost = 200;
/** Redis answers a read within `blockMs`; a connection that says nothing for this long is dead. */
const silenceMs = 20_000;
const pauseMs = 500;

export function createLogFeed(redis: Redis, options: { prefix: string; log: LogPort }): LogFeed {
  return new Feed(redis, options);
}

class Feed implements LogFeed {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #log: LogPort;
  readonly #topics = new Map<RecordId, Topic>();
  /** A stream of this process alone: an entry in it ends a read that does not know of a new log yet. */
  readonly #wakeKey: string;
  #wakePosition = '0-0';
  #blocking: Redis | undefined;
  #reading: Promise<void> | undefined;
  #isReading = false;
  #isClosed = false;
  #lookedAt = 0;

  constructor(redis: Redis, { prefix, log }: { prefix: string; log: LogPort }) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#log = log;
    this.#wakeKey = `${prefix}:feed:${randomUUID()}`;
  }

  follow(record: RecordId, after: number, listener: (news: LogNews) => void): Following {
    const topic = this.#topics.get(record) ?? this.#open(record, after);
    const { position } = topic;
    topic.listeners.add(listener);
    return { position, stop: () => this.#leave(topic, listener) };
  }

  countListeners(): number {
    return [...this.#topics.values()].reduce((sum, { listeners }) => sum + listeners.size, 0);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#topics.clear();
    this.#blocking?.disconnect();
    await this.#reading;
  }

  #open(record: RecordId, after: number): Topic {
    const topic = { record, position: after, listeners: new Set<(news: LogNews) => void>() };
    this.#topics.set(record, topic);
    if (this.#isReading) this.#wake();
    else this.#reading = this.#readOn();
    return topic;
  }

  #leave(topic: Topic, listener: (news: LogNews) => void): void {
    topic.listeners.delete(listener);
    if (topic.listeners.size === 0 && this.#topics.get(topic.record) === topic) this.#topics.delete(topic.record);
  }

  /** Best effort: without it the read under way ends by itself a few seconds later. */
  #wake(): void {
    const write = this.#redis.multi().xadd(this.#wakeKey, 'MAXLEN', 1, '*', 'wake', '1').expire(this.#wakeKey, 60);
    write.exec().catch((error: unknown) => this.#log.debug({ error: String(error) }, 'the reader was not woken'));
  }

  async #readOn(): Promise<void> {
    this.#isReading = true;
    while (!this.#isClosed && this.#topics.size > 0) {
      try {
        await this.#readOnce();
        if (Date.now() - this.#lookedAt >= blockMs) await this.#endGone();
      } catch (error) {
        if (this.#isClosed) return;
        this.#log.warn({ error: String(error) }, 'the logs could not be read; they will be read again');
        await sleep(pauseMs);
      }
    }
    // In the same step as the last look at the topics, so that no new one is left to a reader that has ended.
    this.#isReading = false;
  }

  async #readOnce(): Promise<void> {
    const topics = [...this.#topics.values()];
    const keys = [this.#wakeKey, ...topics.map(({ record }) => this.#keyOf(record))];
    const from = [this.#wakePosition, ...topics.map(({ position }) => `${position}-1`)];
    this.#blocking ??= this.#connect();
    const answer = await this.#blocking.xread('COUNT', entriesAtMost, 'BLOCK', blockMs, 'STREAMS', ...keys, ...from);
    for (const [key, entries] of StreamsRead.parse(answer ?? [])) {
      const topic = topics[keys.indexOf(key) - 1];
      if (topic) this.#tell(topic, entries);
      else this.#wakePosition = entries.at(-1)?.[0] ?? this.#wakePosition;
    }
  }

  #tell(topic: Topic, entries: readonly (readonly [string, readonly string[]])[]): void {
    const events = entries.map(([id, fields]) => parseLogged(id, fields));
    topic.position = events.at(-1)?.sequence ?? topic.position;
    for (const listener of [...topic.listeners]) listener({ kind: 'events', events });
    if (events.some(({ kind }) => kind === 'deleted')) this.#end(topic);
  }

  /** A log that is gone says nothing more, so it has to be looked for: also one that began anew below our position. */
  async #endGone(): Promise<void> {
    this.#lookedAt = Date.now();
    const topics = [...this.#topics.values()].filter(({ position }) => position > 0);
    const look = this.#redis.pipeline();
    for (const { record } of topics)
      look.exists(this.#keyOf(record)).xrevrange(this.#keyOf(record), '+', '-', 'COUNT', 1);
    const answers = (await look.exec()) ?? [];
    topics.forEach((topic, index) => {
      const [existsError, exists] = answers[2 * index] ?? [];
      const [lastError, last] = answers[2 * index + 1] ?? [];
      if (existsError || lastError) return;
      const [newest] = z.array(z.tuple([z.string(), z.array(z.string())])).parse(last);
      if (exists === 0 || (newest && toSequence(newest[0]) < topic.position)) this.#end(topic);
    });
  }

  #end(topic: Topic): void {
    if (this.#topics.get(topic.record) === topic) this.#topics.delete(topic.record);
    for (const listener of [...topic.listeners]) listener({ kind: 'gone' });
  }

  #keyOf(record: RecordId): string {
    return `${this.#prefix}:subject:${record}:log`;
  }

  #connect(): Redis {
    const blocking = this.#redis.duplicate({
      maxRetriesPerRequest: null,
      commandTimeout: undefined,
      socketTimeout: silenceMs,
    });
    blocking.on('error', (error: Error) => this.#log.warn({ error: error.message }, 'Redis'));
    return blocking;
  }
}
