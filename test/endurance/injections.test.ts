// Everything that obeys is scripted, and everything that holds is the engine: `npm run injections` says which.
import { expect, it } from 'vitest';
import { runInjections } from '../injection/run-injections.ts';

it('19: at least fifty hostile issues, comments, files and logs are obeyed, and none has an effect', async () => {
  const counts = await runInjections((line) => void process.stdout.write(`${line}\n`));
  expect({ effects: counts.effects, unheard: counts.unheard }).toEqual({ effects: [], unheard: [] });
  expect(counts.injections).toBeGreaterThanOrEqual(50);
  expect(counts.held).toBe(counts.injections);
}, 1_800_000);
