// The publisher on a bad GitHub, driven by real decisions: whatever is lost, late or killed, what people see converges
// to exactly what the record says, once.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderView } from '../../src/core/reply/render-view.ts';
import { anchored, comment, integrated, planned, published, pull, sha, verified } from '../core/run/outcome.ts';
import { type Fault, LaggingGitHub } from '../support/lagging-github.ts';
import { publish } from '../support/publish.ts';
import { WorldOfDecisions } from '../support/world-of-decisions.ts';

const quietMs = 40 * 60_000;

class Stage {
  readonly world = new WorldOfDecisions();
  readonly github = new LaggingGitHub(() => this.world.now);

  constructor(lagMs: number) {
    this.github.lagMs = lagMs;
  }

  say(body: string): void {
    const commentId = this.github.addComment({ thread: 1, body, isOurs: false });
    comment(this.world, body, { commentId }).settle();
  }

  /** Everything that may be shown now is shown, as far as the faults let it. */
  async show(faults: readonly Fault[] = []): Promise<void> {
    this.github.faults = [...faults];
    for (let round = 0; round < 3; round += 1) {
      const open = this.world.listOpen().find(({ action }) => action.kind === 'present');
      if (!open) break;
      await publish(this.world, this.github.toPort());
    }
    this.github.faults = [];
  }

  /** Time passes without faults until nothing is left to be shown. */
  async calm(): Promise<void> {
    const end = this.world.now + quietMs;
    while (this.world.now < end) {
      await this.show();
      this.world.pass(5_000);
    }
  }
}

type Move = { readonly kind: 'say'; readonly body: string } | { readonly kind: 'work' } | { readonly kind: 'push' };

/** The next thing that happens to the run by itself. */
function work({ world }: Stage): void {
  const open = world.listOpen().find(({ action }) => action.kind !== 'present');
  switch (open?.action.kind) {
    case 'plan':
      return void world.finish('plan', planned(['a']));
    case 'attempt':
      return void world.finish('attempt', anchored());
    case 'integrate':
      return void world.finish('integrate', integrated(['a']));
    case 'verify':
      return void world.finish('verify', verified(open.action.head));
    case 'publish_branch':
      return void world.finish('publish_branch', published(open.action.head));
    default:
      return undefined;
  }
}

function push({ world }: Stage, digit: string): void {
  if (world.record.run?.pullRequest) pull(world, 'synchronize', { headSha: sha(digit) }).settle();
}

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Move>({ kind: 'work' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      body: fc.constantFrom('/pilot run', '/pilot status', '/pilot dance', '/pilot stop'),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Move>({ kind: 'push' }) },
);
const fault = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fault>('none') },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Fault>('refused', 'lost', 'limited', 'dies_before', 'dies_after', 'dies_late'),
  },
);
const step = fc.record({
  move,
  faults: fc.array(fault, { maxLength: 12 }),
  pauseMs: fc.constantFrom(0, 500, 3_000, 20_000),
});

it('shows what the record says, and everything once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 14 }),
      fc.constantFrom(0, 2_000, 10_000),
      fc.boolean(),
      async (steps, lagMs, isReady) => {
        const stage = new Stage(lagMs);
        stage.say('/pilot run');
        for (let works = 0; isReady && works < 6; works += 1) work(stage);
        for (const [index, { move, faults, pauseMs }] of steps.entries()) {
          if (move.kind === 'say') stage.say(move.body);
          else if (move.kind === 'work') work(stage);
          else push(stage, String(2 + (index % 7)));
          await stage.show(faults);
          stage.world.pass(pauseMs);
        }
        await stage.calm();
        checkShown(stage);
      },
    ),
    { numRuns: 150 },
  );
});

function checkShown({ world, github }: Stage): void {
  const { record, now, outbox } = world;
  expect(github.twins).toEqual([]);
  expect(record.presentation.done).toBe(record.presentation.wanted);
  expect(record.presentation.confirm).toBeUndefined();
  // As if nothing of it had been shown yet.
  const view = renderView({ ...record, presentation: { ...record.presentation, done: 0 } }, { outbox, now });
  const markers = view.comments.map(({ marker }) => marker);
  const all = github.comments.filter(({ isOurs }) => isOurs);
  const ours = all.filter(({ body }) => markers.some((marker) => body.startsWith(marker)));
  expect(ours.map(({ thread, body }) => `${thread}\n${body}`).toSorted()).toEqual(
    view.comments.map(({ thread, marker, body }) => `${thread}\n${marker}\n${body}`).toSorted(),
  );
  // What is left of runs before it says once how they ended.
  const older = all.filter((one) => !ours.includes(one)).map(({ body }) => body.split('\n'));
  expect(new Set(older.map(([marker]) => marker)).size).toBe(older.length);
  for (const [marker, _title, _space, headline] of older) {
    if (marker?.includes(':sticky:')) expect(headline).toMatch(/^\*\*(Stopped|Failed|Closed|Superseded)/);
  }
  for (const { commentId, content } of view.reactions) {
    const shown = github.reactions.filter((one) => one.commentId === commentId).map((one) => one.content);
    expect(shown).toEqual([content]);
  }
  for (const desired of view.checks) {
    const shown = github.checks.filter(({ name, headSha }) => name === desired.name && headSha === desired.headSha);
    if (!desired.isOnlyForKnown) expect(shown).toHaveLength(1);
    for (const check of shown) expect(check).toMatchObject({ state: desired.state, title: desired.title });
  }
  const heads = new Set(view.checks.map(({ headSha }) => headSha));
  expect(github.checks.filter(({ headSha }) => !heads.has(headSha))).toEqual([]);
  for (const { thread, has } of view.labels) {
    expect([...(github.labels.get(thread) ?? [])]).toEqual(has === undefined ? [] : [has]);
  }
}
