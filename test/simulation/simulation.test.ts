// The whole engine on faulty ports: README.md says what is real and what must hold. `npm run simulate` searches further,
// from a new seed each time.
import { expect, it } from 'vitest';
import { type Act, quiet } from './history.ts';
import { itHolds } from './it-holds.ts';
import { simulate } from './simulate.ts';

// More of them, from another seed, are played by `npm run scenarios`.
itHolds(20_260_105, 1_200);

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

it('merges two runs one after the other, and verifies the second one again', async () => {
  const acts = [
    { kind: 'label', afterS: 0, issue: 0 },
    { kind: 'label', afterS: 0, issue: 1 },
    { kind: 'merge', afterS: 40, issue: 0 },
    { kind: 'merge', afterS: 0, issue: 1 },
  ] as const;
  const { wrong, reached } = await simulate({ ...quiet, issues: 2, workers: 2, acts });
  expect({ wrong, reached }).toEqual({
    wrong: undefined,
    reached: ['merged', 'merged', 'competed for a lane', 'verified again in the lane'],
  });
});

it('hears what is said beside lines, whatever comment has its number, and whoever dies over the sign', async () => {
  const acts = [
    // The first comment of the conversation, and the first one beside a line.
    { kind: 'run', afterS: 0, issue: 0 },
    { kind: 'status', afterS: 60, issue: 0 },
    { kind: 'merge_in_thread', afterS: 0, issue: 0 },
    { kind: 'status', afterS: 0, issue: 0 },
  ] as const;
  const calm = { ...quiet, acts, workers: 2, listLagS: 6 };
  for (const nth of [1, 2, 3, 4])
    for (const kind of ['answer_lost', 'lands_late', 'crash_before', 'crash_after'] as const) {
      const { wrong, reached, idle } = await simulate({ ...calm, faults: [{ on: 'github.addReaction', nth, kind }] });
      expect({ nth, kind, wrong, idle }).toEqual({ nth, kind, wrong: undefined, idle: [] });
      expect(reached).toContain('merged');
    }
  const doubled = await simulate({ ...calm, mishaps: [{ of: 'webhook', nth: 4, kind: 'doubled' }] });
  expect(doubled).toMatchObject({ wrong: undefined, reached: ['merged'] });
});

it('starts no agent on a base that is red', async () => {
  const { wrong, reached } = await simulate({ ...quiet, checksBaseline: true, verifies: ['red'] });
  expect({ wrong, reached }).toEqual({ wrong: undefined, reached: ['failed', 'the base was red'] });
});

it('merges nothing that was not accepted, and everything once it was', async () => {
  const once = await simulate({ ...quiet, plans: ['one'], reviews: ['bad_evidence'] });
  expect(once).toMatchObject({ wrong: undefined, reached: ['ready', 'a task was not accepted'] });
  const never = await simulate({ ...quiet, plans: ['one'], reviews: Array(9).fill('missing') });
  expect(never).toMatchObject({ wrong: undefined, reached: ['failed', 'a task was not accepted'] });
});

it('pushes nothing that was not reviewed where the settings want that, and merges nothing in which something was confirmed', async () => {
  const merge: Act = { kind: 'merge', afterS: 60, issue: 0 };
  const acts = [...quiet.acts, merge];
  const passed = await simulate({ ...quiet, acts, isReviewed: true, plans: ['one'] });
  expect(passed).toMatchObject({ wrong: undefined, reached: ['merged', 'a review let something pass'] });
  const blocked = await simulate({ ...quiet, acts, isReviewed: true, plans: ['one'], agents: ['done', 'clash'] });
  expect(blocked).toMatchObject({ wrong: undefined, reached: ['ready', 'a review confirmed something'] });
  const unsaid = await simulate({ ...quiet, acts, isReviewed: true, plans: ['one'], agents: ['done', 'no_change'] });
  expect(unsaid).toMatchObject({ wrong: undefined, reached: ['ready', 'a review did not happen'] });
});

it('settles what conflicts with a base that is brought in, by an agent or as people said, and pushes nothing else', async () => {
  const until = (kind: Act['kind'], afterS: number): Act => ({ kind, afterS, issue: 0 });
  const acts = [...quiet.acts, until('push_clash', 60), until('rebase', 30), until('merge', 60)];
  const settled = await simulate({ ...quiet, plans: ['one'], acts });
  expect(settled).toMatchObject({ wrong: undefined, reached: ['merged', 'a conflict with the base was settled'] });
  const byPeople = [...quiet.acts, until('push_clash', 60), until('resolve', 40), until('merge', 60)];
  const decided = await simulate({ ...quiet, plans: ['one'], acts: byPeople });
  expect(decided).toMatchObject({ wrong: undefined, reached: ['merged', 'a conflict with the base was settled'] });
  const left = await simulate({ ...quiet, plans: ['one'], acts: acts.slice(0, -1), agents: ['done', 'no_change'] });
  expect(left).toMatchObject({ wrong: undefined, reached: ['failed', 'a conflict with the base was not settled'] });
});

it('hears of a webhook that was lost as soon as the deliveries are swept', async () => {
  const { wrong, reached } = await simulate({ ...quiet, mishaps: [{ of: 'webhook', nth: 1, kind: 'lost' }] });
  expect({ wrong, reached }).toEqual({ wrong: undefined, reached: ['ready', 'redelivered'] });
});

it('proposes once for the notes what merged runs learned, whoever dies or hangs over it and whatever lists show', async () => {
  const learning = [
    { kind: 'label', afterS: 0, issue: 0 },
    { kind: 'label', afterS: 0, issue: 1 },
    { kind: 'merge', afterS: 120, issue: 0 },
    { kind: 'merge', afterS: 0, issue: 1 },
  ] as const;
  const history = {
    ...{ ...quiet, acts: learning, issues: 2, workers: 2, listLagS: 8 },
    plans: ['one', 'one'],
    agents: ['red', 'red', 'red', 'red'],
  } as const;
  const calm = await simulate(history);
  expect(calm.wrong).toBeUndefined();
  expect(calm.reached.filter((name) => name === 'merged')).toHaveLength(2);
  expect(calm.reached).toContain('proposed notes');
  // The first two pull requests are those of the runs.
  const places = { createCommit: 1, moveBranch: 1, createPull: 3 } as const;
  for (const [call, nth] of Object.entries(places))
    for (const kind of ['answer_lost', 'lands_late', 'crash_before', 'crash_after', 'hangs_before'] as const) {
      const { wrong, reached, idle } = await simulate({ ...history, faults: [{ on: `github.${call}`, nth, kind }] });
      expect({ call, kind, wrong, idle }).toEqual({ call, kind, wrong: undefined, idle: [] });
      expect(reached).toContain('proposed notes');
    }
});
