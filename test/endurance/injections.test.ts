// The corpus of hostile texts, as "npm run injections" plays it.
import { expect, it } from 'vitest';
import { runInjections } from '../injection/run-injections.ts';

it('no hostile text has an effect, and each of them is obeyed by whoever may read it', async () => {
  const { injections, obeyed, held, effects, unheard } = await runInjections(() => undefined);
  expect({ effects, unheard }).toEqual({ effects: [], unheard: [] });
  expect(injections).toBeGreaterThanOrEqual(50);
  expect([obeyed, held]).toEqual([injections, injections]);
}, 3_600_000);
