// What it costs to wait for the write budget: reading is limited as well, and whoever waits must not spend that.
import { beforeEach, expect, it } from 'vitest';
import type { GitHubPort } from '../../src/engine/port/github.ts';
import type { BucketRequest } from '../../src/engine/port/store.ts';
import { comment, planned, pushBase, sha } from '../core/run/outcome.ts';
import { ready } from '../core/run/place.ts';
import { LaggingGitHub } from '../support/lagging-github.ts';
import { publish } from '../support/publish.ts';
import { WorldOfDecisions } from '../support/world-of-decisions.ts';

const minuteMs = 60_000;

let world: WorldOfDecisions;
let github: LaggingGitHub;
let reads: number;
/** Of the capacity, what is left for whoever leaves room for nobody. */
let left: number;
beforeEach(() => {
  world = new WorldOfDecisions();
  github = new LaggingGitHub(() => world.now);
  reads = 0;
  left = 1;
});

const port = () =>
  Object.fromEntries(
    Object.entries(github.toPort()).map(([name, call]) => [
      name,
      (...args: unknown[]) => {
        if (/^(?:list|read|find)/.test(name)) reads += 1;
        return (call as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as GitHubPort;

async function takeTokens({ leave, capacity }: BucketRequest) {
  return leave > 0 && leave >= capacity * left
    ? { kind: 'wait' as const, until: world.now + 24_000 }
    : { kind: 'taken' as const };
}

async function showFor(ms: number): Promise<void> {
  for (const end = world.now + ms; world.now < end; world.pass(1_000)) {
    const open = world.listOpen().find(({ action }) => action.kind === 'present');
    if (open) await publish(world, port(), takeTokens);
  }
}

it('looks less and less often while the budget leaves nothing for progress, and shows it in the end', async () => {
  const commentId = github.addComment({ thread: 1, body: '/pilot run', isOurs: false });
  comment(world, '/pilot run', { commentId }).settle();
  await showFor(5 * minuteMs);
  world.finish('plan', planned(['a', 'b']));
  [reads, left] = [0, 0.4];
  await showFor(60 * minuteMs);
  expect(reads).toBeLessThan(100);
  left = 1;
  await showFor(6 * minuteMs);
  expect(github.comments.find(({ isOurs }) => isOurs)?.body).toContain('Task b');
});

it('takes back what lets people merge out of a budget that is spent for everything else', async () => {
  world = ready();
  await showFor(5 * minuteMs);
  const conclusions = () =>
    github.checks.map(({ state }) => (state.kind === 'completed' ? state.conclusion : state.kind));
  expect(conclusions()).toEqual(['success']);
  left = 0;
  pushBase(world, sha('d')).settle();
  await showFor(minuteMs);
  expect(conclusions()).toEqual(['in_progress']);
});
