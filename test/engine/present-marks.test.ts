// Labels in the case in which people wrote them are the labels that they are.
import { expect, it } from 'vitest';
import { presentLabels } from '../../src/engine/present-marks.ts';
import type { Showing } from '../../src/engine/showing.ts';

it('adds no label that is there in another case, and takes away one that is', async () => {
  const written: string[] = [];
  const showing = {
    hasMade: false,
    attempt: (work: () => Promise<void>) => work(),
    github: {
      listLabels: async () => ['Pilot:Working', 'Pilot:Run', 'bug'],
      write: {
        addLabel: async (...args: unknown[]) => void written.push(`+${args.at(-1)}`),
        removeLabel: async (...args: unknown[]) => void written.push(`-${args.at(-1)}`),
      },
    },
  } as unknown as Showing;
  const labels = [{ thread: 1, has: 'pilot:working', without: ['pilot:run'] }];
  await presentLabels(showing, { labels, stateLabels: ['pilot:working', 'pilot:ready'] });
  expect(written).toEqual(['-Pilot:Run']);
  expect(showing.hasMade).toBe(false);
});
