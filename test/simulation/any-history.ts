// Random histories: mostly what leads on, since histories that never get anywhere teach nothing.
import fc from 'fast-check';
import {
  type Act,
  type ActKind,
  type AgentFate,
  actKinds,
  agentFates,
  type Fault,
  faultKinds,
  type History,
  type Mishap,
  mishapKinds,
  type Outage,
  pilotFates,
  planFates,
  reviewFates,
  type Timer,
  verifyFates,
} from './history.ts';

/** Calls in which a crash or a lost answer hurts most are named; the systems stand for all the others. */
const targets = [
  'store',
  'store.save',
  'store.begin',
  'store.append',
  'store.load',
  'store.heartbeat',
  'store.loadLane',
  'store.intake',
  'store.intakeForCounted',
  'store.takeDue',
  'queue',
  'queue.wake',
  'queue.dispatch',
  'github',
  'github.createComment',
  'github.createCheck',
  'github.updateCheck',
  'github.createPull',
  'github.merge',
  'github.list',
  'github.redeliver',
  'github.addReaction',
  'github.readTree',
  'github.findPull',
  'github.readPull',
  'github.readBranch',
  'git',
  'git.push',
  'git.merge',
  'git.capture',
  'git.updateRef',
  'git.fetch',
  'artifact',
  'sandbox',
  'checkpoint',
  'agent',
  'model',
  'gateway',
] as const;

const common = <T extends string>(usual: T, all: readonly T[]) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...all) });

/** A start, then mostly what leads on: histories that never get anywhere teach nothing. */
const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<ActKind>('label', 'run', 'stop', 'merge', 'push_base', 'resume') },
    { weight: 2, arbitrary: fc.constantFrom(...actKinds) },
    // What ends or replaces a run from outside is seldom met by chance.
    { weight: 1, arbitrary: fc.constantFrom<ActKind>('push_force', 'close_pull') },
  ),
  afterS: fc.oneof({ weight: 2, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.nat(4) }),
  issue: fc.nat(2),
});

const anyActs = fc
  .tuple(fc.constantFrom<ActKind>('label', 'run'), fc.array(act, { maxLength: 8 }))
  .map(([start, rest]): Act[] => [{ kind: start, afterS: 0, issue: 0 }, ...rest]);

const raceKinds = [
  'merge',
  'merge',
  'merge',
  'push_base',
  'push_base',
  'kill_workers',
  'blackout',
  'merge_by_hand',
  'stop',
] as const;

/** All get ready, and then all want to merge into one base while people push to it and processes die. */
const race = fc
  .tuple(
    fc.integer({ min: 20, max: 60 }),
    fc.array(
      fc.record({
        kind: fc.constantFrom<ActKind>(...raceKinds),
        afterS: fc.oneof(fc.constant(0), fc.nat(6)),
        issue: fc.nat(2),
      }),
      { minLength: 3, maxLength: 8 },
    ),
  )
  .map(([readyS, rest]): Act[] => [
    ...[0, 1, 2].map((issue): Act => ({ kind: 'label', afterS: 0, issue })),
    { kind: 'merge', afterS: readyS, issue: 0 },
    ...rest,
  ]);

const approvalKinds = [
  'approve',
  'deny',
  'approve',
  'edit_issue',
  'edit_issue',
  'stop',
  'resume',
  'pause',
  'kill_workers',
] as const;

/** A plan is asked for, and people approve, edit and stop at nearly the same moment while processes die. */
const approvals = fc
  .array(
    fc.record({
      kind: fc.constantFrom<ActKind>(...approvalKinds),
      afterS: fc.oneof(fc.nat(2), fc.nat(12)),
      issue: fc.constant(0),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .map((rest): Act[] => [{ kind: 'plan', afterS: 0, issue: 0 }, ...rest]);

const steeringKinds = [
  'tell',
  'tell',
  'tell_task',
  'stranger_tell',
  'stop',
  'resume',
  'pause',
  'kill_workers',
] as const;

/** People talk to agents, stop them and let them go on at nearly the same moment while processes die. */
const steering = fc
  .array(
    fc.record({
      kind: fc.constantFrom<ActKind>(...steeringKinds),
      afterS: fc.oneof(fc.nat(2), fc.nat(8)),
      issue: fc.constant(0),
    }),
    { minLength: 2, maxLength: 8 },
  )
  .map((rest): Act[] => [{ kind: 'label', afterS: 0, issue: 0 }, ...rest]);

const vouchKinds = [
  'stranger_word',
  'stranger_word',
  'stranger_edit',
  'vouch',
  'vouch',
  'stranger_vouch',
  'run',
] as const;

/** Somebody who may not write speaks and edits while others vouch and start runs, within the same seconds. */
const vouching = fc
  .array(
    fc.record({
      kind: fc.constantFrom<ActKind>(...vouchKinds),
      afterS: fc.oneof(fc.nat(2), fc.nat(8)),
      issue: fc.constant(0),
    }),
    { minLength: 3, maxLength: 8 },
  )
  .map((rest): Act[] => [
    { kind: 'stranger_word', afterS: 0, issue: 0 },
    ...rest,
    { kind: 'run', afterS: 1, issue: 0 },
  ]);

const acts = fc.oneof(
  { weight: 8, arbitrary: anyActs },
  { weight: 1, arbitrary: approvals },
  { weight: 1, arbitrary: steering },
  { weight: 1, arbitrary: vouching },
);

const fault: fc.Arbitrary<Fault> = fc
  .tuple(fc.constantFrom(...targets), fc.nat(11), fc.nat(60), fc.constantFrom(...faultKinds))
  .map(([on, few, many, kind]) => ({ on, nth: (on.includes('.') ? few : many) + 1, kind }));

const mishap: fc.Arbitrary<Mishap> = fc.record({
  of: fc.constantFrom('webhook', 'push', 'wake', 'job'),
  nth: fc.integer({ min: 1, max: 25 }),
  kind: fc.constantFrom(...mishapKinds),
});

const outage: fc.Arbitrary<Outage> = fc.record({
  system: fc.constantFrom('github', 'store', 'queue', 'git', 'model', 'artifact', 'sandbox'),
  fromS: fc.nat(90),
  forS: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 60 }) },
    // Longer than anybody waits without holding what is under way.
    { weight: 1, arbitrary: fc.integer({ min: 300, max: 1_500 }) },
  ),
  isRateLimit: fc.boolean(),
});

/** One in four is reviewed, and one in four follows its base, whatever else is drawn. */
const noisyHistory: fc.Arbitrary<History> = fc
  .record({
    schedule: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(1_000_000) }),
    issues: fc.constantFrom(1, 1, 2, 3),
    workers: fc.constantFrom(1, 2, 2, 3),
    slots: fc.constantFrom(9, 1, 2),
    writesPerMinute: fc.constantFrom(40, 40, 10),
    listLagS: fc.constantFrom(0, 0, 2, 6),
    checksBaseline: fc.boolean(),
    maxAttempts: fc.constantFrom(3, 2, 1),
    budgetCents: fc.constantFrom(1000, 1000, 30, 20),
    isApprovalRequired: fc.constantFrom(false, false, false, true),
    timers: fc.constant([]),
    acts,
    plans: fc.array(common('two', planFates), { maxLength: 4 }),
    agents: fc.array(common('done', agentFates), { maxLength: 8 }),
    pilots: fc.array(common('retry', pilotFates), { maxLength: 3 }),
    reviews: fc.array(common('met', reviewFates), { maxLength: 4 }),
    verifies: fc.array(common('honest', verifyFates), { maxLength: 8 }),
    faults: fc.array(fault, { maxLength: 6 }),
    mishaps: fc.array(mishap, { maxLength: 4 }),
    outages: fc.array(outage, { maxLength: 2 }),
    runs: fc.constantFrom(9, 9, 9, 1, 2),
    isReviewed: fc.constant(false),
    isOnline: fc.constant(false),
  })
  .map((history) => ({
    ...history,
    isReviewed: history.schedule % 4 === 3,
    isUpdated: history.schedule % 4 === 2,
    isOnline: history.schedule % 3 === 1,
    isKept: history.schedule % 5 < 3,
    isDrafting: history.schedule % 7 === 6,
  }));

/** What becomes of the calls in which a lane is held: whoever never answers loses it. */
const mergeFault: fc.Arbitrary<Fault> = fc.record({
  on: fc.constantFrom('github.merge', 'github.merge', 'git.merge'),
  nth: fc.integer({ min: 1, max: 3 }),
  kind: fc.constantFrom(...faultKinds),
});

/** What leads three runs to one base at one time, with little that holds them up before. */
const racingHistory: fc.Arbitrary<History> = fc
  .tuple(noisyHistory, race, fc.array(mergeFault, { maxLength: 2 }))
  .map(([history, acts, faults]) => ({
    ...history,
    acts,
    issues: 3,
    slots: 9,
    writesPerMinute: 40,
    checksBaseline: false,
    budgetCents: 1000,
    isApprovalRequired: false,
    plans: [],
    agents: [],
    reviews: [],
    verifies: history.verifies.slice(0, 1),
    runs: 9,
    faults: [...faults, ...history.faults.slice(0, 2)],
    mishaps: history.mishaps.slice(0, 2),
    outages: history.outages.slice(0, 1),
  }));

/** At once, within moments, or within the time that a write may have to wait. */
function soon(kinds: readonly ActKind[], issue: fc.Arbitrary<number>): fc.Arbitrary<Act> {
  return fc.record({
    kind: fc.constantFrom<ActKind>(...kinds),
    afterS: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(40)),
    issue,
  });
}

/** Little of what was drawn to go wrong, or nothing of it: a delay can be blamed on somebody only then. */
function withTrouble(history: History, isCalm: boolean): Pick<History, 'faults' | 'mishaps' | 'outages'> {
  return isCalm
    ? { faults: [], mishaps: [], outages: [] }
    : { faults: history.faults.slice(0, 3), mishaps: history.mishaps, outages: history.outages.slice(0, 1) };
}

const gateKinds = [
  'push_base',
  'push_base',
  'open_twin',
  'open_twin',
  'merge_if_allowed',
  'merge_if_allowed',
  'push_settings',
  'push_forward',
  'push_force',
  'retarget',
  'hold_ci',
  'hold_ci',
  'let_ci_run',
  'rerequest',
  'recheck',
  'close_pull',
  'reopen_pull',
  'merge',
  'merge_in_thread',
  'kill_workers',
] as const;

/** A gate is open or about to be, and whatever it hangs on changes at nearly the same moment. */
const gateHistory: fc.Arbitrary<History> = fc
  .record({
    history: noisyHistory,
    readyS: fc.integer({ min: 15, max: 45 }),
    acts: fc.array(soon(gateKinds, fc.constant(0)), { minLength: 2, maxLength: 9 }),
    isCalm: fc.boolean(),
  })
  .map(({ history, readyS, acts, isCalm }) => ({
    ...history,
    acts: [
      { kind: 'label' as const, afterS: 0, issue: 0 },
      ...acts.map((act, index) => (index === 0 ? { ...act, afterS: readyS } : act)),
    ],
    issues: 1,
    checksBaseline: false,
    budgetCents: 1000,
    isApprovalRequired: false,
    plans: ['one' as const],
    agents: [],
    reviews: [],
    verifies: history.verifies.slice(0, 3).map((fate) => (fate === 'red' && isCalm ? ('honest' as const) : fate)),
    ...withTrouble(history, isCalm),
  }));

const queueKinds = [
  'merge_when_ready',
  'merge_when_ready',
  'merge_when_ready',
  'merge_when_ready',
  'queue_at_once',
  'queue_at_once',
  'push_base',
  'push_base',
  'recheck_queue',
  'stranger_recheck_queue',
  'push_settings',
  'push_forward',
  'push_force',
  'push_force',
  'open_twin',
  'open_queued',
  'open_queued',
  'recheck',
  'rebase',
  'close_pull',
  'close_pull',
  'reopen_pull',
  'merge_if_allowed',
  'merge',
  'kill_workers',
] as const;

/** What is ready goes into the queue of its branch, on a base that has moved, while whatever it hangs on changes. */
const queueHistory: fc.Arbitrary<History> = fc
  .record({
    history: noisyHistory,
    readyS: fc.integer({ min: 20, max: 50 }),
    acts: fc.array(soon(queueKinds, fc.nat(2)), { minLength: 1, maxLength: 8 }),
    verifies: fc.array(common('honest', ['red', 'killed', 'slow'] as const), { maxLength: 3 }),
    isMoved: fc.boolean(),
    isCalm: fc.boolean(),
  })
  .map(({ history, readyS, acts, verifies, isMoved, isCalm }) => ({
    ...history,
    acts: [
      ...Array.from({ length: history.issues }, (_, issue): Act => ({ kind: 'label', afterS: 0, issue })),
      ...(isMoved ? [{ kind: 'push_base' as const, afterS: readyS, issue: 0 }] : []),
      { kind: 'queue_at_once' as const, afterS: isMoved ? 0 : readyS, issue: 0 },
      ...acts,
    ],
    checksBaseline: false,
    budgetCents: 1000,
    isApprovalRequired: false,
    runs: 9,
    plans: Array.from({ length: history.issues }, () => 'one' as const),
    agents: [],
    reviews: [],
    // The first ones are of what is built.
    verifies: [...Array.from({ length: 2 * history.issues }, () => 'honest' as const), ...verifies],
    ...withTrouble(history, isCalm),
  }));

const forkKinds = [
  'open_fork',
  'push_fork',
  'push_fork',
  'queue_fork',
  'queue_fork',
  'queue_at_once',
  'queue_at_once',
  'vouch_fork',
  'vouch_fork',
  'vouch_fork_old',
  'label_fork',
  'stranger_vouch_fork',
  'review_fork',
  'push_base',
  'merge_when_ready',
  'merge',
  'kill_workers',
] as const;

/** Somebody pushes to his fork while others vouch for it, and put it into the queue before and behind what a run made. */
const forkHistory: fc.Arbitrary<History> = fc
  .tuple(queueHistory, fc.array(soon(forkKinds, fc.constant(0)), { minLength: 2, maxLength: 9 }))
  .map(([history, acts]) => {
    const isQueued = ({ kind }: Act) => kind === 'queue_at_once';
    const before = history.acts.findIndex(isQueued);
    const [queued] = history.acts.filter(isQueued);
    return {
      ...history,
      acts: [
        ...history.acts.slice(0, before),
        { kind: 'open_fork' as const, afterS: queued?.afterS ?? 30, issue: 0 },
        // Without a vouch nothing of it is ever executed.
        ...(history.schedule % 2 === 0 ? [{ kind: 'vouch_fork' as const, afterS: 0, issue: 0 }] : []),
        { kind: 'queue_fork' as const, afterS: 0, issue: 0 },
        { kind: 'queue_at_once' as const, afterS: 0, issue: 0 },
        ...acts,
      ],
    };
  });

/** Readers as well as whoever builds: one that clashes says something that can be confirmed. */
const reviewedHistory: fc.Arbitrary<History> = fc
  .tuple(
    noisyHistory,
    fc.array(common<AgentFate>('clash', ['done', 'no_change', 'crashed']), { minLength: 1, maxLength: 3 }),
  )
  .map(([history, readers]) => ({
    ...history,
    isReviewed: true,
    plans: ['one' as const],
    agents: ['done' as const, ...readers],
    reviews: [],
    verifies: [],
    outages: [],
  }));

const clashKinds = [
  'rebase',
  'rebase',
  'resolve',
  'resolve_theirs',
  'push_clash',
  'push_forward',
  'merge',
  'stop',
  'pause',
  'resume',
  'finish',
  'kill_workers',
] as const;

const exceptionKinds = [
  'override',
  'override',
  'override',
  'override_old',
  'override_review',
  'writer_override',
  'stranger_override',
  'dismiss',
  'dismiss',
  'writer_dismiss',
  'stranger_dismiss',
  'maintainer_leaves',
  'merge',
  'merge',
  'merge_if_allowed',
  'merge_when_ready',
  'queue_at_once',
  'push_forward',
  'push_base',
  'push_settings',
  'push_force',
  'open_twin',
  'retarget',
  'recheck',
  'rebase',
  'stop',
  'run',
  'kill_workers',
] as const;

/** What is red, or in which something was found, is let pass by those who may and those who may not, and moves on meanwhile. */
const exceptionHistory: fc.Arbitrary<History> = fc
  .record({
    history: noisyHistory,
    isReviewed: fc.boolean(),
    readyS: fc.integer({ min: 30, max: 60 }),
    acts: fc.array(soon(exceptionKinds, fc.constant(0)), { minLength: 3, maxLength: 9 }),
    verifies: fc.array(common('honest', ['red', 'killed', 'slow'] as const), { maxLength: 3 }),
    isCalm: fc.boolean(),
  })
  .map(({ history, isReviewed, readyS, acts, verifies, isCalm }) => ({
    ...history,
    isReviewed,
    acts: [
      { kind: 'label' as const, afterS: 0, issue: 0 },
      ...(isReviewed ? [] : [{ kind: 'push_forward' as const, afterS: readyS, issue: 0 }]),
      { kind: isReviewed ? ('dismiss' as const) : ('override' as const), afterS: isReviewed ? readyS : 20, issue: 0 },
      ...acts,
    ],
    issues: 1,
    checksBaseline: false,
    budgetCents: 1000,
    isApprovalRequired: false,
    plans: ['one' as const],
    agents: isReviewed ? (['done', 'clash'] as const) : [],
    reviews: [],
    // The first one is of what is built.
    verifies: ['honest' as const, ...(isReviewed ? [] : ['red' as const]), ...verifies],
    ...withTrouble(history, isCalm),
  }));

/** A base that moves into a conflict with what one run has built, and people who do something about it while much else happens. */
const clashingHistory: fc.Arbitrary<History> = fc
  .tuple(
    noisyHistory,
    fc.array(
      fc.record({
        kind: fc.constantFrom<ActKind>(...clashKinds),
        afterS: fc.oneof(fc.nat(8), fc.nat(40)),
        issue: fc.constant(0),
      }),
      { minLength: 1, maxLength: 7 },
    ),
    fc.array(common<AgentFate>('done', ['no_change', 'crashed', 'leaks_secret', 'provider_down']), { maxLength: 3 }),
  )
  .map(([history, rest, repairs]) => ({
    ...history,
    acts: [
      { kind: 'label' as const, afterS: 0, issue: 0 },
      { kind: 'push_clash' as const, afterS: 50, issue: 0 },
      { kind: 'rebase' as const, afterS: 20, issue: 0 },
      ...rest,
    ],
    issues: 1,
    workers: Math.max(2, history.workers),
    plans: ['one' as const],
    agents: ['done' as const, ...repairs],
    reviews: [],
    verifies: [],
    budgetCents: 1000,
    checksBaseline: false,
    isApprovalRequired: false,
    faults: history.faults.slice(0, 3),
    mishaps: history.mishaps.slice(0, 2),
    outages: history.outages.slice(0, 1),
  }));

const timer: fc.Arbitrary<Timer> = fc.oneof(
  fc.record({ kind: fc.constant('once' as const), atS: fc.nat(400) }),
  fc.record({
    kind: fc.constant('every' as const),
    minutes: fc.constantFrom(5, 6),
    untilS: fc.integer({ min: 320, max: 900 }),
  }),
);

const sweepTargets = [
  'store.readTime',
  'store.keep',
  'store.claim',
  'store.intake',
  'store.settle',
  'store.takeTokens',
  'store.loadChores',
  'github.listRepositories',
  'github.listOpenPulls',
  'github.listOwnIssues',
  'github.openIssue',
  'github.readFile',
  'queue.wake',
] as const;

/** Whatever goes wrong while somebody looks what is due, or over a time that has come. */
const sweepFault: fc.Arbitrary<Fault> = fc.record({
  on: fc.constantFrom(...sweepTargets),
  nth: fc.integer({ min: 1, max: 12 }),
  kind: fc.constantFrom(...faultKinds),
});

/** Runs that nobody asks for each time, among few that somebody does. */
const timedHistory: fc.Arbitrary<History> = fc
  .record({
    history: noisyHistory,
    timers: fc.array(timer, { minLength: 1, maxLength: 2 }),
    faults: fc.oneof(fc.constant([]), fc.array(sweepFault, { maxLength: 5 })),
    isCalm: fc.boolean(),
    pace: fc.constantFrom(1, 5),
  })
  .map(({ history, timers, faults, isCalm, pace }) => ({
    ...history,
    timers,
    workers: Math.max(2, history.workers),
    issues: 1,
    acts: history.acts.slice(0, 4).map((act) => ({ ...act, afterS: act.afterS * pace })),
    faults: isCalm ? [] : [...faults, ...history.faults.slice(0, 1)],
    mishaps: isCalm ? [] : history.mishaps,
    outages: isCalm ? [] : history.outages,
  }));

/** Delays can be blamed on somebody only where nothing was disturbed. */
export const anyHistory: fc.Arbitrary<History> = fc.oneof(
  { weight: 8, arbitrary: noisyHistory },
  { weight: 2, arbitrary: racingHistory },
  { weight: 1, arbitrary: reviewedHistory },
  { weight: 2, arbitrary: gateHistory },
  { weight: 1, arbitrary: clashingHistory },
  { weight: 1, arbitrary: timedHistory },
  { weight: 2, arbitrary: queueHistory },
  { weight: 1, arbitrary: forkHistory },
  { weight: 2, arbitrary: exceptionHistory },
  { weight: 2, arbitrary: noisyHistory.map((history) => ({ ...history, faults: [], mishaps: [], outages: [] })) },
);
