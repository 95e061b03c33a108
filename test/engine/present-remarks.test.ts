// What stands beside the lines and is settled: it says so, and its thread is resolved once, whatever is lost on the way.
import { beforeEach, expect, it } from 'vitest';
import { comment, found, published, pull, reviewed, sha, verified } from '../core/run/outcome.ts';
import { judging } from '../core/run/place.ts';
import { type Fault, LaggingGitHub } from '../support/lagging-github.ts';
import { publish } from '../support/publish.ts';
import type { WorldOfDecisions } from '../support/world-of-decisions.ts';

const otto = { actor: { id: 3, login: 'otto', kind: 'person' } } as const;

let world: WorldOfDecisions;
let github: LaggingGitHub;

/** A finding stands beside its line, and people have written beside the same one. */
async function remark(): Promise<void> {
  world = judging()
    .finish('review', reviewed(found({ isInChange: true, what: 'It divides by zero.' })))
    .finish('publish_branch', published());
  github = new LaggingGitHub(() => world.now);
  await calm();
  github.addRemark('I do not see why.', { isOurs: false });
  github.addRemark(github.remarks[0]?.body ?? '', { isOurs: false });
}
beforeEach(remark);

/** Faults hit the calls of the first publisher only; false where it made fewer calls. */
async function calm(...faults: Fault[]): Promise<boolean> {
  github.faults = [...faults];
  let left: number | undefined;
  for (const end = world.now + 10 * 60_000; world.now < end; world.pass(2_000)) {
    if (!world.listOpen().some(({ action }) => action.kind === 'present')) continue;
    await publish(world, github.toPort());
    left ??= github.faults.length;
    github.faults = [];
  }
  return left === 0;
}

const dismiss = () => comment(world, '/pilot dismiss F-1 It is meant so.', otto).settle();
const read = () => github.remarks.map(({ body, isResolved }) => [body.includes('**Dismissed**'), isResolved]);
const settled = [
  [true, true],
  [false, false],
  [false, false],
];

it('edits and resolves what is ours, and touches nothing that others wrote, under our marker or without', async () => {
  expect(github.remarks.map(({ isOurs }) => isOurs)).toEqual([true, false, false]);
  dismiss();
  await calm();
  expect(read()).toEqual(settled);
  expect(github.resolutions).toBe(1);
});

it('does not overrule whoever opens it again', async () => {
  dismiss();
  await calm();
  for (const remark of github.remarks) remark.isResolved = false;
  comment(world, '/pilot status').settle();
  pull(world, 'synchronize', { headSha: sha('2') }).settle();
  await calm();
  expect(github.resolutions).toBe(1);
  expect(github.remarks[0]?.isResolved).toBe(false);
});

it('says what became of it, and resolves no thread in which anybody answered', async () => {
  for (const remark of github.remarks) remark.isAnswered = true;
  dismiss();
  await calm();
  expect(read()).toEqual([
    [true, false],
    [false, false],
    [false, false],
  ]);
  expect(github.resolutions).toBe(0);
});

/** A push that changes the lines makes it a finding once more. */
async function comeBack(): Promise<void> {
  pull(world, 'synchronize', { headSha: sha('2') })
    .settle()
    .finish('verify', verified(sha('2'), 0, { voided: ['F-1'] }));
  await calm();
}

it('opens what it resolved where the finding is one again, and says so', async () => {
  dismiss();
  await calm();
  expect(read()).toEqual(settled);
  await comeBack();
  expect(read()[0]).toEqual([false, false]);
  expect(github.remarks[0]?.body).toContain('It divides by zero.');
  // Once: whoever resolves it afterwards is not overruled.
  if (github.remarks[0]) github.remarks[0].isResolved = true;
  world.finish('review', reviewed());
  comment(world, '/pilot status').settle();
  await calm();
  expect(github.remarks[0]?.isResolved).toBe(true);
});

it('opens none that people resolved', async () => {
  for (const remark of github.remarks) remark.isResolved = true;
  dismiss();
  await calm();
  await comeBack();
  expect(read()[0]).toEqual([false, true]);
});

it('opens none where the finding is said once more in a newer thread', async () => {
  dismiss();
  await calm();
  const [first] = github.remarks;
  github.addRemark(first?.body ?? '', { isOurs: true });
  await comeBack();
  expect(github.remarks.map(({ body, isResolved }) => [body.includes('**Dismissed**'), isResolved])).toEqual([
    [false, true],
    ...[
      [false, false],
      [false, false],
      [false, false],
    ],
  ]);
});

it('says so in the older one as well where the finding is said once more, wherever a call fails', async () => {
  let calls = 0;
  for (let isHit = true; isHit; calls += 1) {
    await remark();
    dismiss();
    await calm();
    pull(world, 'synchronize', { headSha: sha('2') })
      .settle()
      .finish('verify', verified(sha('2'), 0, { voided: ['F-1'] }))
      .finish('review', reviewed(found({ by: 'earlier', isInChange: true, what: 'It divides by zero.' })));
    isHit = await calm(...Array<Fault>(calls).fill('none'), 'refused');
    const ours = github.remarks.filter(({ isOurs }) => isOurs);
    expect(
      ours.map(({ body }) => body.includes('**Dismissed**')),
      `after ${calls} calls`,
    ).toEqual([false, false]);
  }
  expect(calls).toBeGreaterThan(5);
});

it('waits for what no list shows yet, and takes it for deleted only then', async () => {
  world = judging()
    .finish('review', reviewed(found({ isInChange: true, what: 'It divides by zero.' })))
    .finish('publish_branch', published());
  github = new LaggingGitHub(() => world.now);
  github.lagMs = 20_000;
  while (github.remarks.length === 0) {
    await publish(world, github.toPort());
    world.pass(2_000);
  }
  dismiss();
  await calm();
  expect(read()).toEqual([[true, true]]);
  expect(world.run.remarks).toMatchObject([{ state: 'dismissed', shown: 'dismissed' }]);
});

it('leaves alone what somebody deleted', async () => {
  github.remarks = [];
  dismiss();
  await calm();
  expect(world.run.remarks).toMatchObject([{ state: 'dismissed', shown: 'dismissed' }]);
});

it('resolves none that people resolved before', async () => {
  for (const remark of github.remarks) remark.isResolved = true;
  dismiss();
  await calm();
  expect(github.remarks[0]?.body).toContain('**Dismissed**');
  expect(github.resolutions).toBe(0);
});

it.each(['lost', 'refused', 'limited', 'dies_before', 'dies_after', 'dies_late'] as const)(
  'comes to the same, and no second time, wherever a call is %s',
  async (fault) => {
    let calls = 0;
    for (let isHit = true; isHit; calls += 1) {
      await remark();
      dismiss();
      isHit = await calm(...Array<Fault>(calls).fill('none'), fault);
      expect(read(), `after ${calls} calls`).toEqual(settled);
      expect(github.resolutions, `after ${calls} calls`).toBe(1);
    }
    // Among them those that list, edit and resolve.
    expect(calls).toBeGreaterThan(5);
  },
);

it('leaves it at the words where GitHub lets us resolve nothing, and does not try that again', async () => {
  github.refusesThreads = true;
  dismiss();
  await calm();
  expect(read().map(([isEdited]) => isEdited)).toEqual([true, false, false]);
  expect(world.run.remarks).toMatchObject([{ state: 'dismissed', shown: 'dismissed' }]);
  github.refusesThreads = false;
  comment(world, '/pilot status').settle();
  await calm();
  expect(github.resolutions).toBe(0);
});
