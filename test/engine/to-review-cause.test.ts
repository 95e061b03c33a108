import { expect, it } from 'vitest';
import { toReviewCause } from '../../src/engine/to-turn-cause.ts';

it('a review that used up its part is told as that, by the limit that it came to', () => {
  const spend = { inputTokens: 900, outputTokens: 100, microUsd: 20_000 };
  const money = { kind: 'budget', limit: 'part of budget.run_usd for one review', value: 0.01, spent: 0.02 };
  expect(toReviewCause({ microUsd: 10_000 }, spend)).toEqual(money);
  expect(toReviewCause({ microUsd: 10_000, tokens: 2_000 }, spend)).toEqual(money);
  expect(toReviewCause({ microUsd: 90_000, tokens: 1_000 }, spend)).toEqual({
    kind: 'budget',
    limit: 'part of budget.run_tokens for one review',
    value: 1_000,
    spent: 1_000,
  });
});
