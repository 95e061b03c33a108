// Random histories of a run: what people do, what becomes of actions, and time. Each step is plain data, so that a
// history that breaks a promise can be read, shrunk and played again.
import fc from 'fast-check';
import type { OutboxEntry } from '../../../src/core/model/action.ts';
import type { Permission } from '../../../src/core/model/actor.ts';
import {
  busyLane,
  grant,
  type Holder,
  movedLane,
  openLane,
  strictPolicy,
  toResult,
  type WorldOfDecisions,
} from '../../support/world-of-decisions.ts';
import { anyOutcome } from './any-outcome.ts';
import { comment, edit, label, mallory, mona, press, pull, pushBase, sha } from './outcome.ts';

export type Step =
  /** The policy checks the base and limits all attempts together; said before the run starts. */
  | { readonly do: 'be strict' }
  | { readonly do: 'comment'; readonly body: string; readonly by: 'mona' | 'otto' | 'mallory' }
  | { readonly do: 'request'; readonly command: string }
  | { readonly do: 'label'; readonly name: string; readonly isTakenOff: boolean }
  | { readonly do: 'close issue' }
  /** What the issue says changes; GitHub says so, or that is lost. */
  | { readonly do: 'edit'; readonly isTold: boolean }
  | { readonly do: 'press'; readonly button: 'recheck' | 'stop' | 'fix' }
  | {
      readonly do: 'pull';
      readonly change: 'opened' | 'reopened' | 'synchronize' | 'closed' | 'merged' | 'retargeted';
      readonly head: '1' | '2' | '3';
      readonly answer: 'same' | 'open' | 'merged' | 'none';
    }
  /** Looks once; a holder may begin an action between the decision and its save. */
  | { readonly do: 'look'; readonly crossing: 'nothing' | 'begin' }
  /** Looks, begins what is first in line (work before showing) and reports: 0 is success. */
  | { readonly do: 'work'; readonly how: number }
  | { readonly do: 'begin'; readonly which: number }
  | { readonly do: 'end'; readonly which: number; readonly how: number }
  | { readonly do: 'die'; readonly which: number }
  /** A holder that was replaced, or that reported already, says something. */
  | { readonly do: 'late'; readonly how: number }
  /** Somebody pushes to the base branch. */
  | { readonly do: 'push base'; readonly head: 'b' | 'c' | 'd' }
  /** The lane is busy, free, or has another base; or it takes back what it granted. */
  | { readonly do: 'lane'; readonly is: 'busy' | 'free' | 'moved' | 'revoking' }
  | { readonly do: 'wait'; readonly seconds: number }
  /** Every process is down. */
  | { readonly do: 'sleep'; readonly seconds: number }
  /** GitHub does not say who may do what, or says it again. */
  | { readonly do: 'outage'; readonly of: 'permissions' | 'facts' | 'text' | 'nothing' };

const which = fc.nat(3);
const how = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(10));
const bodies = [
  '/pilot merge',
  '/pilot merge',
  '/pilot rebase',
  '/pilot unmerge',
  '/pilot recheck',
  '/pilot review',
  '/pilot review full',
  '/pilot fix',
  '/pilot fix',
  '/pilot budget 5',
  '/pilot ignore',
  '/pilot unignore',
  '/pilot run',
  '/pilot run --workflow review',
  '/pilot plan',
  '/pilot approve',
  '/pilot deny It is too much.',
  '/pilot deny It is too much.',
  '/pilot approve',
  '/pilot approve plan-hash-1',
  '/pilot stop',
  '/pilot status',
  '/pilot pause',
  '/pilot pause',
  '/pilot resume',
  '/pilot resume',
  '/pilot finish',
  '/pilot continue',
  '/pilot retry',
  '/pilot retry a',
  '/pilot retry b',
  '/pilot skip b it is not needed',
  '/pilot skip c it is not needed',
  '/pilot answer r1-q1 UTC',
  '/pilot answer r1-q1 UTC',
  '/pilot answer r1-q1 local time',
  '/pilot answer r1-q2 UTC',
  '/pilot rnu',
  'Hi!',
] as const;

const speakers = {
  mona: {},
  otto: { actor: { id: 2, login: 'otto', kind: 'person' } },
  mallory: { actor: mallory, association: 'NONE' },
} as const;

/** Work goes on more often than somebody interferes, so that histories come far. */
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.record({ do: fc.constant('work' as const), how }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('comment' as const),
      body: fc.constantFrom(...bodies),
      by: fc.constantFrom('mona', 'mona', 'otto', 'mallory'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pull' as const),
      change: fc.constantFrom('opened', 'reopened', 'synchronize', 'closed', 'merged', 'retargeted'),
      head: fc.constantFrom('1', '2', '3'),
      answer: fc.constantFrom('same', 'open', 'merged', 'none'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('end' as const), which, how }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('late' as const), how }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('look' as const), crossing: fc.constantFrom('nothing', 'begin') }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(1, 3, 10, 60) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('sleep' as const),
      seconds: fc.constantFrom(11, 11, 11, 1_200, 40_000, 90_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.oneof(
      fc.record({
        do: fc.constant('lane' as const),
        is: fc.constantFrom('busy', 'free', 'moved', 'revoking'),
      }),
      fc.record({
        do: fc.constant('label' as const),
        name: fc.constantFrom('pilot:run', 'pilot:run', 'pilot:hold', 'pilot:never', 'pilot:review'),
        isTakenOff: fc.boolean(),
      }),
      fc.record({ do: fc.constant('push base' as const), head: fc.constantFrom('b', 'c', 'd') }),
      fc.record({
        do: fc.constant('request' as const),
        command: fc.constantFrom('stop', 'pause', 'resume', 'retry failed', 'run', 'rnu'),
      }),
      fc.record({ do: fc.constant('close issue' as const) }),
      fc.record({ do: fc.constant('edit' as const), isTold: fc.boolean() }),
      fc.record({ do: fc.constant('press' as const), button: fc.constantFrom('recheck', 'stop', 'fix') }),
      fc.record({ do: fc.constant('outage' as const), of: fc.constantFrom('permissions', 'facts', 'text', 'nothing') }),
    ),
  },
);

const mostlyWell = fc.constantFrom(0, 0, 0, 0, 0, 0, 1);
const start = (body: (typeof bodies)[number]): readonly Step[] => [
  { do: 'comment', body, by: 'mona' },
  { do: 'look', crossing: 'nothing' },
];

/** A run is started first and comes some way without trouble, so that every state is met often. */
export const anyHistory: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.boolean(),
    fc.constantFrom<readonly Step[]>(start('/pilot run'), start('/pilot run'), start('/pilot run --workflow review'), [
      ...start('/pilot plan'),
      { do: 'work', how: 0 },
      { do: 'work', how: 0 },
      { do: 'comment', body: '/pilot approve', by: 'mona' },
    ]),
    fc.array(fc.record({ do: fc.constant('work' as const), how: mostlyWell }), { maxLength: 12, size: 'max' }),
    fc.array(anyStep, { maxLength: 35, size: 'max' }),
  )
  .map(([isStrict, first, smooth, rough]) => [
    ...(isStrict ? [{ do: 'be strict' } as const] : []),
    ...first,
    ...smooth,
    ...rough,
  ]);

/** What holders of replaced or ended actions may still say; kept by whoever plays the history. */
export interface Past {
  readonly holders: Holder[];
  readonly permissions: Record<string, Permission>;
  facts: WorldOfDecisions['facts'];
  /** What the issue says, also while nobody can be asked. */
  text: string | undefined;
}

export function openPast(world: WorldOfDecisions): Past {
  return { holders: [], permissions: world.permissions, facts: world.facts, text: world.fingerprint };
}

export function play(world: WorldOfDecisions, past: Past, step: Step): void {
  switch (step.do) {
    case 'be strict':
      if (world.facts) past.facts = { ...world.facts, policyText: strictPolicy };
      world.facts = past.facts;
      return;
    case 'comment':
      comment(world, step.body, speakers[step.by]);
      return;
    case 'request':
      world.put({ kind: 'requested', key: `key-${world.next()}`, command: step.command, actor: mona });
      return;
    case 'label':
      label(world, step.name, mona, step.isTakenOff ? { isTakenOff: true } : {});
      return;
    case 'close issue':
      world.put({ kind: 'issue_closed', deliveryId: `closed-${world.next()}`, actor: mona });
      return;
    case 'edit':
      past.text = `issue-${world.next()}`;
      if (step.isTold) edit(world, world.fingerprint && past.text);
      else world.fingerprint &&= past.text;
      return;
    case 'press':
      press(world, step.button);
      return;
    case 'pull':
      return playPull(world, step);
    case 'look':
      world.look(step.crossing === 'begin' ? () => begin(world, 0) : undefined);
      return;
    case 'work':
      return work(world, past, step.how);
    case 'begin':
      begin(world, step.which);
      return;
    case 'end':
      return end(world, past, step);
    case 'die':
      return die(world, past, step.which);
    case 'lane':
      return playLane(world, step.is);
    case 'push base':
      pushBase(world, sha(step.head));
      return;
    case 'late':
      return; // Judged, not played: see history.property.test.ts.
    case 'wait':
      world.pass(step.seconds * 1_000);
      return;
    case 'sleep':
      past.holders.push(...world.listLiving());
      world.sleepThrough(step.seconds * 1_000);
      return;
    case 'outage':
      world.permissions = step.of === 'permissions' ? {} : past.permissions;
      world.facts = step.of === 'facts' ? undefined : past.facts;
      world.fingerprint = step.of === 'text' ? undefined : past.text;
      return;
  }
}

function playLane(world: WorldOfDecisions, is: Extract<Step, { do: 'lane' }>['is']): void {
  const { lane } = world.record;
  if (is === 'revoking') {
    if (lane?.grant) world.put({ kind: 'lane_revoked', ask: lane.ask, epoch: lane.grant.epoch });
    return;
  }
  world.courier = { busy: busyLane, free: openLane, moved: movedLane(sha('c')) }[is];
  if (is !== 'busy' && lane && !lane.grant) grant(world, lane.ask);
}

/** Webhooks come late and in any order, but GitHub, where it answers, tells the truth: merged stays merged. */
function playPull(world: WorldOfDecisions, { change, head, answer }: Extract<Step, { do: 'pull' }>): void {
  const { run } = world.record;
  // There is none before the publisher worked.
  const isPushed = world.outbox.some(({ action }) => action.kind === 'publish_branch' && action.runId === run?.id);
  if (!run?.pullRequest && !isPushed) return;
  const told = answer === 'same' ? (change === 'merged' || change === 'closed' ? change : 'open') : answer;
  const isMerged = world.pulls[9]?.state === 'merged' || run?.pullRequest?.state === 'merged';
  const state = isMerged ? 'merged' : told === 'none' ? undefined : told;
  const baseBranch = change === 'retargeted' ? 'release' : 'main';
  world.pulls =
    state === undefined || (isMerged && answer === 'none')
      ? {}
      : { 9: { headSha: sha(head), baseBranch, state, isOurs: true } };
  pull(world, change === 'merged' ? 'closed' : change === 'retargeted' ? 'edited' : change, {
    headSha: sha(head),
    baseBranch,
    headBranch: `gatepilot/1/${world.record.run?.id ?? 'r1'}`,
    merged: change === 'merged',
  });
}

function pick<T>(from: readonly T[], at: number): T | undefined {
  return from.length === 0 ? undefined : from[at % from.length];
}

function begin(world: WorldOfDecisions, which: number): Holder | undefined {
  const entry = pick<OutboxEntry>(world.listOpen(), which);
  return entry && world.begin(entry.action.id);
}

function work(world: WorldOfDecisions, past: Past, how: number): void {
  const open = world.settle().listOpen();
  const [first] = [...open.filter(({ action }) => action.kind !== 'present'), ...open];
  if (!first) return;
  const holder = world.begin(first.action.id);
  past.holders.push(holder);
  world.report(holder, anyOutcome(world, holder.action, how));
}

function end(world: WorldOfDecisions, past: Past, step: Extract<Step, { do: 'end' }>): void {
  const holder = pick(world.listLiving(), step.which);
  if (!holder) return;
  past.holders.push(holder);
  world.kill(holder).put(toResult(holder, anyOutcome(world, holder.action, step.how)));
}

function die(world: WorldOfDecisions, past: Past, which: number): void {
  const holder = pick(world.listLiving(), which);
  if (!holder) return;
  past.holders.push(holder);
  world.kill(holder);
}
