import type { Spend } from '../core/model/spend.ts';
import type { ModelUsage } from './port/model.ts';

export function toSpend(usage: ModelUsage): Spend {
  const { outputTokens, costMicrodollars: microUsd, requests } = usage;
  const inputTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const told = { inputTokens, outputTokens, requests };
  return microUsd === undefined
    ? { ...told, microUsd: 0, unpricedTokens: inputTokens + outputTokens }
    : { ...told, microUsd, unpricedTokens: 0 };
}
