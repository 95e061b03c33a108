import type { LostDelivery } from './lost-deliveries.ts';
import type { ParkedEvent } from './store.ts';

/** An event that no decision can be made on, or a delivery that never arrived. */
export type DeadLetter = ParkedEvent | (Omit<LostDelivery, 'guid'> & { readonly id: string });

/** What an operator is shown and may put back. Every method may throw ExternalError{system:'redis'}. */
export interface DeadLettersPort {
  /** Events first, each kind in the order in which it is kept; at most a thousand. */
  list(limit?: number): Promise<readonly DeadLetter[]>;
  /**
   * False when it is there no more: somebody else put it back, or it never was. A delivery is asked for by the next sweep
   * of a worker, and comes as a webhook.
   */
  replay(id: string): Promise<boolean>;
}
