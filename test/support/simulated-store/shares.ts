// What records share besides permits and pots: buckets that refill, names that are claimed.
import type { BucketAnswer, BucketRequest } from '../../../src/engine/port/store.ts';

/** What is asked for of a bucket that never refills is not waited for any longer than this. */
const longestWaitMs = 86_400_000;

export class Shares {
  readonly #clock: { now(): number };
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #claims = new Map<string, number>();

  constructor(clock: { now(): number }) {
    this.#clock = clock;
  }

  takeTokens({ name, capacity, perSecond, amount, leave }: BucketRequest): BucketAnswer {
    const now = this.#clock.now();
    const bucket = this.#buckets.get(name) ?? { tokens: capacity, at: now };
    const refilled = bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1000;
    const tokens = Math.min(capacity, refilled);
    const needed = Math.min(amount + leave, capacity);
    if (tokens + 1e-9 < needed) {
      if (bucket.at > now) this.#buckets.set(name, { ...bucket, at: now });
      const waitMs = perSecond > 0 ? Math.ceil(((needed - tokens) / perSecond) * 1000) : longestWaitMs;
      return { kind: 'wait', until: now + Math.min(waitMs, longestWaitMs) };
    }
    this.#buckets.set(name, { tokens: tokens - amount, at: now });
    return { kind: 'taken' };
  }

  claim(name: string, ttlMs: number): boolean {
    const now = this.#clock.now();
    if ((this.#claims.get(name) ?? 0) > now) return false;
    this.#claims.set(name, now + ttlMs);
    return true;
  }
}
