import { expect, it } from 'vitest';
import { openPurse } from '../../src/engine/step-purse.ts';

const spend = (inputTokens: number, microUsd: number) => ({ inputTokens, outputTokens: 0, microUsd });

it('gives each step what is left of the attempt, and nothing when nothing is left', () => {
  const purse = openPurse({ microUsd: 1_000, tokens: 100 }, 1_000_000);
  expect(purse.open(1, {})).toEqual({ microUsd: 1_000, tokens: 100 });
  purse.take('explore', spend(40, 300));
  expect(purse.open(1, {})).toEqual({ microUsd: 700, tokens: 60 });
  purse.take('execute', spend(60, 100));
  expect(purse.open(1, {})).toBeUndefined();
  expect(purse.spent()).toEqual(spend(100, 400));
});

it('is shared by steps that run side by side', () => {
  const purse = openPurse({ microUsd: 1_001, tokens: 100 }, 60);
  expect(purse.open(2, {})).toEqual({ microUsd: 500, tokens: 30 });
});

it('counts a step once, however often it says what it used', () => {
  const purse = openPurse({ microUsd: 1_000 }, 100);
  purse.take('explore', spend(10, 10));
  purse.take('explore', spend(20, 30));
  expect(purse.spent()).toEqual(spend(20, 30));
});

it('gives an agent no more than its own limit', () => {
  expect(openPurse({ microUsd: 1_000 }, 100).open(1, { microUsd: 5 })).toEqual({ microUsd: 5, tokens: 100 });
});
