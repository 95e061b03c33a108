// One share of the histories that are played with every run of the tests: each file is one core for a minute or two.
import { expect, it } from 'vitest';
import { checkHistories } from './check-histories.ts';

/** About 100 ms a history, measured as CPU time. */
const usual = 1_000;

/**
 * A search that gets nowhere would hold everything: so often, of a thousand histories, each of these is met. What is met
 * less often than a few times in a share is made likelier in any-history.ts: a demand that chance decides is none.
 */
const leastMet: Readonly<Record<string, number>> = {
  ready: 100,
  merged: 50,
  failed: 50,
  stopped: 50,
  closed: 10,
  superseded: 10,
  'waited for an approval': 50,
  approved: 30,
  'planned again after an edit': 3,
  'paused by somebody': 3,
  'paused by an outage': 3,
  'competed for a lane': 5,
  'lost the lane': 3,
  'verified again in the lane': 5,
  'a gate was open for a moment for what nobody verified': 40,
  'merged by the queue': 20,
  'made anew in the queue': 10,
  'taken out of the queue': 3,
  'what somebody vouched for in a fork was executed': 2,
  redelivered: 50,
  'a schedule came': 20,
  'a schedule came again': 3,
  'people were asked something': 8,
  'a review let something pass': 20,
  'a review did not happen': 10,
  'a review confirmed something': 3,
  'a conflict with the base was settled': 5,
};

export function itHolds(seed: number, histories: number = usual): void {
  it(`holds its invariants in ${histories} random histories from seed ${seed}`, { timeout: 1_200_000 }, async () => {
    const { played, steps, reached, failure } = await checkHistories({ seed, histories });
    process.stdout.write(`${played} histories, ${steps} steps; met: ${JSON.stringify(reached)}\n`);
    expect(failure).toBeUndefined();
    for (const [what, times] of Object.entries(leastMet))
      expect(reached[what] ?? 0, what).toBeGreaterThanOrEqual((times * histories) / 1_000);
  });
}
