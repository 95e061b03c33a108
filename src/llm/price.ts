/** US dollars per million tokens, which is the same number as millionths of a dollar per token. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Without these, cached input costs as much as other input. */
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export type ModelPrices = Readonly<Record<string, ModelPrice>>;

export interface TokenCounts {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** What the tokens cost in whole millionths of a dollar, rounded up; undefined when the price is not known. */
export function costOf(tokens: TokenCounts, price: ModelPrice | undefined): number | undefined {
  if (!price) return undefined;
  const cost =
    tokens.inputTokens * price.input +
    tokens.cacheReadTokens * (price.cacheRead ?? price.input) +
    tokens.cacheWriteTokens * (price.cacheWrite ?? price.input) +
    tokens.outputTokens * price.output;
  return Math.ceil(cost);
}
