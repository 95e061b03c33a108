import { describe, expect, it } from 'vitest';
import { renderSticky } from '../../../src/core/reply/render-sticky.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { comment, sha } from '../run/outcome.ts';
import {
  attempting,
  capped,
  closed,
  finishing,
  landed,
  pausedByOutage,
  pausing,
  provingMerge,
  ready,
  readyInPart,
  stoppedEarly,
  stopping,
  superseded,
  verifyingAgain,
  verifyingPush,
  waitingToMerge,
} from '../run/place.ts';
import { alarm, failed, inPart, refusedMerge } from './reply-world.ts';

function sticky({ record, run }: WorldOfDecisions): string {
  return renderSticky(run, record.number);
}

/** The first line below the title: where the run stands. */
function headline(world: WorldOfDecisions): string {
  return sticky(world).split('\n')[2] ?? '';
}

function waitingBehind(): WorldOfDecisions {
  const world = waitingToMerge();
  const ask = world.record.lane?.ask ?? '';
  world.put({ kind: 'lane_placed', ask, epoch: 1, ahead: 2 });
  return world.put({ kind: 'base_moved', ask, epoch: 1, branch: 'main', base: sha('c') }).settle();
}

describe('the sticky comment', () => {
  it('begins with where the run stands', () => {
    const worlds = {
      merged: landed(),
      alarm: alarm(),
      failed: failed(),
      stopping: stopping(),
      stopped: stoppedEarly(),
      superseded: superseded(),
      closed: closed(),
      paused: comment(attempting(), '/pilot pause @all look at #1').settle(),
      'paused by an outage': pausedByOutage(),
      pausing: pausing(),
      finishing: finishing(),
      'failed by a cap': capped(),
      'ready in part': readyInPart(),
      'verifying a push': verifyingPush(),
      waiting: waitingToMerge(),
      'waiting behind others': waitingBehind(),
      'verifying again': verifyingAgain(),
      'proving a merge': provingMerge(),
      'a refused merge': refusedMerge(),
    };
    const told = Object.entries(worlds).map(([name, world]) => `${name}: ${headline(world)}`);
    expect(told).toMatchInlineSnapshot(`
      [
        "merged: **Merged** as \`eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\`. The merged tree \`tree-11111111\` is the tree that was verified.",
        "alarm: **ALARM: merged as \`eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\`, but the merged tree \`tree-another\` is not the verified one** (\`tree-11111111\`). Look at what came in between.",
        "failed: **Failed.** The limit "budget.run_minutes" of 28800 s was reached after 28800 s. \`/pilot continue\` raises it.",
        "stopping: **Stopping**, asked for by @​mona.",
        "stopped: **Stopped** by @​mona. What was done is kept; \`/pilot resume\` goes on with the rest.",
        "superseded: **Superseded** by \`2222222222222222222222222222222222222222\`, which does not continue what was verified here.",
        "closed: **Closed** by @​mona.",
        "paused: **Paused** by @​mona (@​all look at #​1). Nothing starts until somebody says so: \`/pilot resume\` goes on, \`/pilot stop\` ends it.",
        "paused by an outage: **Paused** by an outage. The work was interrupted by a fault outside of it (git: 502 Bad Gateway). Nothing is lost; it looks again by itself at 1970-01-01 00:24 UTC. Earlier, \`/pilot resume\` goes on, \`/pilot stop\` ends it.",
        "pausing: **Working** on batch 1 of 1. A pause was asked for by @​mona: what is under way may end.",
        "finishing: **Working** on batch 1 of 2. It is being finished, asked for by @​mona: nothing new starts.",
        "failed by a cap: **Failed.** The limit "budget.run_usd" of 10 was reached (10.005 used). \`/pilot continue\` raises it for this run.",
        "ready in part: **Not mergeable yet:** 1 of 2 tasks are merged; \`b\` failed.",
        "verifying a push: **Verifying** the exact merge result.",
        "waiting: **Waiting for its turn** to merge into \`main\`.",
        "waiting behind others: **Waiting for its turn** to merge into \`main\`, behind 2 other merges. \`main\` has moved to \`cccccccccccccccccccccccccccccccccccccccc\`, so it is verified again when its turn comes.",
        "verifying again: **Verifying again before the merge:** \`main\` has moved to \`cccccccccccccccccccccccccccccccccccccccc\`.",
        "proving a merge: **Merged;** what landed is being read.",
        "a refused merge: **Verifying** the exact merge result.",
      ]
    `);
  });

  it('tells why a merge was refused, with both commits', () => {
    expect(sticky(refusedMerge()).split('\n')[4]).toMatchInlineSnapshot(
      `"> **The merge was refused:** the verdict is for head \`1111111111111111111111111111111111111111\`, and the head is now \`2222222222222222222222222222222222222222\`. It is verified anew; ask again when the gate is open."`,
    );
  });

  it('offers the merge only while the gate is open', () => {
    expect(sticky(ready())).toContain('Next: `/pilot merge`');
    expect(sticky(inPart())).not.toContain('Next:');
  });
});
