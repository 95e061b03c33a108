// What a test can do to the bot's requests. Faults never touch requests made with a person's token.

export type FaultEffect =
  /** 429 before the effect. */
  | { readonly kind: 'rate_limit'; readonly retryAfterSeconds: number }
  /** 403 "You have exceeded a secondary rate limit" before the effect. */
  | { readonly kind: 'secondary_limit'; readonly retryAfterSeconds?: number }
  /** 403 with nothing left until the reset, and no `retry-after`: the hourly limit. */
  | { readonly kind: 'primary_limit'; readonly resetAfterSeconds: number }
  /** 503 before the effect. */
  | { readonly kind: 'unavailable' }
  /** The connection is closed without an answer. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** 502, either instead of the effect or after it happened. */
  | { readonly kind: 'bad_gateway'; readonly when: 'before' | 'after' }
  /** No answer at all, until the client gives up. */
  | { readonly kind: 'timeout'; readonly when: 'before' | 'after' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Nothing happens until the fault is ended; then the request is carried out as if it came just now. */
  | { readonly kind: 'held' };

export interface Fault {
  readonly id: number;
  /** `METHOD template`, both may be or contain `*`: `POST /repos/*`, `* *`, `POST /{owner}/{repo}.git/git-receive-pack`. */
  readonly route: string;
  remaining: number;
  readonly effect: FaultEffect;
  readonly ended: PromiseWithResolvers<void>;
}

/** One armed `holdAfterWrite`. */
export interface Hold {
  readonly id: number;
  /** How many writes still pass before the one that is held. */
  remaining: number;
  state: 'armed' | 'held' | 'released' | 'dropped';
  /** The log index of the request that is held. */
  requestIndex?: number;
}
