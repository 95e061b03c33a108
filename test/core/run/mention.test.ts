// Names of Apps are unique on GitHub, so each operator's has another one: it is spoken to by its own.
import { expect, it } from 'vitest';
import { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment } from './outcome.ts';

function named(slug: string | undefined): WorldOfDecisions {
  const world = new WorldOfDecisions();
  world.slug = slug;
  return world;
}

it('is heard by the name of its App, and by none that may be somebody else', () => {
  expect(comment(named('acme-gatepilot'), '@acme-gatepilot run').settle().record.run).toBeDefined();
  expect(comment(named('acme-gatepilot'), '@gatepilot run').settle().record.receipts).toEqual([]);
});

it('is heard by what the run knows while GitHub does not say how it is called, so that a stop is one', () => {
  const world = comment(named('acme-gatepilot'), '@acme-gatepilot run').settle();
  world.slug = undefined;
  world.facts = undefined;
  world.permissions = {};
  comment(world, '@acme-gatepilot stop').settle();
  expect(world.run.state.kind).toBe('stopped');
});

it('is heard by no mention where nobody knows how it is called', () => {
  expect(comment(named(undefined), '@gatepilot run\n\n@ run').settle().record.receipts).toEqual([]);
  expect(comment(named(undefined), '/pilot run').settle().record.run).toBeDefined();
});
