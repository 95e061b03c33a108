export interface Delivery {
  readonly id: number;
  /** The `X-GitHub-Delivery` header. A redelivery has the GUID of the first one. */
  readonly guid: string;
  readonly redelivery: boolean;
  readonly appId: number;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly deliveredAt: number;
  /** Pending until the receiver has answered or failed. Dropped and held ones were kept from it by a rule. */
  state: 'pending' | 'held' | 'delivered' | 'failed' | 'dropped';
  /** GitHub's wording: `OK`, or what went wrong. */
  status: string;
  statusCode: number;
  durationMs: number;
  readonly request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly payload: Readonly<Record<string, unknown>>;
  };
  response: { headers: Readonly<Record<string, string>>; body: string } | null;
}

/** What happens to the next deliveries of an event instead of being sent once, at once. */
export interface DeliveryRule {
  readonly event: string;
  /** Absent: any action. */
  readonly action?: string;
  remaining: number;
  readonly effect:
    | { readonly kind: 'drop' }
    | { readonly kind: 'duplicate' }
    | { readonly kind: 'delay'; readonly delayMs: number }
    /** Kept until `releaseDeliveries`. */
    | { readonly kind: 'hold' };
}
