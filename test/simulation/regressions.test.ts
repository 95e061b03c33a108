// Histories that broke something once, each in its smallest form. They stay as they are.
import { describe, expect, it } from 'vitest';
import { type History, quiet } from './history.ts';
import { simulate } from './simulate.ts';

/** A history, and that it still comes to what it is about: one that does not would hold for ever. */
interface Regression {
  readonly history: Partial<History>;
  /** All that it reaches, and nothing else. */
  readonly reaches: readonly string[];
  /** What happens in it, in this order. */
  readonly steps: readonly RegExp[];
  readonly never?: RegExp;
  /** How many schedules are played that come to it, where the bug showed in some of them only; 1 unless stated. */
  readonly crossings?: number;
}

const label = { kind: 'label', afterS: 0, issue: 0 } as const;
const pullIsThere = { on: 'github.createPull', nth: 1 } as const;

const queued = [
  label,
  { kind: 'queue_at_once', afterS: 3, issue: 0, once: pullIsThere },
  { kind: 'open_queued', afterS: 0, issue: 0 },
] as const;

const regressions: Record<string, Regression> = {
  'what settles a conflict was verified with a base that had moved again, and was taken for unverified when it was pushed':
    {
      history: {
        acts: [
          label,
          { kind: 'push_clash', afterS: 50, issue: 0 },
          { kind: 'rebase', afterS: 20, issue: 0 },
          { kind: 'push_clash', afterS: 5, issue: 0 },
          { kind: 'resolve_theirs', afterS: 3, issue: 0 },
          { kind: 'resolve_theirs', afterS: 3, issue: 0 },
          { kind: 'push_clash', afterS: 1, issue: 0 },
          { kind: 'rebase', afterS: 0, issue: 0 },
        ],
        workers: 2,
        plans: ['one'],
        agents: ['done'],
        outages: [{ system: 'sandbox', fromS: 75, forS: 7, isRateLimit: false }],
        isUpdated: false,
        isKept: true,
      },
      reaches: ['ready', 'a conflict with the base was settled'],
      steps: [/r1-resolve-1/, /push_clash/, /r1-verify-7/, /r1-publish-3/],
    },
  'somebody’s pull request with the head of a run’s was merged by the queue before the run’s own verdict was shown': {
    history: {
      workers: 3,
      acts: [
        label,
        { kind: 'push_force', afterS: 2, issue: 0, once: pullIsThere },
        { kind: 'open_twin', afterS: 0, issue: 0 },
        { kind: 'queue_at_once', afterS: 0, issue: 0 },
      ],
      plans: ['one'],
      mishaps: [{ of: 'webhook', nth: 8, kind: 'lost' }],
    },
    reaches: ['superseded', 'taken out of the queue', 'redelivered'],
    steps: [/push_force/, /synchronize on #2 .* is lost/, /checks_requested of \S+ with #3/, /loadGroup/],
  },
  'whoever opened a pull request from a commit of the queue went by what the queue was told of it, for good': {
    history: { acts: queued, plans: ['one'] },
    reaches: ['ready', 'taken out of the queue'],
    steps: [/checks_requested/, /opened on #3/, /destroyed/, /updateCheck/],
  },
  'whoever opened a pull request from a commit of the queue had a success made there before the queue’s own check': {
    history: { acts: queued, plans: ['one'], mishaps: [{ of: 'webhook', nth: 8, kind: 'lost' }] },
    reaches: ['ready', 'taken out of the queue', 'redelivered'],
    steps: [
      /checks_requested of \S+ with #2 is lost/,
      /opened on #3/,
      /listBranches/,
      /checks_requested/,
      /createCheck/,
    ],
  },
  'a pull request that was opened again and pushed to had no gate, since the next run had its issue': {
    history: {
      acts: [
        label,
        { kind: 'close_pull', afterS: 3, issue: 0, once: pullIsThere },
        { kind: 'run', afterS: 2, issue: 0 },
        { kind: 'reopen_pull', afterS: 2, issue: 0 },
        { kind: 'push_forward', afterS: 1, issue: 0 },
      ],
      plans: ['one', 'one'],
    },
    reaches: ['ready'],
    steps: [/reopened on #2/, /synchronize on #2/, /createCheck/, /createPull/],
  },
  'of two runs in the queue that have one name, each in its issue, one was told of what was verified': {
    history: {
      issues: 3,
      acts: [
        label,
        { kind: 'label', afterS: 0, issue: 1 },
        { kind: 'label', afterS: 0, issue: 2 },
        { kind: 'push_base', afterS: 20, issue: 0 },
        { kind: 'queue_at_once', afterS: 0, issue: 0 },
        { kind: 'merge_when_ready', afterS: 0, issue: 1 },
        { kind: 'kill_workers', afterS: 5, issue: 0 },
      ],
      plans: ['one', 'one', 'one'],
      isKept: true,
    },
    reaches: [
      'merged',
      'merged',
      'ready',
      'a gate was open for a moment for what nobody verified',
      'merged by the queue',
    ],
    steps: [/checks_requested/, /checks_requested/, /\(merged\) of/, /\(merged\) of/],
  },
  'the verdict on a commit of the queue waited until our budget had room for what was said before it': {
    history: {
      issues: 3,
      acts: [
        label,
        { kind: 'label', afterS: 0, issue: 1 },
        { kind: 'label', afterS: 0, issue: 2 },
        { kind: 'push_base', afterS: 21, issue: 0 },
        { kind: 'queue_at_once', afterS: 0, issue: 0 },
        { kind: 'merge_when_ready', afterS: 7, issue: 1 },
      ],
      plans: ['one', 'one', 'one'],
    },
    reaches: [
      'merged',
      'merged',
      'ready',
      'a gate was open for a moment for what nobody verified',
      'merged by the queue',
    ],
    steps: [/checks_requested/, /\(merged\) of/, /\(merged\) of/],
  },
  'two subjects that have one head made a check each at the same moment, and the newer one said yes': {
    history: {
      acts: [
        label,
        { kind: 'open_twin', afterS: 4, issue: 0, once: pullIsThere },
        { kind: 'push_force', afterS: 0, issue: 0 },
        { kind: 'push_base', afterS: 0, issue: 0 },
        { kind: 'push_base', afterS: 0, issue: 0 },
      ],
      plans: ['one'],
    },
    reaches: ['superseded', 'a pull request that no run made was listed'],
    steps: [/somebody: open_twin/, /createCheck/, /createCheck/, /listChecks/, /updateCheck/],
  },
  'a check of a pull request that no run made said yes on the head of a run whose own check was not there yet': {
    history: {
      acts: [
        label,
        { kind: 'push_base', afterS: 15, issue: 0 },
        { kind: 'push_force', afterS: 7, issue: 0 },
        { kind: 'open_twin', afterS: 0, issue: 0 },
      ],
      plans: ['one'],
    },
    reaches: ['superseded', 'a gate was open for a moment for what nobody verified'],
    steps: [/somebody: push_force/, /somebody: open_twin/, /opened on #3/, /listPullsOfHead/],
  },
  'a merge by hand of what was verified before was looked for in the newest verdict only': {
    history: {
      acts: [
        label,
        { kind: 'merge_by_hand', afterS: 36, issue: 0 },
        { kind: 'push_base', afterS: 0, issue: 0 },
        { kind: 'recheck', afterS: 1, issue: 0 },
      ],
      verifies: ['slow'],
      faults: [{ on: 'github', nth: 18, kind: 'fails' }],
      mishaps: [{ of: 'webhook', nth: 5, kind: 'lost' }],
    },
    reaches: ['merged', 'redelivered'],
    steps: [/createPull/, /somebody: merge_by_hand/, /somebody: push_base/, /somebody: recheck/],
  },
  'a list that lags behind made a second sticky comment that nobody took away': {
    history: { listLagS: 6, plans: ['one'] },
    reaches: ['ready'],
    steps: [/createComment/, /readComment/],
    never: /deleteComment/,
  },
  'a list that lags behind left two reactions on one command': {
    history: { listLagS: 6, acts: [label, { kind: 'stop', afterS: 1, issue: 0 }] },
    reaches: ['stopped'],
    steps: [/somebody: stop/, /addReaction/, /addReaction/, /removeReaction/],
  },
  'a presentation that made nothing counted as the last look, though an earlier one had just made something': {
    history: { listLagS: 6, acts: [label, { kind: 'merge', afterS: 0, issue: 0 }] },
    reaches: ['ready'],
    steps: [/createComment/, /readComment/],
    never: /deleteComment/,
  },
  'a doubled comment of an earlier run was never looked at again': {
    history: {
      listLagS: 6,
      acts: [label, { kind: 'stop', afterS: 1, issue: 0 }, { kind: 'label', afterS: 1, issue: 0 }],
    },
    reaches: ['ready'],
    steps: [/createComment/, /readComment/, /somebody: label/],
    never: /deleteComment/,
  },
  'a publisher that hung wrote a comment long after it was replaced, and no list showed it yet': {
    history: { workers: 2, listLagS: 6, faults: [{ on: 'github.createComment', nth: 1, kind: 'hangs_before' }] },
    reaches: ['ready'],
    steps: [/hangs_before/, /present-1 dispatch 2/, /createComment/, /listComments/],
    never: /deleteComment/,
  },
  'a heartbeat revived a lease that a decision had seen end': {
    history: {
      schedule: 1_360,
      faults: [{ on: 'queue.dispatch', nth: 7, kind: 'hangs_before' }],
      mishaps: [{ of: 'job', nth: 4, kind: 'doubled' }],
    },
    reaches: ['ready'],
    steps: [/hangs for 25 s/, /store.heartbeat/],
  },
  'a publisher that lost its lease before it showed anything said that it had shown everything': {
    history: {
      schedule: 323_287,
      acts: [label, { kind: 'stop', afterS: 1, issue: 0 }],
      faults: [{ on: 'store', nth: 42, kind: 'hangs_before' }],
      mishaps: [{ of: 'job', nth: 2, kind: 'lost' }],
    },
    reaches: ['stopped'],
    steps: [/takes \S+ present-2/, /hangs for 25 s/, /takes \S+ present-2/],
  },
  'a thread that had a record of its own lost its next look when it became the thread of a run': {
    history: {
      workers: 2,
      acts: [label, { kind: 'merge', afterS: 0, issue: 0, once: pullIsThere }],
      faults: [
        { ...pullIsThere, kind: 'hangs_after' },
        // Nobody tells whose pull request it is, and it cannot be asked.
        { on: 'github.readPull', nth: 1, kind: 'fails' },
      ],
      mishaps: [{ of: 'webhook', nth: 4, kind: 'lost' }],
    },
    reaches: ['ready', 'redelivered'],
    steps: [/createPull/, /somebody: merge/, /takes \S+\/2 present-1/, /publish-1 dispatch 2/],
  },
  'a head that was pushed over work of another host was taken for an outage': {
    history: {
      schedule: 14,
      workers: 2,
      acts: [label, { kind: 'push_force', afterS: 2, issue: 0, once: pullIsThere }],
    },
    reaches: ['superseded'],
    steps: [/worker2 takes \S+ r1-integrate-1/, /worker2 takes \S+ r1-publish-1/, /worker1 takes \S+ r1-verify-2/],
    never: /r1-verify-3/,
  },
  'a head that was pushed and merged by hand at once left its check in progress': {
    history: {
      acts: [
        label,
        { kind: 'push_forward', afterS: 2, issue: 0, once: pullIsThere },
        { kind: 'merge_by_hand', afterS: 0, issue: 0 },
      ],
    },
    reaches: ['merged'],
    steps: [/createCheck/, /somebody: push_forward/, /somebody: merge_by_hand/, /updateCheck/],
  },
  'a pull request was not known to its run: who opened it died, somebody pushed over it, and nobody told of either': {
    history: {
      acts: [label, { kind: 'push_force', afterS: 0, issue: 0, once: pullIsThere }],
      faults: [{ ...pullIsThere, kind: 'crash_after' }],
      mishaps: [
        { of: 'webhook', nth: 4, kind: 'lost_for_ever' },
        { of: 'webhook', nth: 5, kind: 'lost_for_ever' },
      ],
    },
    reaches: ['superseded'],
    steps: [/createPull: crash_after/, /somebody: push_force/, /takes \S+ r1-publish-1 dispatch 2/, /r1-verify-2/],
  },
  'two holders of one integration were taken for a bug, since each moved the ref of the other': {
    crossings: 30,
    history: { schedule: 4, workers: 3, faults: [{ on: 'git.updateRef', nth: 4, kind: 'hangs_before' }] },
    reaches: ['ready'],
    steps: [/git.updateRef: hangs_before/, /r1-integrate-1 dispatch 2/, /git.updateRef/],
  },
  'a run that was at work when its pull request was merged by hand had a check that waited for ever': {
    history: {
      agents: ['done', 'gave_up', 'gave_up', 'gave_up'],
      acts: [
        label,
        { kind: 'retry', afterS: 1, issue: 0, once: pullIsThere },
        { kind: 'merge_by_hand', afterS: 1, issue: 0 },
      ],
    },
    reaches: ['merged'],
    steps: [/createCheck/, /somebody: retry/, /r1-attempt-/, /somebody: merge_by_hand/, /updateCheck/],
  },
  'a check waited for ever for a base that had moved under a red verdict': {
    history: {
      plans: ['one'],
      verifies: ['honest', 'honest', 'killed'],
      acts: [
        label,
        { kind: 'push_base', afterS: 1, issue: 0, once: pullIsThere },
        { kind: 'push_base', afterS: 9, issue: 0 },
      ],
    },
    reaches: ['ready', 'a gate was open for a moment for what nobody verified'],
    steps: [/createPull/, /somebody: push_base/, /r1-verify-2/, /somebody: push_base/, /intakeForCounted/],
  },
  'a second look in an outage saw nothing and was counted, so that two reactions stayed on one command': {
    history: {
      listLagS: 6,
      acts: [label, { kind: 'stop', afterS: 3, issue: 0 }],
      outages: [
        { system: 'github', fromS: 14, forS: 59, isRateLimit: false },
        { system: 'github', fromS: 49, forS: 57, isRateLimit: true },
      ],
    },
    reaches: ['stopped'],
    steps: [/addReaction/, /addReaction/, /refused in an outage/, /removeReaction/],
  },
};

/** Undefined where it comes to what it is about; otherwise what it misses. */
async function findMissed({ history, reaches, steps, never }: Regression): Promise<string | undefined> {
  const { wrong, renderTrace, reached, idle } = await simulate({ ...quiet, ...history });
  const trace = renderTrace();
  expect(wrong, trace.join('\n')).toBeUndefined();
  if (never) expect(trace.filter((line) => never.test(line))).toEqual([]);
  if (idle.length > 0) return `it holds what has no effect: ${JSON.stringify(idle)}`;
  if (reached.join() !== reaches.join()) return `it reaches ${reached.join()}`;
  let from = 0;
  for (const step of steps) {
    const at = trace.findIndex((line, index) => index >= from && step.test(line));
    if (at < 0) return `${step} after line ${from} of\n${trace.join('\n')}`;
    from = at + 1;
  }
  return undefined;
}

/** Who is quicker is drawn, and one more call somewhere draws it anew: then another schedule comes to the same crossing. */
const schedulesAtMost = 300;

describe('a history that broke something once', () => {
  it.each(Object.entries(regressions))('%s', async (_name, regression) => {
    const { schedule } = regression.history;
    const count = schedule === undefined ? 1 : schedulesAtMost;
    const { crossings = 1 } = regression;
    let met = 0;
    let missed: string | undefined;
    for (let next = 0; next < count && met < crossings; next += 1) {
      const drawn = schedule === undefined ? {} : { schedule: schedule + next };
      missed = await findMissed({ ...regression, history: { ...regression.history, ...drawn } });
      if (missed === undefined) met += 1;
    }
    expect(met, missed).toBe(crossings);
  });
});
