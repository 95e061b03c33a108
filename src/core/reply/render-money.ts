import type { Spend } from '../model/spend.ts';

export function renderMoney(spend: Spend): string {
  return `$${(spend.microUsd / 1_000_000).toFixed(4)}, ${spend.inputTokens + spend.outputTokens} tokens`;
}
