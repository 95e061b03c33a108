// Several runs that merge into one branch, their lane, and a GitHub on which a merge call may land for as long as it is
// under way, whoever made it. Runs and lane are the real ones; only messages connect them, and whoever plays a history
// says when each is carried, and when its receiver looks.
import fc from 'fast-check';
import { type LaneRecord, type LaneSnapshot, mergeRequestMs, settleAfterMs } from '../../../src/core/model/lane.ts';
import { isLaneId, type RecordId, type SubjectId, toSubjectId } from '../../../src/core/model/subject.ts';
import { LaneWorld } from '../../support/lane-world.ts';
import { type Holder, repository, type WorldOfDecisions } from '../../support/world-of-decisions.ts';
import { base, comment, report, sha, stopped } from '../run/outcome.ts';
import { ready } from '../run/place.ts';

export interface Call {
  readonly run: number;
  readonly holder: Holder;
  readonly epoch: number;
  readonly base: string;
  readonly startedAt: number;
  state: 'flying' | 'landed' | 'failed';
}

export type Step =
  | { readonly do: 'merge' | 'stop' | 'look' | 'work' | 'die'; readonly run: number; readonly how: number }
  | { readonly do: 'look at lane' }
  /** Every message is carried and everybody looks, as it mostly is. */
  | { readonly do: 'go' }
  /** Carries a message; the courier may die before it says so, and then it is carried once more. */
  | { readonly do: 'carry'; readonly which: number; readonly dies: boolean }
  | { readonly do: 'land' | 'answer'; readonly which: number }
  | { readonly do: 'settle'; readonly how: 'read' | 'outage' }
  | { readonly do: 'wait'; readonly seconds: number };

const runs = 3;
const run = fc.nat(runs - 1);
const how = fc.nat(5);
const which = fc.nat(7);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('merge' as const), run, how }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const), run, how }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('look' as const), run, how }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('look at lane' as const) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('go' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('work' as const), run, how }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), run, how }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('carry' as const), which, dies: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('land' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), how: fc.constantFrom('read', 'outage') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(5, 10, 20, 40, 200, 2_000) }),
  },
);
export const anyTraffic = fc.array(step, { maxLength: 60, size: 'max' });

const sliceMs = 5_000;

export class Traffic {
  readonly lane = new LaneWorld();
  readonly runs: readonly WorldOfDecisions[];
  readonly calls: Call[] = [];
  base = base;
  private readonly merged = new Map<number, string>();
  private readonly arrivals: string[] = [];

  constructor(count = runs) {
    this.runs = Array.from({ length: count }, (_, index) => openRun(index));
    this.lane.now = this.runs[0]?.now ?? 0;
    this.lane.onLook = (before, after) => this.checkLane(before, after);
  }

  /** What holds whenever the lane decides. */
  private checkLane({ record, inbox }: LaneSnapshot, after: LaneRecord): void {
    for (const { event } of inbox) if (event.kind === 'lane_asked') this.arrivals.push(event.ask);
    if (after.epoch === record.epoch) return;
    if (after.epoch !== record.epoch + 1 || after.state.kind !== 'granted') throw new Error('an epoch is one grant');
    const flying = this.calls.find((call) => call.state === 'flying' && call.epoch < after.epoch);
    if (flying) throw new Error(`granted while an older merge may still land: ${JSON.stringify(flying)}`);
    const [holder, ...waiting] = [after.state.holder, ...after.waiting].map(({ ask }) => this.arrivals.indexOf(ask));
    if (waiting.some((place) => place < (holder ?? 0))) throw new Error('whoever came first is first');
  }

  play(step: Step): void {
    switch (step.do) {
      case 'merge':
        comment(this.of(step.run), '/pilot merge');
        return;
      case 'stop':
        comment(this.of(step.run), '/pilot stop');
        return;
      case 'look':
        // A holder may begin between the decision and its save.
        this.of(step.run).look(step.how === 0 ? () => void this.begin(step.run) : undefined);
        return;
      case 'look at lane':
        this.lane.look();
        return;
      case 'work':
        return this.work(step.run, step.how);
      case 'die': {
        const world = this.of(step.run);
        for (const holder of [...world.listLiving()]) world.kill(holder);
        return;
      }
      case 'go':
        return this.go();
      case 'carry':
        this.carry(step.which, step.dies);
        return;
      case 'land':
        return this.land(pick(this.flying(), step.which));
      case 'answer':
        return this.answer(pick(this.calls, step.which));
      case 'settle':
        return this.settle(step.how);
      case 'wait':
        return this.wait(step.seconds * 1_000);
    }
  }

  of(index: number): WorldOfDecisions {
    const world = this.runs[index];
    if (!world) throw new Error(`no run ${index}`);
    return world;
  }

  flying(): Call[] {
    return this.calls.filter(({ state }) => state === 'flying');
  }

  private go(): void {
    for (let round = 0; round < 4; round += 1) {
      for (const world of this.runs) world.settle();
      this.lane.look();
      while (this.carry(0));
    }
  }

  private begin(index: number): Holder | undefined {
    const world = this.of(index);
    const open = world.listOpen().find(({ action }) => action.kind === 'merge' || action.kind === 'verify');
    return open && world.begin(open.action.id);
  }

  /** Begins what is open and ends it, but for a merge: its call is under way from now on. */
  work(index: number, how = 1): void {
    const world = this.of(index);
    const holder = world.listLiving().find((living) => !this.isCalling(living)) ?? this.begin(index);
    if (!holder) return;
    const { action } = holder;
    if (action.kind === 'verify') {
      const tree = `tree of ${index} on ${this.base}`;
      const head = action.head;
      world.report(holder, { kind: 'verified', head, base: this.base, report: report(tree, how === 0 ? 1 : 0) });
    } else if (action.kind === 'merge') {
      this.merge(index, holder);
      // Its process dies in the middle of the call.
      if (how === 2) world.kill(holder);
    } else if (action.kind === 'prove_merge') world.report(holder, this.toMerged(index));
  }

  private isCalling({ token }: Holder): boolean {
    return this.calls.some(({ holder }) => holder.token === token);
  }

  /** As src/engine/run-merge.ts. */
  private merge(index: number, holder: Holder): void {
    const { action } = holder;
    const world = this.of(index);
    if (action.kind !== 'merge') return;
    const entry = world.outbox.find((other) => other.action.id === action.id);
    if (this.merged.has(index)) return void world.report(holder, this.toMerged(index));
    if (entry?.isSettling) return void world.report(holder, stopped);
    if (action.base !== this.base)
      return void world.report(holder, { kind: 'base_moved', expected: action.base, actual: this.base });
    const wish = world.record.lane;
    const isHeld = entry?.state.kind === 'begun' && entry.state.token === holder.token && !entry.state.cancelled;
    const isOurs = isHeld && wish?.ask === action.ask && !wish.isOver && wish.grant?.epoch === action.epoch;
    const isRevoked = world.inbox.some(({ event }) => event.kind === 'lane_revoked');
    const isInTime = world.now + mergeRequestMs <= (wish?.grant?.until ?? 0);
    if (!isOurs || isRevoked || !isInTime) return void world.report(holder, stopped);
    const { epoch } = action;
    this.calls.push({ run: index, holder, epoch, base: action.base, startedAt: world.now, state: 'flying' });
  }

  private toMerged(index: number) {
    const landed = this.merged.get(index) ?? '';
    const call = this.calls.find(({ run: other, state }) => other === index && state === 'landed');
    const verified = this.of(index).run.verification?.key;
    const tree = call?.base === verified?.base ? (verified?.tree ?? '') : 'another tree';
    return { kind: 'merged', sha: landed, tree, by: 'gatepilot' } as const;
  }

  land(call: Call | undefined): void {
    if (!call) return;
    call.state = 'landed';
    if (this.base !== call.base) throw new Error(`a merge landed on a base that it was not verified on`);
    this.base = sha('e').slice(0, 39) + call.run;
    this.merged.set(call.run, this.base);
  }

  /** The holder hears how its call ended, or waits no longer for it. */
  answer(call: Call | undefined): void {
    if (!call) return;
    const world = this.of(call.run);
    if (!world.listLiving().some(({ token }) => token === call.holder.token)) return;
    if (call.state === 'landed') return void world.report(call.holder, this.toMerged(call.run));
    if (call.state === 'failed') return void world.report(call.holder, { kind: 'refused', why: 'Not mergeable.' });
    if (world.now - call.startedAt >= mergeRequestMs)
      world.report(call.holder, { kind: 'unanswered', why: 'no answer' });
  }

  carry(at: number, dies = false): boolean {
    const all = [this.lane, ...this.runs].flatMap((from) =>
      from.listOpen().flatMap(({ action }) => (action.kind === 'tell' ? [{ from, action }] : [])),
    );
    const letter = pick(all, at);
    if (!letter) return false;
    const { from, action } = letter;
    const holder = from.begin(action.id);
    this.receiver(action.to).put(action.event);
    if ('kill' in from) from.kill(holder);
    if (!dies) from.put({ kind: 'told', actionId: action.id, token: holder.token, outcome: { kind: 'told' } });
    return true;
  }

  private receiver(to: RecordId): Pick<WorldOfDecisions, 'put'> | LaneWorld {
    return isLaneId(to) ? this.lane : this.of(Number(to.split('/')[2]) - 1);
  }

  settle(how: 'read' | 'outage'): void {
    const open = this.lane.listOpen().find(({ action }) => action.kind === 'settle_lane');
    if (open?.action.kind !== 'settle_lane') return;
    const landed = this.merged.has(open.action.number - 101);
    const holder = this.lane.begin(open.action.id);
    this.lane.report(
      holder,
      how === 'read'
        ? { kind: 'settled', landed, base: this.base }
        : { kind: 'failed', why: '502 Bad Gateway', isForGood: false },
    );
  }

  wait(ms: number): void {
    for (let left = ms; left > 0; left -= sliceMs) {
      for (const world of [this.lane, ...this.runs]) world.pass(Math.min(left, sliceMs));
      for (const call of this.flying()) {
        if (this.lane.now - call.startedAt >= mergeRequestMs) this.answer(call);
        // GitHub has ended it long before.
        if (this.lane.now - call.startedAt >= settleAfterMs - sliceMs) call.state = 'failed';
      }
    }
  }

  /** From now on everybody works and nobody dies. */
  comeToRest(): void {
    for (let round = 0; round < 300; round += 1) {
      for (const call of this.calls) {
        if (call.state === 'flying') this.land(call);
        this.answer(call);
      }
      for (const index of this.runs.keys()) {
        this.of(index).settle();
        this.work(index);
      }
      this.lane.look();
      this.settle('read');
      if ([this.lane, ...this.runs].some((from) => from.listOpen().some(({ action }) => action.kind === 'tell')))
        this.carry(0);
      else if (this.isAtRest()) return;
      else this.wait(sliceMs);
    }
    const states = this.runs.map(({ record, outbox }) => [record.run?.state, record.lane, outbox]);
    throw new Error(`it never comes to rest: ${JSON.stringify([this.lane.record, this.lane.outbox, states])}`);
  }

  private isAtRest(): boolean {
    const isOpen = this.runs.some(({ record, outbox }) => record.lane || outbox.some(isNoShow));
    return !isOpen && this.lane.record.state.kind === 'idle' && this.lane.outbox.length === 0;
  }
}

function isNoShow({ action }: { readonly action: { readonly kind: string } }): boolean {
  return action.kind !== 'present';
}

/** A run with an open gate, on a subject and a pull request of its own. */
function openRun(index: number): WorldOfDecisions {
  const world = ready();
  world.isCarrying = false;
  world.record.number = index + 1;
  if (world.record.run?.pullRequest) world.record.run.pullRequest.number = index + 101;
  return world;
}

export function subjectOf(index: number): SubjectId {
  return toSubjectId(repository.host, repository.id, index + 1);
}

function pick<T>(from: readonly T[], at: number): T | undefined {
  return from.length === 0 ? undefined : from[at % from.length];
}
