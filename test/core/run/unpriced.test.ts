// Where the operator has not said what models cost, no amount is shown, none limits, and who wants one is told so.
import { expect, it } from 'vitest';
import { addSpend, nothingSpent, type Spend } from '../../../src/core/model/spend.ts';
import { renderMoney } from '../../../src/core/reply/render-money.ts';
import { renderSpentOn } from '../../../src/core/reply/render-spent-on.ts';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { anchored, comment, integrated, planned } from './outcome.ts';

/** As it is metered where the price is not known. */
const unpriced: Spend = { inputTokens: 1_000, outputTokens: 100, microUsd: 0, unpricedTokens: 1_100 };
/** As it is metered where the price is known to be nothing. */
const free: Spend = { ...unpriced, unpricedTokens: 0 };
const priced: Spend = { inputTokens: 10, outputTokens: 5, microUsd: 5_000, unpricedTokens: 0 };

function unpricedWorld(): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.knowsPrices = false;
  return world;
}

function attempting(): WorldOfDecisions {
  return comment(unpricedWorld(), '/pilot run')
    .settle()
    .finish('plan', { ...planned(['a']), spend: unpriced });
}

function ask(world: WorldOfDecisions, body: string): string {
  comment(world, body).settle();
  const receipt = world.record.receipts.at(-1);
  return `${receipt?.state.kind}: ${receipt?.reply ?? ''}`;
}

it.each([
  ['what is priced', priced, '$0.0050, 15 tokens'],
  ['what has no price', unpriced, 'cost not known, 1100 tokens'],
  ['what costs nothing', free, '$0.0000, 1100 tokens'],
  ['nothing', nothingSpent, '$0.0000, 0 tokens'],
  ['both', addSpend(priced, unpriced), 'at least $0.0050, 1115 tokens'],
  ['both, the other way', addSpend(unpriced, priced), 'at least $0.0050, 1115 tokens'],
  ['priced and free', addSpend(priced, free), '$0.0050, 1115 tokens'],
  [
    'what an older version metered without a price',
    { inputTokens: 7, outputTokens: 1, microUsd: 0 },
    'cost not known, 8 tokens',
  ],
  [
    'what an older version metered with a price',
    { inputTokens: 7, outputTokens: 1, microUsd: 9_000 },
    '$0.0090, 8 tokens',
  ],
])('tells %s as what is known of it', (_what, spend, told) => {
  expect(renderMoney(spend)).toBe(told);
});

it('keeps telling it when something priced follows what an older version metered without a price', () => {
  const older = { inputTokens: 7, outputTokens: 1, microUsd: 0 };
  expect(renderMoney(addSpend(addSpend(nothingSpent, older), priced))).toBe('at least $0.0050, 23 tokens');
});

it('is told by status, with who can change it, and in no table as an amount', () => {
  const world = attempting();
  const status = ask(world, '/pilot status');
  expect(status).toContain('Spent so far: cost not known, 1100 tokens.');
  expect(status).toContain(
    'No limit of money holds here: the operator has not said what models cost (`MODEL_PRICE_INPUT` and `MODEL_PRICE_OUTPUT`).',
  );
  expect(status).not.toContain('$');
  expect(renderSpentOn(world.run)).toContain('| `plan` | – | 1100 | cost not known |');
});

it('takes nothing from a day, and charges nobody for a holder that died', () => {
  const world = attempting().die('attempt');
  expect(world.pots.size).toBe(0);
  expect(world.run.spend.microUsd).toBe(0);
  expect(ask(world, '/pilot status')).toContain('Spent so far: cost not known, ');
});

it('goes on however much was used', () => {
  const world = attempting();
  for (let death = 0; death < 3; death += 1) world.die('attempt');
  const used = { ...unpriced, inputTokens: 900_000_000, unpricedTokens: 900_000_100 };
  world.finish('attempt', { ...anchored(), spend: used }).finish('integrate', integrated(['a']));
  expect(world.run.state.kind).toBe('reviewing');
});

it('refuses an amount by command', () => {
  expect(ask(attempting(), '/pilot budget 5')).toBe(
    'refused: No amount of money can limit a run here: the operator has not said what models cost (`MODEL_PRICE_INPUT` and `MODEL_PRICE_OUTPUT`).',
  );
});

it.each(['run_usd', 'day_usd'])('refuses a run where the settings have a limit, budget.%s', (key) => {
  const world = unpricedWorld();
  world.facts = { defaultBranch: 'main', baseSha: 'b'.repeat(40), ...world.facts };
  world.facts = { ...world.facts, policyText: `${world.facts.policyText}budget: { ${key}: 5 }\n` };
  expect(ask(world, '/pilot run')).toBe(
    `refused: \`.github/gatepilot.yml\` limits what runs may cost (\`budget.${key}\`), and nothing here can hold that: the operator has not said what models cost (\`MODEL_PRICE_INPUT\` and \`MODEL_PRICE_OUTPUT\`).`,
  );
  world.knowsPrices = true;
  expect(ask(world, '/pilot run')).toContain('started:');
});
