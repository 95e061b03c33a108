// One publisher at work in a world of decisions, on a GitHub of the test.
import type { PresentOutcome } from '../../src/core/model/result.ts';
import { nothingSpent } from '../../src/core/model/spend.ts';
import { budgetWrites } from '../../src/engine/budget-writes.ts';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import type { StorePort } from '../../src/engine/port/store.ts';
import { present } from '../../src/engine/present.ts';
import { Died } from './lagging-github.ts';
import { quiet } from './quiet.ts';
import { leaseMs, type WorldOfDecisions } from './world-of-decisions.ts';

/** Begins the presentation that is open, and reports its result, or is gone with its process. */
export async function publish(
  world: WorldOfDecisions,
  github: GitHubPort,
  takeTokens: StorePort['takeTokens'] = async () => ({ kind: 'taken' }),
): Promise<void> {
  const holder = world.begin('present');
  try {
    const outcome = await present(
      {
        // Only what a publisher asks of the store.
        store: { load: async () => world.snapshot(), loadGroup: async () => ({ outbox: [] }) } as never,
        github: budgetWrites(github, { store: { takeTokens }, perMinute: 40 }),
        log: quiet,
        resources: { read: async () => [] },
        agents: new Map(),
        options: { models: ['scripted'] },
      },
      {
        subject: 'github.test/7/1' as never,
        action: holder.action as never,
        token: holder.token,
        record: structuredClone(world.record),
        isSettling: false,
        spent: { spend: nothingSpent },
        signal: new AbortController().signal,
        stillHolds: () => true,
        mayBeReplaced: () => false,
        isStillWanted: async () => true,
        inform: async () => undefined,
      },
    );
    world.report(holder, outcome satisfies PresentOutcome);
  } catch (error) {
    if (!(error instanceof Died)) throw error;
    world.kill(holder).pass(leaseMs + 1_000);
  }
}
