// The budget of one grant. A request reserves the most it can use, and settles for what it did use, so that requests
// made at the same time cannot each spend the same rest of a budget.
import type { ModelLimits, ModelUsage } from '../../engine/port/model.ts';
import { costOf, type ModelPrice, type TokenCounts } from '../price.ts';
import type { ReportedUsage } from './reported-usage.ts';

export type Refusal = 'spent' | 'busy' | 'model';

export interface Reservation {
  /** Ends the reservation; only the first call counts. Returns what this request is charged. */
  settle(told: Charge): ModelUsage;
}

export type Charge =
  /** The provider cannot have done anything: it refused, or was never reached. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'told'; readonly usage: ReportedUsage }
  /** The provider worked and the whole figure was never seen: what is missing is charged at its bound. */
  | { readonly kind: 'cut'; readonly usage: ReportedUsage };

export interface Account {
  reserve(request: { model: string; bound: { inputTokens: number; outputTokens: number } }): Reservation | Refusal;
  usage(): ModelUsage;
}

const noUsage: ModelUsage = {
  requests: 0,
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  costMicrodollars: 0,
  exact: true,
};

export function createAccount(options: {
  readonly limits: ModelLimits;
  readonly maxOpenRequests: number;
  readonly priceOf: (model: string) => ModelPrice | undefined;
}): Account {
  const { limits, maxOpenRequests, priceOf } = options;
  let total = noUsage;
  let reserved = 0;
  let reservedCost = 0;
  let open = 0;
  return {
    usage: () => total,
    reserve({ model, bound }) {
      if (limits.models && !limits.models.includes(model)) return 'model';
      const { microUsd = Number.POSITIVE_INFINITY } = limits;
      // Where a price is not known nothing can be counted, and the tokens alone limit.
      const cost = total.costMicrodollars ?? 0;
      if (total.requests >= limits.requests || sumTokens(total) >= limits.tokens || cost >= microUsd) return 'spent';
      // What is reserved may come back, so asking again later makes sense.
      if (total.requests + open >= limits.requests || sumTokens(total) + reserved >= limits.tokens) return 'busy';
      if (cost + reservedCost >= microUsd) return 'busy';
      if (open >= maxOpenRequests) return 'busy';
      const held = bound.inputTokens + bound.outputTokens;
      const heldCost = costOf({ ...noTokens, ...bound }, priceOf(model)) ?? 0;
      open += 1;
      reserved += held;
      reservedCost += heldCost;
      let charged: ModelUsage | undefined;
      return {
        settle(charge) {
          if (charged) return charged;
          open -= 1;
          reserved -= held;
          reservedCost -= heldCost;
          const tokens = {
            ...noTokens,
            ...(charge.kind === 'cut' && bound),
            ...(charge.kind !== 'nothing' && charge.usage),
          };
          // The output told while a stream was running is a running total, not the end of it.
          if (charge.kind === 'cut') tokens.outputTokens = Math.max(tokens.outputTokens, bound.outputTokens);
          const paid = charge.kind === 'nothing' ? 0 : costOf(tokens, priceOf(model));
          charged = { requests: 1, ...tokens, costMicrodollars: paid, exact: charge.kind !== 'cut' };
          total = addUsage(total, charged);
          return charged;
        },
      };
    },
  };
}

const noTokens: TokenCounts = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

function sumTokens(usage: TokenCounts): number {
  return usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens + usage.outputTokens;
}

function addUsage(a: ModelUsage, b: ModelUsage): ModelUsage {
  const known = a.costMicrodollars !== undefined && b.costMicrodollars !== undefined;
  return {
    requests: a.requests + b.requests,
    inputTokens: a.inputTokens + b.inputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    costMicrodollars: known ? (a.costMicrodollars ?? 0) + (b.costMicrodollars ?? 0) : undefined,
    exact: a.exact && b.exact,
  };
}
