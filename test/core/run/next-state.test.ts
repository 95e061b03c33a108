// The state machine as a table: where each happening leads from each state. What a row does not mention stays where it
// is. All of it is played: every happening in every state, also those that make no sense there.
import { describe, expect, it } from 'vitest';
import type { Verb } from '../../../src/core/command/command.ts';
import type { Action } from '../../../src/core/model/action.ts';
import type { Event, ResultEvent } from '../../../src/core/model/event.ts';
import type { Message } from '../../../src/core/model/message.ts';
import type { RunState } from '../../../src/core/model/run.ts';
import { toSubjectId } from '../../../src/core/model/subject.ts';
import type { WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { repository, toResult } from '../../support/world-of-decisions.ts';
import {
  anchored,
  base,
  broughtIn,
  comment,
  edit,
  endSuite,
  failedAttempt,
  fellBack,
  found,
  integrated,
  judged,
  label,
  merged,
  mona,
  nothing,
  outage,
  planned,
  plannedTask,
  press,
  published,
  pull,
  pushBase,
  red,
  report,
  reports,
  resolved,
  reviewed,
  sha,
  stopped,
  verified,
  withItems,
} from './outcome.ts';
import * as history from './place.ts';

/** Every state of a run, with its phases and with the differences that matter. */
const places = {
  planning: history.planning,
  awaiting_approval: history.awaiting,
  'paused awaiting': history.pausedAwaiting,
  'checking base': history.checkingBaseline,
  attempting: history.attempting,
  reading: history.reading,
  'asking beside': history.askingBeside,
  needs_input: history.needsInput,
  'paused asking': history.pausedAsking,
  integrating: history.integrating,
  accepting: history.accepting,
  boundary: history.atBoundary,
  verifying: history.verifying,
  judging: history.judging,
  publishing: history.publishing,
  ready: history.ready,
  'ready in part': history.readyInPart,
  'verifying push': history.verifyingPush,
  rebasing: history.rebasing,
  resolving: history.resolving,
  waiting: history.waitingToMerge,
  'verifying again': history.verifyingAgain,
  merging: history.merging,
  'proving merge': history.provingMerge,
  stopping: history.stopping,
  paused: history.paused,
  'paused with pull': history.pausedWithPull,
  'paused by outage': history.pausedByOutage,
  pausing: history.pausing,
  finishing: history.finishing,
  stopped: history.stoppedEarly,
  'stopped with pull': history.stoppedWithPull,
  failed: history.failedEarly,
  'failed by a cap': history.capped,
  'failed with pull': history.failedWithPull,
  'failed in conflict': history.failedInConflict,
  merged: history.landed,
  reported: history.reported,
  superseded: history.superseded,
  closed: history.closed,
} as const satisfies Record<string, () => WorldOfDecisions>;
type Place = keyof typeof places;

const phases = { waiting: 'waiting', verifying: 'verifying again', merging: 'merging' } as const;

/** Where a state is in the table. */
function placeOf(world: WorldOfDecisions): string {
  const { state } = world.run;
  const name = world.run.id === 'r1' ? '' : 'next run: ';
  if ('phase' in state) return `${name}${state.phase}`;
  if (state.kind === 'merging') return name + (state.by.kind === 'person' ? 'proving merge' : phases[state.by.phase]);
  return `${name}${state.kind}`;
}

/** Reports how an action of this kind ended, also where nobody would have asked for one. */
function result(action: Action, outcome: ResultEvent['outcome']) {
  return (world: WorldOfDecisions) => {
    const own = world.find(action.kind);
    if (own?.state.kind === 'pending') return world.put(toResult(world.begin(action.kind), outcome));
    const token = own?.state.kind === 'begun' ? own.state.token : 'token';
    const state = { kind: 'begun', token, leaseUntil: world.now + 10_000, cancelled: false } as const;
    const entry = { action: own?.action ?? action, dispatch: 1, isSettling: false, state };
    world.outbox = [...world.outbox.filter((other) => other !== own), entry];
    return world.put(toResult({ action: entry.action, token }, outcome));
  };
}

/** What the lane says about the wish that the run has, if it has one. */
function heard(message: Extract<Message, { ask: string }>) {
  return (world: WorldOfDecisions) => world.put({ ...message, ask: world.record.lane?.ask ?? message.ask });
}

const runId = 'r1';
const plan = { kind: 'plan', id: 'r1-plan-x', runId } as const;
const attempt = { kind: 'attempt', id: 'r1-attempt-x', runId, task: 'a', number: 1, base } as const;
const baseline: Action = { kind: 'baseline', id: 'r1-baseline-x', runId, commit: base };
const integrate: Action = { kind: 'integrate', id: 'r1-integrate-x', runId, batch: 0, onto: base, contributions: [] };
const acceptance = {
  kind: 'acceptance',
  id: 'r1-acceptance-x',
  runId,
  batch: 0,
  commit: sha('1'),
  onto: base,
} as const;
const pilot = { kind: 'pilot', id: 'r1-pilot-x', runId, batch: 0 } as const;
const verify = { kind: 'verify', id: 'r1-verify-x', runId, head: sha('1'), origin: 'ours', isFresh: false } as const;
const repair: Action = { kind: 'repair', id: 'r1-repair-x', runId, number: 1, head: sha('1') };
const resolve: Action = {
  kind: 'resolve',
  id: 'r1-resolve-x',
  runId,
  head: sha('1'),
  bringsIn: true,
  answers: [],
};
const review: Action = {
  kind: 'review',
  id: 'r1-review-x',
  runId,
  number: 1,
  head: sha('1'),
  base,
  plan: { depth: 'selective', why: 'no two tasks met in a file', reviewers: ['correctness'], paths: [] },
};
const publish = { kind: 'publish_branch', id: 'r1-publish-x', runId, head: sha('1'), base } as const;
const granted = { ask: 'ask', epoch: 1 };
const merge = {
  ...granted,
  kind: 'merge',
  id: 'r1-merge-x',
  runId,
  number: 9,
  head: sha('1'),
  base,
  requestedBy: mona,
} as const;
const settle = { kind: 'settle_lane', id: 'settle-x', epoch: 1, number: 9 } as const;
const tell: Action = {
  kind: 'tell',
  id: 'tell-x',
  to: toSubjectId('github.test', 7, 2),
  event: { kind: 'lane_revoked', ...granted },
};
const readGroup = { kind: 'read_group', id: 'read-x' } as const;
const verifyGroup = { kind: 'verify_group', id: 'verify-x' } as const;
const showGroup = { kind: 'show_group', id: 'show-x' } as const;
const archive = { kind: 'archive', id: 'archive-r1-x', runId } as const;
const present = { kind: 'present', id: 'present-x' } as const;
const withheld = { kind: 'nothing_admitted', withheld: 1 } as const;

type Changed = Extract<Event, { kind: 'pull_request_changed' }>['change'];
type Row = readonly [happening: (world: WorldOfDecisions) => unknown, to: Partial<Record<Place, string>>];

const working = [
  'planning',
  'checking base',
  'attempting',
  'integrating',
  'accepting',
  'boundary',
  'verifying',
  'judging',
  'publishing',
  'verifying push',
  'rebasing',
  'resolving',
] as const;
const resting = [
  'ready',
  'ready in part',
  'stopped',
  'stopped with pull',
  'failed',
  'failed by a cap',
  'failed with pull',
  'failed in conflict',
] as const;
const held = [
  'needs_input',
  'paused asking',
  'paused',
  'paused with pull',
  'paused by outage',
  'paused awaiting',
  'awaiting_approval',
] as const;
/** Somebody still works, and nothing else will start. */
const ending = ['pausing', 'finishing'] as const;
const building = ['planning', 'checking base', 'attempting', 'integrating', 'accepting', 'boundary'] as const;

/** The same end for many places. */
function from(states: readonly Place[], to: string): Partial<Record<Place, string>> {
  return Object.fromEntries(states.map((state) => [state, to]));
}

const newRun = from(
  ['stopped', 'failed', 'failed by a cap', 'merged', 'reported', 'superseded', 'closed'],
  'next run: planning',
);
const waiting = ['waiting', 'verifying again'] as const;
const stop = {
  ...from([...working, 'reading', ...held, ...waiting], 'stopped'),
  ...from([...ending, 'asking beside'], 'stopping'),
  merging: 'stopped',
  'proving merge': 'proving merge',
};

/** The last one that works has ended with nothing to keep. */
const ended = { finishing: 'stopped', pausing: 'paused', stopping: 'stopped' };

/** A moment of a schedule has come, and the settings name it. */
function schedule(world: WorldOfDecisions): WorldOfDecisions {
  const entry = '\nschedule: [{ name: hourly, text: Tidy up, every_minutes: 60 }]\n';
  world.facts = { defaultBranch: 'main', ...world.facts, policyText: (world.facts?.policyText ?? '') + entry };
  const about = { schedule: 'hourly', at: world.now, thread: 1, title: 'Scheduled: hourly' };
  return world.put({ kind: 'scheduled', deliveryId: 'schedule/hourly', actor: mona, ...about });
}

/** They are answered, and no run goes anywhere by them. */
const idleCommands = [
  '/pilot status',
  '/pilot explain',
  '/pilot config',
  '/pilot help',
  '/pilot tell Use tabs.',
  '/pilot fix',
  '/pilot dismiss f1 It is fine.',
  `/pilot override verification ${sha('1')} It is fine.`,
  '/pilot budget $5',
  '/pilot vouch',
  '/pilot unignore',
] as const;

/** Each kind of event; what differs within a kind stands beside it. */
const stray = { actionId: 'propose-1', token: 'token' };
const fromRun = { subject: toSubjectId('github.test', 7, 2), runId: 'r1', repository };

const table = {
  labelled: {
    'pilot:run': [label, newRun],
    bug: [(world) => label(world, 'bug'), {}],
    'pilot:never': [(world) => label(world, 'pilot:never'), stop],
    'pilot:hold': [
      (world) => label(world, 'pilot:hold'),
      {
        ...from([...working, 'reading', 'awaiting_approval', 'needs_input'], 'paused'),
        waiting: 'ready',
        // What would be verified on the newer base waits as well.
        'verifying again': 'paused',
      },
    ],
    'pilot:hold, off': [(world) => label(world, 'pilot:hold', mona, { isTakenOff: true }), {}],
  },
  commented: {
    '/pilot run': [(world) => comment(world, '/pilot run'), newRun],
    '/pilot stop': [(world) => comment(world, '/pilot stop'), stop],
    // What is being merged may have landed; that is read.
    '/pilot ignore': [(world) => comment(world, '/pilot ignore'), stop],
    '/pilot recheck': [
      (world) => comment(world, '/pilot recheck'),
      from(['ready', 'ready in part', 'stopped with pull', 'failed with pull', 'failed in conflict'], 'verifying'),
    ],
    // These runs are not reviewed; what no run offers is looked at by a run of its own.
    '/pilot review': [(world) => comment(world, '/pilot review'), newRun],
    // Whoever knows that the base has moved verifies what it has on that.
    '/pilot unmerge': [
      (world) => comment(world, '/pilot unmerge'),
      { waiting: 'ready', 'verifying again': 'verifying' },
    ],
    '/pilot plan': [(world) => comment(world, '/pilot plan'), newRun],
    '/pilot deny': [
      (world) => comment(world.passShown(0), '/pilot deny It is too much.'),
      { awaiting_approval: 'planning' },
    ],
    '/pilot approve': [(world) => comment(world, '/pilot approve plan-hash'), { awaiting_approval: 'attempting' }],
    '/pilot pause': [
      (world) => comment(world, '/pilot pause'),
      from([...working, 'reading', 'awaiting_approval', 'needs_input'], 'paused'),
    ],
    '/pilot resume': [
      (world) => comment(world, '/pilot resume'),
      {
        paused: 'attempting',
        'paused with pull': 'verifying',
        'paused by outage': 'integrating',
        'paused awaiting': 'awaiting_approval',
        'paused asking': 'needs_input',
        stopped: 'attempting',
        'stopped with pull': 'verifying',
        failed: 'planning',
        'failed with pull': 'verifying',
        'failed in conflict': 'verifying',
      },
    ],
    '/pilot finish': [
      (world) => comment(world, '/pilot finish'),
      {
        attempting: 'stopped',
        reading: 'stopped',
        'checking base': 'stopped',
        paused: 'stopped',
        'paused asking': 'stopped',
        needs_input: 'stopped',
        boundary: 'stopped',
        'paused by outage': 'integrating',
        'paused with pull': 'verifying',
        // No agent starts, and what conflicts is for people.
        resolving: 'failed',
      },
    ],
    '/pilot continue': [(world) => comment(world, '/pilot continue'), { 'failed by a cap': 'attempting' }],
    '/pilot retry': [
      (world) => comment(world, '/pilot retry'),
      {
        'ready in part': 'attempting',
        failed: 'planning',
        'failed with pull': 'verifying',
        'failed in conflict': 'verifying',
      },
    ],
    '/pilot retry b': [(world) => comment(world, '/pilot retry b'), { 'ready in part': 'attempting' }],
    '/pilot skip b': [(world) => comment(world, '/pilot skip b nobody needs it'), {}],
    '/pilot merge': [(world) => comment(world, '/pilot merge'), { ready: 'merging' }],
    '/pilot rebase': [
      (world) => comment(world, '/pilot rebase'),
      from(['ready', 'ready in part', 'failed in conflict'], 'verifying'),
    ],
    '/pilot resolve all ours': [
      (world) => comment(world, '/pilot resolve all ours'),
      { 'failed in conflict': 'resolving' },
    ],
    '/pilot answer': [(world) => comment(world, '/pilot answer r1-q1 Local dates.'), { needs_input: 'attempting' }],
    '/pilot answer to nothing': [(world) => comment(world, '/pilot answer r1-q7 Local dates.'), {}],
    '/pilot approve of another plan': [(world) => comment(world, '/pilot approve 0123456789ab'), {}],
    'Thank you!': [(world) => comment(world, 'Thank you!'), {}],
  },
  scheduled: { '': [schedule, newRun] },
  pull_request_changed: {
    opened: [(world) => pull(world, 'opened'), { 'verifying push': 'verifying', 'stopped with pull': 'stopped' }],
    synchronize: [
      (world) => pull(world, 'synchronize', { headSha: sha('3') }),
      {
        ...from([...resting, ...waiting, 'judging', 'resolving'], 'verifying'),
        stopped: 'stopped',
        failed: 'failed',
        'failed by a cap': 'failed',
      },
    ],
    closed: [
      (world) => pull(world, 'closed'),
      { ...from([...working, 'asking beside', ...ending, ...held, ...resting, ...waiting, 'stopping'], 'closed') },
    ],
    'closed by a merge': [
      (world) => pull(world, 'closed', { merged: true, mergeSha: sha('e') }),
      {
        ...from([...working, 'asking beside', ...ending, ...held, ...resting, ...waiting, 'stopping'], 'proving merge'),
      },
    ],
    reopened: [(world) => pull(world, 'reopened'), {}],
    other: [(world) => pull(world, 'other'), {}],
    edited: [(world) => pull(world, 'edited', { baseBranch: 'release' }), {}],
  },
  issue_closed: {
    '': [
      (world) => world.put({ kind: 'issue_closed', deliveryId: 'closed', actor: mona }),
      { ...stop, merging: 'merging' },
    ],
  },
  issue_edited: {
    'to another text': [(world) => edit(world, 'issue-2'), { awaiting_approval: 'planning' }],
    'back to the same': [(world) => edit(world, 'issue-1'), {}],
    'while GitHub does not answer': [(world) => edit(world, undefined), {}],
  },
  base_pushed: {
    'to another commit': [(world) => pushBase(world, sha('d')), from(['ready', 'ready in part'], 'verifying')],
    'to the verified one': [(world) => pushBase(world, base), {}],
    'of another branch': [(world) => pushBase(world, sha('d'), 'release'), {}],
  },
  check_requested: {
    recheck: [
      (world) => press(world, 'recheck'),
      from(['ready', 'ready in part', 'stopped with pull', 'failed with pull', 'failed in conflict'], 'verifying'),
    ],
    stop: [(world) => press(world, 'stop'), stop],
  },
  suite_completed: {
    'held back': [(world) => endSuite(world, true), {}],
    'of another head': [(world) => endSuite(world, true, { headSha: sha('e') }), {}],
    'a workflow held back': [(world) => endSuite(world, true, { isWorkflow: true }), {}],
    ended: [(world) => endSuite(world, false), {}],
  },
  requested: {
    stop: [(world) => world.put({ kind: 'requested', key: 'k', command: 'stop', actor: mona }), stop],
    nonsense: [(world) => world.put({ kind: 'requested', key: 'k', command: 'rnu', actor: mona }), {}],
  },
  reader_answered: {
    '': [
      (world) =>
        world.put({
          kind: 'reader_answered',
          runId: 'r1',
          action: 'r1-review-1',
          token: 'token',
          change: `change-of-${sha('1')}`,
          report: { id: 'correctness', access: 'read', state: 'done', seconds: 1 },
        }),
      {},
    ],
  },
  restarted: { '': [(world) => world.put({ kind: 'restarted', at: 1 }), {}] },
  repository_moved: {
    '': [
      (world) =>
        world.put({
          kind: 'repository_moved',
          removalId: '7@1',
          from: 3,
          repository: { ...repository, installationId: 9 },
        }),
      // What had failed had failed for want of a token.
      { 'paused by outage': 'integrating' },
    ],
  },
  planned: {
    planned: [result(plan, planned(['a'])), { planning: 'attempting' }],
    'failed by an outage': [result(plan, { kind: 'failed', cause: outage, spend: nothing }), {}],
    'failed for good': [result(plan, { kind: 'failed', cause: withheld, spend: nothing }), { planning: 'failed' }],
    stopped: [result(plan, stopped), {}],
  },
  attempt_ended: {
    anchored: [
      result(attempt, anchored()),
      {
        ...from(['attempting', 'reading', 'finishing'], 'integrating'),
        'asking beside': 'needs_input',
        pausing: 'paused',
        stopping: 'stopped',
      },
    ],
    reported: [
      result(attempt, reports()),
      { ...ended, attempting: 'failed', reading: 'reported', 'asking beside': 'needs_input' },
    ],
    red: [result(attempt, failedAttempt(red)), ended],
    'failed by an outage': [result(attempt, failedAttempt(outage, nothing)), ended],
    stopped: [result(attempt, { kind: 'stopped', spend: nothing }), ended],
  },
  baseline_checked: {
    green: [result(baseline, { kind: 'checked', commit: base, report: report('tree') }), {}],
    red: [
      result(baseline, { kind: 'checked', commit: base, report: report('tree', 1) }),
      {
        ...from(['checking base', 'attempting', 'asking beside', 'reading', 'finishing'], 'failed'),
        pausing: 'failed',
      },
    ],
    'failed by an outage': [result(baseline, { kind: 'failed', cause: outage }), {}],
    stopped: [result(baseline, stopped), {}],
  },
  integrated: {
    landed: [
      result(integrate, integrated(['a'])),
      {
        ...from(['attempting', 'reading', ...ending], 'boundary'),
        integrating: 'verifying',
        accepting: 'accepting',
      },
    ],
    'nothing landed': [
      result(integrate, integrated([], { failed: [{ key: 'a', cause: red }] })),
      from(
        ['attempting', 'asking beside', 'reading', 'checking base', 'integrating', 'accepting', ...ending],
        'boundary',
      ),
    ],
    'failed by an outage': [result(integrate, { kind: 'failed', cause: outage }), {}],
    stopped: [result(integrate, stopped), {}],
  },
  acceptance_judged: {
    accepted: [result(acceptance, judged([withItems(plannedTask('a'))])), { accepting: 'verifying' }],
    'not accepted': [result(acceptance, judged([])), { accepting: 'boundary' }],
    unusable: [
      result(acceptance, { kind: 'unusable', why: 'no JSON', exchange: 'exchange', seconds: 1, spend: nothing }),
      { accepting: 'failed' },
    ],
    'failed by an outage': [result(acceptance, { kind: 'failed', cause: outage, spend: nothing }), {}],
    stopped: [result(acceptance, stopped), {}],
  },
  piloted: {
    'fell back': [result(pilot, fellBack()), { boundary: 'failed' }],
    stopped: [result(pilot, stopped), {}],
  },
  verified: {
    green: [result(verify, verified()), { verifying: 'publishing', rebasing: 'ready', 'verifying again': 'merging' }],
    red: [
      result(verify, verified(sha('1'), 1)),
      { verifying: 'failed', judging: 'failed', publishing: 'failed', rebasing: 'ready', 'verifying again': 'ready' },
    ],
    'in conflict with the base': [
      result(verify, { kind: 'conflict', head: sha('1'), base, paths: ['a'] }),
      { ...from(['verifying', 'judging', 'publishing', 'verifying again'], 'failed'), rebasing: 'resolving' },
    ],
    'brought in': [result(verify, broughtIn()), { rebasing: 'publishing' }],
    'green at the push': [result(verify, verified(sha('2'))), { 'verifying push': 'ready' }],
    'red at the push': [result(verify, verified(sha('2'), 1)), { 'verifying push': 'ready' }],
    conflict: [
      result(verify, { kind: 'conflict', head: sha('2'), base, paths: ['a'] }),
      { 'verifying push': 'failed' },
    ],
    diverged: [result(verify, { kind: 'diverged', head: sha('2') }), { 'verifying push': 'superseded' }],
    'failed by an outage': [result(verify, { kind: 'failed', cause: outage }), {}],
    stopped: [result(verify, stopped), {}],
  },
  conflict_resolved: {
    resolved: [result(repair, resolved()), { resolving: 'verifying' }],
    'not resolved': [
      result(repair, {
        kind: 'failed',
        cause: { kind: 'conflict_unresolved', why: 'marker_left', paths: ['a'] },
        spend: nothing,
      }),
      { resolving: 'failed' },
    ],
    changed: [
      result(resolve, { kind: 'changed', head: sha('1'), base, list: { found: [], unnamed: [] } }),
      { resolving: 'failed' },
    ],
    'failed by an outage': [result(repair, { kind: 'failed', cause: outage, spend: nothing }), {}],
    stopped: [result(repair, { kind: 'stopped', spend: nothing }), {}],
  },
  reviewed: {
    'nothing found': [result(review, reviewed()), { judging: 'publishing' }],
    'something confirmed': [result(review, reviewed(found())), { judging: 'publishing' }],
    unusable: [
      result(review, { kind: 'unusable', why: 'no list', report: 'x', steps: [], seconds: 1, spend: nothing }),
      { judging: 'publishing' },
    ],
    'failed by an outage': [result(review, { kind: 'failed', cause: outage, spend: nothing }), {}],
    'failed for good': [
      result(review, { kind: 'failed', cause: { kind: 'agent_gave_up', why: 'it ended' }, spend: nothing }),
      { judging: 'publishing' },
    ],
    stopped: [result(review, stopped), {}],
  },
  branch_published: {
    published: [result(publish, published()), from(['publishing', 'rebasing', 'resolving'], 'ready')],
    'published and closed': [
      result(publish, published(sha('1'), 'closed')),
      { verifying: 'closed', judging: 'closed', publishing: 'closed', rebasing: 'ready', resolving: 'ready' },
    ],
    'failed by an outage': [result(publish, { kind: 'failed', cause: outage }), {}],
    'failed for good': [
      result(publish, { kind: 'failed', cause: { kind: 'push_rejected', why: 'a hook declined' } }),
      from(['verifying', 'judging', 'publishing', 'verifying push', 'rebasing', 'resolving'], 'failed'),
    ],
    stopped: [result(publish, stopped), {}],
  },
  merge_ended: {
    merged: [result(merge, merged()), from(Object.keys(places) as Place[], 'merged')],
    head_moved: [
      result(merge, { kind: 'head_moved', expected: sha('1'), actual: sha('2') }),
      from([...waiting, 'merging'], 'verifying'),
    ],
    base_moved: [
      result(merge, { kind: 'base_moved', expected: base, actual: sha('c') }),
      { merging: 'verifying again' },
    ],
    'base_moved before it was asked for': [
      result(merge, { kind: 'base_moved', expected: sha('a'), actual: base }),
      from([...waiting, 'merging'], 'verifying'),
    ],
    refused: [
      result(merge, { kind: 'refused', why: 'Not now.' }),
      // Whoever knows that the base has moved verifies what it has on that.
      { ...from([...waiting, 'merging'], 'ready'), 'verifying again': 'verifying' },
    ],
    postponed: [result(merge, { kind: 'postponed', why: '429' }), from(['merging'], 'waiting')],
    unanswered: [result(merge, { kind: 'unanswered', why: '502' }), {}],
    stopped: [result(merge, stopped), {}],
  },
  archived: {
    archived: [result(archive, { kind: 'archived', artifact: 'x', through: 1, runHash: 'another' }), {}],
    'failed: the disk is full': [result(archive, { kind: 'failed', why: 'the disk is full' }), {}],
  },
  presented: {
    presented: [result(present, { kind: 'presented', revision: 1 }), {}],
    delayed: [result(present, { kind: 'delayed', until: 0, why: '502', isPlanned: false }), {}],
  },
  told: { told: [result(tell, { kind: 'told' }), {}] },
  lane_settled: { settled: [result(settle, { kind: 'settled', landed: true }), {}] },
  // Meant for the chores of the repository, as what follows.
  settings_proposed: {
    '': [(world) => world.put({ kind: 'settings_proposed', ...stray, outcome: { kind: 'proposed', pull: 9 } }), {}],
  },
  notes_proposed: {
    '': [(world) => world.put({ kind: 'notes_proposed', ...stray, outcome: { kind: 'refused', why: '403' } }), {}],
  },
  pulls_seen: {
    '': [(world) => world.put({ kind: 'pulls_seen', ...stray, outcome: { kind: 'refused', why: '403' } }), {}],
  },
  covered: { '': [(world) => world.put({ kind: 'covered', deliveryId: 'd1/7' }), {}] },
  // Of a thread that is a run's.
  pull_listed: {
    '': [
      (world) => {
        const branches = { headBranch: 'cache', baseBranch: 'main', isSameRepository: true, isDraft: false };
        const listed = { number: 9, headSha: sha('7'), title: 'Cache', isMoved: true, ...branches };
        return world.put({ kind: 'pull_listed', deliveryId: 'd1/9', ...listed });
      },
      {},
    ],
  },
  installed: { '': [(world) => world.put({ kind: 'installed', deliveryId: 'd1/7' }), {}] },
  settings_missing: { '': [(world) => world.put({ kind: 'settings_missing', ...fromRun }), {}] },
  learned: { '': [(world) => world.put({ kind: 'learned', ...fromRun, learnings: [] }), {}] },
  lane_granted: {
    'on the verified base': [heard({ kind: 'lane_granted', ...granted, until: 9e9, base }), { waiting: 'merging' }],
    'on another base': [
      heard({ kind: 'lane_granted', ...granted, until: 9e9, base: sha('d') }),
      { waiting: 'verifying again' },
    ],
    'for another wish': [(world) => world.put({ kind: 'lane_granted', ...granted, until: 9e9 }), {}],
  },
  // Whoever lost its turn gets in line again, in these histories has it again at once, and looks first whether it landed.
  lane_revoked: { '': [heard({ kind: 'lane_revoked', ...granted }), { 'verifying again': 'merging' }] },
  lane_placed: { '': [heard({ kind: 'lane_placed', ...granted, ahead: 2 }), {}] },
  base_moved: { '': [heard({ kind: 'base_moved', ...granted, branch: 'main', base: sha('d') }), {}] },
  // Meant for a lane: a run that hears it by mistake goes on as it was.
  lane_asked: {
    '': [
      heard({
        kind: 'lane_asked',
        ask: 'ask',
        subject: toSubjectId('github.test', 7, 2),
        runId,
        number: 9,
        holdMs: 1,
        repository,
        branch: 'main',
      }),
      {},
    ],
  },
  lane_held: { '': [heard({ kind: 'lane_held', ...granted, count: 1 }), {}] },
  lane_left: { '': [heard({ kind: 'lane_left', ...granted, landed: true, mayLand: false }), {}] },
  checkpointed: {
    'by one who was replaced': [
      (world) => {
        const checkpoint = { id: 'c', bytes: 1, at: 1, base: 'b', workflow: 'plain', done: [] };
        return world.put({ kind: 'checkpointed', attempt: 'z', token: 'gone', checkpoint });
      },
      {},
    ],
  },
  taken_over: {
    'by one who was replaced': [
      (world) => {
        const takeover = { kind: 'anew', at: 1, why: 'gone' } as const;
        return world.put({ kind: 'taken_over', attempt: 'z', token: 'gone', takeover });
      },
      {},
    ],
  },
  instructed: {
    'of nobody at work': [
      (world) => world.put({ kind: 'instructed', attempt: 'z', token: 'gone', instructions: ['r1-i1'], isLive: true }),
      {},
    ],
  },
  // Meant for a commit of the merge queue.
  group_formed: {
    '': [
      (world) =>
        world.put({
          kind: 'group_formed',
          deliveryId: 'formed',
          head: sha('a'),
          ref: `gh-readonly-queue/main/pr-9-${base}`,
          branch: 'main',
          base,
          number: 9,
        }),
      {},
    ],
  },
  group_destroyed: {
    '': [(world) => world.put({ kind: 'group_destroyed', deliveryId: 'destroyed', reason: 'merged' }), {}],
  },
  group_read: { gone: [result(readGroup, { kind: 'gone' }), {}] },
  group_verified: { stopped: [result(verifyGroup, stopped), {}] },
  group_shown: { shown: [result(showGroup, { kind: 'shown', revision: 1 }), {}] },
  // It is proof for when it is merged.
  queue_verified: {
    '': [(world) => world.put({ kind: 'queue_verified', runId, group: sha('a'), tree: 'tree-of-it' }), {}],
  },
  // What it closes is the gate; what the run does stays as it is.
  head_shared: {
    'by the head of the run': [
      (world) => world.put({ kind: 'head_shared', number: 30, head: sha('1'), base: 'release', turn: 'shown-1' }),
      {},
    ],
    'by an older one': [
      (world) => world.put({ kind: 'head_shared', number: 30, head: sha('9'), base: 'release', turn: 'shown-1' }),
      {},
    ],
  },
} as const satisfies Record<Event['kind'], Record<string, Row>> & {
  // Every way in which a pull request changes has its row.
  pull_request_changed: Record<Changed, Row>;
};

type Said = keyof (typeof table)['commented'] | (typeof idleCommands)[number];
type VerbOf<Body> = Body extends `/pilot ${infer V} ${string}` ? V : Body extends `/pilot ${infer V}` ? V : never;
/** A verb without a row does not compile. */
const unsaid: Record<Exclude<Verb, VerbOf<Said>>, never> = {};

const idleRows = Object.fromEntries(
  idleCommands.map((body): [string, Row] => [body, [(world) => comment(world, body), {}]]),
);
const rowsOf: Record<Event['kind'], Record<string, Row>> = { ...table, commented: { ...table.commented, ...idleRows } };

/** The states of the model, each of which has a place in the table. */
const kinds = {
  planning: true,
  awaiting_approval: true,
  executing: true,
  reviewing: true,
  ready: true,
  merging: true,
  stopping: true,
  paused: true,
  needs_input: true,
  stopped: true,
  failed: true,
  merged: true,
  reported: true,
  superseded: true,
  closed: true,
} as const satisfies Record<RunState['kind'], true>;

describe('the table of states', () => {
  it('has a place for every state of the model', () => {
    const reached = new Set(Object.values(places).map((make) => make().run.state.kind));
    expect([...reached].toSorted()).toEqual(Object.keys(kinds).toSorted());
    expect(building.every((name) => name in places)).toBe(true);
    expect(unsaid).toEqual({});
  });

  for (const [kind, rows] of Object.entries(rowsOf)) {
    for (const [detail, [happen, to]] of Object.entries(rows)) {
      it(`${kind} ${detail}`, () => {
        const actual: Record<string, string> = {};
        const expected: Record<string, string> = {};
        for (const [name, make] of Object.entries(places)) {
          const world = make();
          const before = placeOf(world);
          happen(world);
          world.settle();
          actual[name] = placeOf(world);
          expected[name] = to[name as Place] ?? before;
        }
        expect(actual).toEqual(expected);
      });
    }
  }
});
