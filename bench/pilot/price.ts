// What the bench takes work to cost. The figures are assumptions and the same for every arm, so that arms can be compared;
// they say nothing about any provider.
const charsPerToken = 4;
const microUsdPerInputToken = 3;
const microUsdPerOutputToken = 15;

/** An agent sends its prompt again with every turn. */
export const turnsPerAttempt = 10;
export const outputTokensPerAttempt = 3_000;

export function toTokens(chars: number): number {
  return Math.ceil(chars / charsPerToken);
}

export function costOf({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): number {
  return inputTokens * microUsdPerInputToken + outputTokens * microUsdPerOutputToken;
}
