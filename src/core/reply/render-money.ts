import { type Spend, tokensOf, unpricedOf } from '../model/spend.ts';

export function renderMoney(spend: Spend): string {
  return `${renderCost(spend)}, ${tokensOf(spend)} tokens`;
}

/** Nothing is told as an amount that nobody has counted. */
export function renderCost(spend: Spend): string {
  const usd = `$${(spend.microUsd / 1_000_000).toFixed(4)}`;
  if (unpricedOf(spend) === 0) return usd;
  return spend.microUsd === 0 ? 'cost not known' : `at least ${usd}`;
}

/** Why money is not counted, and who can change it. */
export const pricesMissing =
  'the operator has not said what models cost (`MODEL_PRICE_INPUT` and `MODEL_PRICE_OUTPUT`)';
