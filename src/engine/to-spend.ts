import type { Spend } from '../core/model/spend.ts';
import type { ModelUsage } from './port/model.ts';

export function toSpend(usage: ModelUsage): Spend {
  return {
    inputTokens: usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens,
    outputTokens: usage.outputTokens,
    microUsd: usage.costMicrodollars ?? 0,
    requests: usage.requests,
  };
}
