import { expect, it } from 'vitest';
import { openPurse } from '../../src/engine/step-purse.ts';

const spend = (inputTokens: number, microUsd: number) => ({ inputTokens, outputTokens: 0, microUsd });

it('gives each step what is left of the attempt, and nothing when nothing is left', () => {
  const purse = openPurse({ microUsd: 1_000, tokens: 100 }, 1_000_000);
  const explore = purse.open('explore', 1, {});
  expect(explore?.limits).toEqual({ microUsd: 1_000, tokens: 100 });
  explore?.take(spend(40, 300));
  const execute = purse.open('execute', 1, {});
  expect(execute?.limits).toEqual({ microUsd: 700, tokens: 60 });
  execute?.take(spend(60, 100));
  expect(purse.open('more', 1, {})).toBeUndefined();
  expect(purse.spent()).toEqual(spend(100, 400));
});

it('is shared by steps that run side by side', () => {
  const purse = openPurse({ microUsd: 1_001, tokens: 100 }, 60);
  expect(purse.open('explore', 2, {})?.limits).toEqual({ microUsd: 500, tokens: 30 });
});

it('counts what was given to a step once, however often it says what it used', () => {
  const purse = openPurse({ microUsd: 1_000 }, 100);
  const explore = purse.open('explore', 1, {});
  explore?.take(spend(10, 10));
  explore?.take(spend(20, 30));
  expect(purse.spent()).toEqual(spend(20, 30));
});

it('counts each part that a step was given where it is made once more', () => {
  const purse = openPurse({ microUsd: 1_000, tokens: 100 }, 100);
  purse.open('execute', 1, {})?.take(spend(10, 300));
  const again = purse.open('execute', 1, {});
  expect(again?.limits).toEqual({ microUsd: 700, tokens: 90 });
  again?.take(spend(1, 2));
  expect(purse.spent()).toEqual(spend(11, 302));
});

it('gives an agent no more than its own limit, however often its step is made', () => {
  const purse = openPurse({ microUsd: 1_000 }, 100);
  const first = purse.open('explore', 1, { microUsd: 5 });
  expect(first?.limits).toEqual({ microUsd: 5, tokens: 100 });
  first?.take(spend(0, 3));
  expect(purse.open('execute', 1, { microUsd: 5 })?.limits).toEqual({ microUsd: 5, tokens: 100 });
  const again = purse.open('explore', 1, { microUsd: 5 });
  expect(again?.limits).toEqual({ microUsd: 2, tokens: 100 });
  again?.take(spend(0, 2));
  expect(purse.open('explore', 1, { microUsd: 5 })).toBeUndefined();
});
