// The record of a commit of the merge queue: whatever comes in whatever order, its check is a success only while
// everything in it is open and its own commit is verified, and it comes to an end.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideGroup, forgottenFrom } from '../../../src/core/group/decide-group.ts';
import type { Action, OutboxEntry } from '../../../src/core/model/action.ts';
import type { Event } from '../../../src/core/model/event.ts';
import {
  type GroupOutcome,
  type GroupPart,
  type GroupReading,
  GroupRecord,
  groupMs,
  openGroup,
} from '../../../src/core/model/group.ts';
import type { BaseTests } from '../../../src/core/model/result.ts';
import type { InboxEntry } from '../../../src/core/model/snapshot.ts';
import { toGroupId, toSubjectId } from '../../../src/core/model/subject.ts';
import { renderGroupCheck } from '../../../src/core/reply/render-group-check.ts';

const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'widget', installationId: 3 };
const head = 'a'.repeat(40);
const base = 'b'.repeat(40);
const formed = { head, ref: `gh-readonly-queue/main/pr-9-${base}`, branch: 'main', base, number: 9 };
const tree = 't'.repeat(40);
const settings = {
  verify: ['npm test'],
  verifyTimeoutMs: 60_000,
  sandbox: { memoryMb: 1, diskMb: 1, processes: 1, cpuMinutes: 1 },
  mistakes: [],
};
const subject = toSubjectId('github.test', 7, 8);
const part = (state: GroupPart['state'] = 'open'): GroupPart => ({
  number: 9,
  state,
  because: `it is ${state}`,
  run: { subject, id: 'r1' },
});
const reading = (more: Partial<GroupReading> = {}): GroupReading => ({
  tree,
  settings,
  parts: [part()],
  needsVerification: true,
  ...more,
});
const report = (code: number, of = tree) => ({
  tree: of,
  commands: [
    { command: 'npm test', exit: { kind: 'exited' as const, code }, durationMs: 1, output: '', omittedBytes: 0 },
  ],
});

class World {
  now = 1_000_000;
  record = openGroup(repository, formed, this.now);
  outbox: OutboxEntry[] = [];
  tokens = 0;
  /** What GitHub was shown, oldest first. */
  readonly shown: ReturnType<typeof renderGroupCheck>[] = [];
  readonly told: Action[] = [];

  decide(...events: Event[]): this {
    const inbox: InboxEntry[] = events.map((event, index) => ({
      entryId: `${this.now}-${index}`,
      eventId: `${index}`,
      event,
    }));
    const facts = { writers: ['mona'] };
    const group = toGroupId('github.test', 7, head);
    const decision = decideGroup({ group, now: this.now, record: this.record, inbox, outbox: this.outbox, facts });
    this.record = GroupRecord.parse(decision.record);
    expect(decision.wakeAt).toBeGreaterThan(0);
    for (const change of decision.outbox) {
      if (change.kind === 'add')
        this.outbox.push({ action: change.action, dispatch: 1, isSettling: false, state: { kind: 'pending' } });
      if (change.kind === 'remove') this.outbox = this.outbox.filter(({ action }) => action.id !== change.id);
      // A pending one is gone at once; whoever has begun is asked to end.
      if (change.kind === 'cancel')
        this.outbox = this.outbox.flatMap((entry) => {
          if (entry.action.id !== change.id) return [entry];
          return entry.state.kind === 'begun' ? [{ ...entry, state: { ...entry.state, cancelled: true } }] : [];
        });
      if (change.kind === 'redispatch')
        this.outbox = this.outbox.map((entry) =>
          entry.action.id === change.id ? { ...entry, dispatch: change.dispatch, state: { kind: 'pending' } } : entry,
        );
    }
    const ids = this.outbox.map(({ action }) => action.id);
    expect(new Set(ids).size).toBe(ids.length);
    return this;
  }

  begin(kind: Action['kind']): string | undefined {
    const entry = this.outbox.find((one) => one.action.kind === kind && one.state.kind === 'pending');
    if (!entry) return undefined;
    this.tokens += 1;
    const token = `t${this.tokens}`;
    entry.state = { kind: 'begun', token, leaseUntil: this.now + 20_000, cancelled: false };
    return token;
  }

  /** Carries out whatever of this kind there is, with this result. */
  end(kind: 'read_group', outcome: GroupOutcome): this;
  end(kind: 'verify_group', code: number, baseTests?: BaseTests): this;
  end(kind: 'show_group' | 'tell'): this;
  end(kind: Action['kind'], outcome?: GroupOutcome | number, baseTests?: BaseTests): this {
    if (!this.outbox.some((one) => one.action.kind === kind && one.state.kind === 'begun')) this.begin(kind);
    const entry = this.outbox.find((one) => one.action.kind === kind && one.state.kind === 'begun');
    if (entry?.state.kind !== 'begun') return this;
    const at = { actionId: entry.action.id, token: entry.state.token };
    if (kind === 'read_group') return this.decide({ kind: 'group_read', ...at, outcome: outcome as GroupOutcome });
    if (kind === 'verify_group')
      return this.decide({
        kind: 'group_verified',
        ...at,
        outcome: { kind: 'verified', report: report(outcome as number), ...(baseTests ? { baseTests } : {}) },
      });
    if (kind === 'tell') {
      this.told.push(entry.action);
      return this.decide({ kind: 'told', ...at, outcome: { kind: 'told' } });
    }
    this.shown.push(renderGroupCheck(this.record));
    return this.decide({ kind: 'group_shown', ...at, outcome: { kind: 'shown', revision: this.record.shown.wanted } });
  }

  get conclusion(): string {
    const { state } = this.shown.at(-1) ?? { state: { kind: 'none' } };
    return 'conclusion' in state ? state.conclusion : state.kind;
  }

  wait(ms: number): this {
    this.now += ms;
    return this.decide();
  }
}

const open = () => new World().decide({ kind: 'group_formed', deliveryId: 'd', ...formed });
const judged = (code = 0) =>
  open().end('show_group').end('read_group', { kind: 'read', reading: reading() }).end('verify_group', code);

it('says at once that it is at work, and verifies what it read', () => {
  const world = open().end('show_group');
  expect(world.conclusion).toBe('in_progress');
  world.end('read_group', { kind: 'read', reading: reading() });
  expect(world.outbox.map(({ action }) => action.kind)).toContain('verify_group');
});

it('says in the check that a commit is verified without a sandbox, and of no other', () => {
  const told = (provider: string | undefined, more: Partial<GroupReading> = {}) => {
    const sandbox = { ...settings.sandbox, ...(provider === undefined ? {} : { provider }) };
    const world = open().end('read_group', {
      kind: 'read',
      reading: reading({ settings: { ...settings, sandbox }, ...more }),
    });
    return renderGroupCheck(world.record).summary.includes('**Without a sandbox.**');
  };
  expect(told('none')).toBe(true);
  expect(told('none', { needsVerification: false })).toBe(false);
  expect([told(undefined), told('bubblewrap')]).toEqual([false, false]);
});

it('lets the queue merge only after it read once more, and after the runs know of the tree', () => {
  const world = judged().end('show_group');
  expect(world.conclusion).toBe('in_progress');
  world.end('read_group', { kind: 'read', reading: reading() });
  expect(world.end('show_group').conclusion).toBe('in_progress');
  expect(world.outbox.map(({ action }) => action.kind)).toEqual(['tell']);
  world.end('tell').end('show_group');
  expect(world.conclusion).toBe('success');
  expect(world.told).toMatchObject([
    { to: subject, event: { kind: 'queue_verified', runId: 'r1', tree, group: head } },
  ]);
});

it('says nothing of a success before the runs know, also where what was to be shown before is only shown now', () => {
  const world = open().end('read_group', { kind: 'read', reading: reading({ carried: { report: report(0) } }) });
  expect(world.outbox.map(({ action }) => action.kind).sort()).toEqual(['show_group', 'tell']);
  expect(world.end('show_group').conclusion).toBe('in_progress');
  expect(world.shown.at(-1)?.title).toBe('Not yet: The runs in it are told of the verdict first.');
  expect(world.end('tell').end('show_group').conclusion).toBe('success');
});

it('tells each run in it, also where two of two issues have one name', () => {
  const other = toSubjectId('github.test', 7, 5);
  const parts = [part(), { ...part(), number: 6, run: { subject: other, id: 'r1' } }];
  const world = open().end('read_group', { kind: 'read', reading: reading({ parts, carried: { report: report(0) } }) });
  world.end('tell').end('tell').end('show_group');
  expect(world.told.map((action) => action.kind === 'tell' && action.to)).toEqual([subject, other]);
  expect(world.conclusion).toBe('success');
});

it('shows a verdict at once, whatever progress before it had to wait for, and not before GitHub takes anything again', () => {
  const carried = { kind: 'read' as const, reading: reading({ carried: { report: report(0) } }) };
  const until = 1_070_000;
  const delay = (world: World, more: { postponed?: number }) => {
    const token = world.begin('show_group') ?? '';
    const actionId = world.outbox.find(({ action }) => action.kind === 'show_group')?.action.id ?? '';
    const outcome = { kind: 'delayed' as const, until, why: 'not now', ...more };
    return { kind: 'group_shown' as const, actionId, token, outcome };
  };
  const isTold = (world: World) => world.outbox.some(({ action }) => action.kind === 'show_group');
  const progress = open();
  progress.decide(delay(progress, { postponed: 1 }));
  expect(isTold(progress.wait(30_000))).toBe(false);
  expect(isTold(progress.end('read_group', carried).end('tell'))).toBe(true);
  expect(progress.end('show_group').conclusion).toBe('success');
  // The answer for what was said before may come after the verdict.
  const crossing = open();
  const event = delay(crossing, { postponed: 1 });
  crossing.end('read_group', carried).end('tell').decide(event);
  expect(crossing.end('show_group').conclusion).toBe('success');
  const outage = open();
  outage.decide(delay(outage, {}));
  expect(isTold(outage.wait(1_000).end('read_group', carried).end('tell'))).toBe(false);
  expect(isTold(outage.wait(until - outage.now))).toBe(true);
});

it.each([
  ['block', 1, 'failure'],
  ['ask', 1, 'failure'],
  ['block', 0, 'success'],
  ['show', 1, 'success'],
  [undefined, 1, 'success'],
] as const)(
  'under base_tests: %s, where those of the base exit with %i on it, it is a %s',
  (policy, code, conclusion) => {
    const based: BaseTests = { kind: 'ran', report: report(code, 'x'), paths: ['test/sum.test.sh'] };
    const wanted = reading({ settings: { ...settings, baseTests: policy, slash: 'bot' }, needsBaseTests: true });
    const world = open().end('read_group', { kind: 'read', reading: wanted }).end('verify_group', 0, based);
    world.end('read_group', { kind: 'read', reading: wanted }).end('tell').end('show_group');
    expect(world.conclusion).toBe(conclusion);
    const { summary } = world.shown.at(-1) ?? {};
    expect(summary).toContain("**The base's tests on what would be merged**");
    if (conclusion === 'failure')
      expect(summary).toContain('bring the base in with `/bot rebase`, and put it into the queue again');
  },
);

it('takes a success back when what it hangs on is shut', () => {
  const world = judged().end('read_group', { kind: 'read', reading: reading() }).end('tell').end('show_group');
  expect(world.conclusion).toBe('success');
  world.wait(30_000).end('read_group', { kind: 'read', reading: reading({ parts: [part('closed')] }) });
  expect(world.end('show_group').conclusion).toBe('failure');
  expect(world.shown.at(-1)?.title).toBe('Not merged: #9: it is closed');
});

it('is a failure when a command is red, and stays one', () => {
  const world = judged(1).end('show_group');
  expect(world.conclusion).toBe('failure');
  world.wait(30_000);
  expect(world.outbox).toEqual([]);
});

it('costs no sandbox where something in it is shut, and none for people’s own work', () => {
  const shut = open().end('read_group', { kind: 'read', reading: reading({ parts: [part('closed')] }) });
  expect(shut.end('show_group').conclusion).toBe('failure');
  const { run: _run, ...theirs } = part();
  const alone = reading({ needsVerification: false, parts: [theirs] });
  const world = open().end('read_group', { kind: 'read', reading: alone }).end('show_group');
  expect(world.conclusion).toBe('success');
  expect(world.told).toEqual([]);
});

it('does not verify what must not be executed, and waits', () => {
  const world = open().end('read_group', { kind: 'read', reading: reading({ mustNotRun: 'It comes from a fork.' }) });
  expect(world.outbox.map(({ action }) => action.kind)).not.toContain('verify_group');
  expect(world.end('show_group').conclusion).toBe('in_progress');
});

it('carries the verdict of the same tree', () => {
  const world = open().end('read_group', { kind: 'read', reading: reading({ carried: { report: report(0) } }) });
  expect(world.end('tell').end('show_group').conclusion).toBe('success');
});

it('waits no longer than its deadline, and never says anything but success or failure while the queue has it', () => {
  const world = open().end('show_group').wait(groupMs);
  expect(world.end('show_group').conclusion).toBe('failure');
  expect(world.shown.at(-1)?.title).toContain('did not happen within 50 minutes');
});

it('ends with the queue: what was not judged is cancelled, what was stays', () => {
  const destroyed = { kind: 'group_destroyed', deliveryId: 'e', reason: 'invalidated' } as const;
  const early = open().end('show_group').decide(destroyed).end('show_group');
  expect(early.conclusion).toBe('cancelled');
  const late = judged(1).end('show_group').decide(destroyed);
  expect(late.conclusion).toBe('failure');
  expect(late.outbox.map(({ action }) => action.kind)).not.toContain('show_group');
  // Doubled, late and out of order.
  late.decide(destroyed, { kind: 'group_formed', deliveryId: 'd', ...formed });
  expect(late.record.state.kind).toBe('over');
  expect(forgottenFrom(late.record)).toBeGreaterThan(late.now);
});

it('keeps its success where it was merged, and takes it back where nothing was', () => {
  const carried = { kind: 'read' as const, reading: reading({ carried: { report: report(0) } }) };
  const end = (reason: string) =>
    open()
      .end('read_group', carried)
      .end('tell')
      .end('show_group')
      .decide({ kind: 'group_destroyed', deliveryId: 'e', reason })
      .end('show_group').conclusion;
  expect(['merged', 'invalidated', 'dequeued'].map(end)).toEqual(['success', 'cancelled', 'cancelled']);
});

it('is shut, also once it was open, where its commit is the head of a pull request into another branch', () => {
  const world = judged().end('read_group', { kind: 'read', reading: reading() }).end('tell').end('show_group');
  const sharers = [{ number: 30, base: 'release' }];
  world.wait(30_000).end('read_group', { kind: 'read', reading: reading({ sharers }) });
  expect(world.end('show_group').conclusion).toBe('failure');
  expect(world.shown.at(-1)?.title).toBe(
    'Not merged: This commit is also the head of #30 into `release`, for which it was not judged.',
  );
});

it('is over when GitHub has it no more, and not for one answer that is behind', () => {
  const world = open().end('read_group', { kind: 'gone' });
  expect(world.record.state.kind).toBe('judging');
  for (let look = 0; look < 3; look += 1) world.wait(60_000).end('read_group', { kind: 'gone' });
  expect(world.record.state.kind).toBe('over');
});

it('is shut where two queues hold the same commit', () => {
  const world = judged().decide({ kind: 'group_formed', deliveryId: 'x', ...formed, branch: 'release' });
  expect(world.end('show_group').conclusion).toBe('failure');
});

it('is looked at anew for somebody who may write, and for nobody else', () => {
  const ask = (login: string) =>
    ({
      kind: 'check_requested',
      deliveryId: login,
      request: { kind: 'rerequested' },
      checkName: 'gatepilot/gate',
      headSha: head,
      actor: { id: 1, login, kind: 'person' },
    }) as const;
  const world = judged(1).end('show_group').decide(ask('otto'));
  expect(world.record.state.kind).toBe('closed');
  world.decide(ask('mona'));
  expect(world.record.state.kind).toBe('judging');
  expect(world.record.verification).toBeUndefined();
});

it('gives up a verification that nobody survives', () => {
  const world = open().end('read_group', { kind: 'read', reading: reading() });
  for (let death = 0; death < 4; death += 1) {
    world.begin('verify_group');
    world.wait(20_001);
  }
  expect(world.record.state.kind).toBe('closed');
});

const step = fc.oneof(
  fc.constantFrom('formed', 'destroyed', 'show', 'tell', 'verify', 'red', 'die', 'wait', 'long').map((kind) => [kind]),
  fc.constantFrom('open', 'waiting', 'closed', 'gone', 'failed', 'unknown').map((state) => ['read', state]),
  fc.constantFrom('read_group', 'verify_group', 'show_group').map((kind) => ['begin', kind]),
);

it('shows a success only for what was read as open after it was verified, in any order of things', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = open();
      let green = false;
      let openSince = false;
      for (const [kind, detail = ''] of steps) {
        const had = world.outbox.some(({ action }) => action.kind === 'verify_group');
        const reads = world.outbox.some(({ action }) => action.kind === 'read_group');
        if (kind === 'formed') world.decide({ kind: 'group_formed', deliveryId: 'd', ...formed });
        if (kind === 'destroyed') world.decide({ kind: 'group_destroyed', deliveryId: 'e', reason: 'dequeued' });
        if (kind === 'show') world.end('show_group');
        if (kind === 'tell') world.end('tell');
        if (kind === 'verify' || kind === 'red') {
          world.end('verify_group', kind === 'red' ? 1 : 0);
          if (had) [green, openSince] = [kind === 'verify', false];
        }
        if (kind === 'die') world.wait(20_001);
        if (kind === 'wait') world.wait(61_000);
        if (kind === 'long') world.wait(groupMs);
        if (kind === 'begin') world.begin(detail as Action['kind']);
        if (kind === 'read') {
          const isPart = detail === 'open' || detail === 'waiting' || detail === 'closed';
          if (isPart) world.end('read_group', { kind: 'read', reading: reading({ parts: [part(detail)] }) });
          else if (detail === 'gone') world.end('read_group', { kind: 'gone' });
          else if (detail === 'unknown') world.end('read_group', { kind: 'unknown', why: 'x' });
          else world.end('read_group', { kind: 'failed', why: 'x', isForGood: false });
          if (reads && detail === 'open') openSince = true;
        }
        const { state } = renderGroupCheck(world.record);
        if ('conclusion' in state && state.conclusion === 'success') expect([green, openSince]).toEqual([true, true]);
        if (world.conclusion === 'success') expect(world.told.length).toBeGreaterThan(0);
        expect(['none', 'in_progress', 'success', 'failure', 'cancelled']).toContain(world.conclusion);
      }
      // It always comes to an end by itself.
      for (let hour = 0; hour < 30; hour += 1) world.wait(3_600_000).end('read_group', { kind: 'gone' });
      expect(world.record.state.kind).toBe('over');
    }),
    { numRuns: 300 },
  );
});
