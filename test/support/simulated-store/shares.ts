// What records share besides permits: buckets that refill, pots that are spent, names that are claimed.
import type {
  BucketAnswer,
  BucketRequest,
  ReservationAnswer,
  ReservationRequest,
} from '../../../src/engine/port/store.ts';

interface Pot {
  readonly reserved: Map<string, number>;
  readonly settled: Set<string>;
  committed: number;
  keepMs: number;
  until: number;
}

/** What is asked for of a bucket that never refills is not waited for any longer than this. */
const longestWaitMs = 86_400_000;

export class Shares {
  readonly #clock: { now(): number };
  readonly #buckets = new Map<string, { tokens: number; at: number }>();
  readonly #pots = new Map<string, Pot>();
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

  reserve({ pot: name, id, amount, cap, holdMs, keepMs }: ReservationRequest): ReservationAnswer {
    const now = this.#clock.now();
    const pot = this.#findPot(name) ?? {
      reserved: new Map(),
      settled: new Set(),
      committed: 0,
      keepMs,
      until: now,
    };
    if (!pot.reserved.has(id)) {
      if (pot.committed + amount > cap + 1e-9) return { kind: 'over', committed: pot.committed };
      pot.reserved.set(id, amount);
      pot.committed += amount;
    }
    pot.keepMs = keepMs;
    pot.until = Math.max(pot.until, now + Math.max(keepMs, holdMs));
    this.#pots.set(name, pot);
    return { kind: 'reserved' };
  }

  settle(name: string, id: string, amount: number): void {
    const pot = this.#findPot(name);
    if (!pot || pot.settled.has(id)) return;
    pot.committed += amount - (pot.reserved.get(id) ?? 0);
    pot.reserved.set(id, amount);
    pot.settled.add(id);
    pot.until = Math.max(pot.until, this.#clock.now() + pot.keepMs);
  }

  #findPot(name: string): Pot | undefined {
    const pot = this.#pots.get(name);
    return pot && pot.until > this.#clock.now() ? pot : undefined;
  }

  claim(name: string, ttlMs: number): boolean {
    const now = this.#clock.now();
    if ((this.#claims.get(name) ?? 0) > now) return false;
    this.#claims.set(name, now + ttlMs);
    return true;
  }
}
