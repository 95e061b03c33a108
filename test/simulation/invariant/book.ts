// What an onlooker of every port call knows: kept in words of its own, so that it is wrong in other ways than the code.
import type { Action } from '../../../src/core/model/action.ts';
import type { GroupRecord } from '../../../src/core/model/group.ts';
import type { Instruction } from '../../../src/core/model/instruction.ts';
import type { LaneRecord } from '../../../src/core/model/lane.ts';
import type { SubjectRecord } from '../../../src/core/model/record.ts';
import type { RunState } from '../../../src/core/model/run.ts';
import type { RecordId } from '../../../src/core/model/subject.ts';
import type { Hub } from '../hub.ts';
import type { Fates } from '../simulated-work.ts';
import type { ToldSession } from './instructions.ts';
import type { KnownTimer } from './timers.ts';

/** An invariant that does not hold, in one sentence. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export interface Held {
  readonly action: Action;
  dispatch: number;
  token: string | undefined;
  leaseUntil: number;
  isSettling: boolean;
}

export interface Known {
  version: number;
  /** The newest event of its log that was seen. */
  logged: number;
  record: SubjectRecord | undefined;
  lane: LaneRecord | undefined;
  group: GroupRecord | undefined;
  readonly outbox: Map<string, Held>;
}

export interface Book {
  readonly hub: Hub;
  readonly fates: Fates;
  /** Something was late or lost, so nobody can be blamed for a delay. */
  readonly isDisturbed: boolean;
  /** Nothing was disturbed, nobody died, and there is enough of our own budget for writing. */
  readonly isCalm: boolean;
  /** How many runs may be at work at once. */
  readonly mostRuns: number;
  /** What all of them may cost in a day. */
  readonly dayMicroUsd: number;
  /** The policy asks for an approval of every plan. */
  readonly isApprovalRequired: boolean;
  readonly records: Map<RecordId, Known>;
  /** Event ids that a decision took; those of one record with its id before them. */
  readonly handled: Set<string>;
  /** Event ids by the delivery that brought them. */
  readonly kept: Map<string, readonly string[]>;
  /** Until when each token was held. */
  readonly leases: Map<string, number>;
  /** Heads that a run of ours verified green, by the branch that they are for. */
  readonly verified: Map<string, Set<string>>;
  /** Schedules by name. */
  readonly timers: ReadonlyMap<string, KnownTimer>;
  /**
   * Trees that it verified green at any time, by the same, each with the policy that it was last verified by: people merge what
   * they see, which may be an earlier verdict.
   */
  readonly provenTrees: Map<string, Map<string, string>>;
  /** In which steps merges of a pull request were begun that GitHub has not refused; an answer may be lost, and the call still land. */
  readonly mergesBegun: Map<number, readonly number[]>;
  /** Commits that were, at any time, the head of a pull request that a run made. */
  readonly runHeads: Set<string>;
  /** Pull requests that people could merge although nobody verified what that gives, and since when. */
  readonly gaps: Map<number, { readonly key: string; readonly since: number }>;
  /** When the required check of a head was seen to pass last. */
  readonly passedAt: Map<string, number>;
  /** Where branches are, and since when. */
  readonly tips: Map<string, { readonly head: string; readonly at: number }>;
  /** How much of what left the queue is looked at. */
  endsSeen: number;
  /** Counts what was saved. */
  saves: number;
  /** After which save each holder was told to end, and each word of people was kept. */
  readonly stopped: Map<string, number>;
  readonly said: Map<string, number>;
  /** What people had told the agents of a task when an attempt at it was begun, by the token of its holder. */
  readonly begunWith: Map<string, readonly Instruction[]>;
  /** How much of what each session was told is looked at. */
  readonly checked: Map<ToldSession, number>;
  /** Commits of forks that somebody who may said may be executed. */
  readonly vouchedHeads: Set<string>;
  /** What maintainers let pass, as `toLifted` names it. */
  readonly lifted: Map<string, { readonly gate: string; readonly head: string; readonly base: string }>;
  /** Findings that somebody rejected, as `toDismissed` names them, and the text that they are about. */
  readonly dismissed: Map<string, { readonly text: string | undefined; readonly by: string }>;
  /** What happened in the course of it, to know what a count of histories covers. */
  readonly met: Set<string>;
  now(): number;
  at(id: RecordId): Known;
  listRecords(): SubjectRecord[];
  demand(holds: boolean, sentence: string): void;
}

type Outer = Pick<
  Book,
  'hub' | 'fates' | 'isDisturbed' | 'isCalm' | 'mostRuns' | 'dayMicroUsd' | 'isApprovalRequired' | 'timers' | 'now'
> & {
  readonly report: (error: Violation) => void;
};

export function openBook({ report, ...outer }: Outer): Book {
  const records = new Map<RecordId, Known>();
  return {
    ...outer,
    records,
    handled: new Set(),
    kept: new Map(),
    leases: new Map(),
    verified: new Map(),
    provenTrees: new Map(),
    mergesBegun: new Map(),
    runHeads: new Set(),
    gaps: new Map(),
    passedAt: new Map(),
    tips: new Map(),
    endsSeen: 0,
    saves: 0,
    stopped: new Map(),
    said: new Map(),
    begunWith: new Map(),
    checked: new Map(),
    vouchedHeads: new Set(),
    lifted: new Map(),
    dismissed: new Map(),
    met: new Set(),
    at(id) {
      const known = records.get(id) ?? openKnown();
      records.set(id, known);
      return known;
    },
    listRecords: () => [...records.values()].flatMap(({ record }) => record ?? []),
    demand(holds, sentence) {
      if (!holds) report(new Violation(sentence));
    },
  };
}

function openKnown(): Known {
  return { version: 0, logged: 0, record: undefined, lane: undefined, group: undefined, outbox: new Map() };
}

export function isFinal({ kind }: RunState): boolean {
  return ['merged', 'reported', 'superseded', 'closed'].includes(kind);
}

/** Nothing is expected of such a run unless somebody says something. */
export function isAtRest({ kind }: RunState): boolean {
  return kind === 'paused' || !['planning', 'executing', 'reviewing', 'merging', 'stopping'].includes(kind);
}

/** What works for a run; everything else shows, tells or tidies. */
export const workKinds: readonly string[] = [
  'plan',
  'attempt',
  'baseline',
  'integrate',
  'acceptance',
  'pilot',
  'verify',
  'publish_branch',
  'merge',
];
