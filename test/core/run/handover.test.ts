// A process that ends hands its work over: nothing of it counts, and everything of it is asked for again in the look
// that takes the report.
import { expect, it } from 'vitest';
import { nothing } from './outcome.ts';
import { attempting } from './place.ts';

it('asks at once for the attempt again, under the same number', () => {
  const world = attempting();
  const before = world.run.tasks.map(({ key, attempts }) => [key, attempts.map(({ number }) => number)]);
  const holder = world.begin('attempt');
  world.report(holder, { kind: 'stopped', reason: 'handover', spend: nothing });
  expect(world.run.tasks.map(({ key, attempts }) => [key, attempts.map(({ number }) => number)])).toEqual(before);
  expect(world.log.join('\n')).toContain('is handed over: its worker is being replaced');
  expect(world.find('attempt')).toMatchObject({ state: { kind: 'pending' }, dispatch: 1 });
});
