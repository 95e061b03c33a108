// The whole engine on faulty ports, over random histories: see simulate.ts for what is real, audit.ts and rest.ts for
// what must hold. `npm run simulate` searches further, from a new seed each time.
import { expect, it } from 'vitest';
import { checkHistories } from './check-histories.ts';
import { quiet } from './history.ts';
import { simulate } from './simulate.ts';

/** What one core plays in a bit more than a minute. */
const histories = 3_000;
const seed = 20_260_105;

it(`holds its invariants in ${histories} random histories`, { timeout: 1_200_000 }, async () => {
  const { played, steps, reached, failure } = await checkHistories({ seed, histories });
  process.stdout.write(`${played} histories, ${steps} steps; runs ended: ${JSON.stringify(reached)}\n`);
  expect(failure).toBeUndefined();
  // A search that gets nowhere would hold everything.
  for (const state of ['ready', 'merged', 'failed', 'stopped', 'closed', 'superseded'])
    expect(reached[state] ?? 0, state).toBeGreaterThan(10);
});

it('plays the same history in the same way', async () => {
  const history = {
    ...quiet,
    schedule: 7,
    workers: 2,
    faults: [{ on: 'store.save', nth: 4, kind: 'crash_after' }],
  } as const;
  const [first, second] = [await simulate(history), await simulate(history)];
  expect(second.renderTrace()).toEqual(first.renderTrace());
  expect(first.wrong).toBeUndefined();
});

it('goes from a label to a merge where nothing goes wrong', async () => {
  const acts = [
    { kind: 'label', afterS: 0, issue: 0 },
    { kind: 'merge', afterS: 60, issue: 0 },
  ] as const;
  const { wrong, reached } = await simulate({ ...quiet, acts });
  expect({ wrong, reached }).toEqual({ wrong: undefined, reached: ['merged'] });
});
