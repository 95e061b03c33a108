import type { ModelCaller, ModelUsage } from '../../engine/port/model.ts';
import type { ModelPrices } from '../price.ts';
import type { Upstream } from './upstream.ts';

/** One request that was forwarded, as it is charged. */
export interface UsageRecord extends ModelCaller {
  readonly model: string;
  /** The provider's status; undefined when it gave no answer. */
  readonly status: number | undefined;
  readonly usage: ModelUsage;
}

/** What all grants of a gateway share. */
export interface GatewayContext {
  readonly upstream: Upstream;
  readonly forwardIdentity: boolean;
  readonly prices: ModelPrices;
  readonly onUsage: (record: UsageRecord) => void;
  readonly maxRequestBytes: number;
  readonly maxResponseBytes: number;
  readonly maxOpenRequests: number;
  /** A provider that says nothing for this long has failed. */
  readonly idleMs: number;
}
