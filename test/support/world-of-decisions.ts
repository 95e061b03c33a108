// A small pure world around `decide`: one subject's record, inbox and outbox, a clock, and holders that begin actions,
// keep them, report and die. A save follows src/store/script/save.lua change by change, a look follows
// src/engine/advance.ts, and holders follow begin.lua and heartbeat.lua. Nothing here does I/O or reads a real clock.

import type { Action, OutboxEntry } from '../../src/core/model/action.ts';
import type { Permission } from '../../src/core/model/actor.ts';
import { copyPlain } from '../../src/core/model/copy-plain.ts';
import type { Decision, OutboxChange, PotState, Seat } from '../../src/core/model/decision.ts';
import { type Event, type ResultEvent, toEventId } from '../../src/core/model/event.ts';
import type { Message } from '../../src/core/model/message.ts';
import { openRecord, type Receipt, type SubjectRecord } from '../../src/core/model/record.ts';
import type { Run } from '../../src/core/model/run.ts';
import type { InboxEntry, RepositoryFacts, RunLimits, Snapshot, ThreadPull } from '../../src/core/model/snapshot.ts';
import type { RecordId } from '../../src/core/model/subject.ts';
import type { NetworkPermit } from '../../src/core/network/network-permit.ts';
import type { ResourceFile } from '../../src/core/resource/resource.ts';
import { decide } from '../../src/core/run/decide.ts';
import { offerAll } from './offer-all.ts';
import { fillPots, planPots, readPot } from './simulated-store/pots.ts';
import type { KeptPot } from './simulated-store/shelf.ts';

export const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'errors', installationId: 3 } as const;

/** As in src/engine/carry-out.ts: how long a holder that gives no sign of life keeps its action. */
export const leaseMs = 10_000;

/** More looks than this at one moment are a hot loop. */
const looksAtMost = 8;

export const policyThatChecksBase = 'verify: { commands: [npm test] }\nreview: { enabled: false }';
/** The base is checked, and a run may make fewer attempts than its tasks may. */
export const strictPolicy = 'verify: { commands: [npm test] }\nbudget: { run_attempts: 3 }';

/** A workflow in which nobody may change files, and its agent. */
export const readingResources: readonly ResourceFile[] = [
  { source: 'built-in', path: 'agents/reviewer.md', text: '---\ndescription: Reads.\n---\nYou read.\n' },
  {
    source: 'built-in',
    path: 'workflows/review.md',
    text: '---\ndescription: Reads.\nsteps:\n  - { id: look, role: reviewer }\n---\n{task}\n',
  },
];

export interface Holder {
  readonly action: Action;
  readonly token: string;
}

type Look = (snapshot: Snapshot, decision: Decision) => void;

/** Where messages to other records go; what comes back is put into the inbox by whoever plays the other record. */
export type Courier = (world: WorldOfDecisions, to: RecordId, event: Message) => void;

/** A lane that nobody else waits in: every wish is granted at once, for as long as it takes. */
export const openLane: Courier = (world, _to, event) => {
  if (event.kind === 'lane_asked') grant(world, event.ask);
};

/** As an open one, but the base has moved to this commit. */
export function movedLane(base: string): Courier {
  return (world, _to, event) => {
    if (event.kind === 'lane_asked') grant(world, event.ask, base);
  };
}

export function grant(world: WorldOfDecisions, ask: string, base?: string): WorldOfDecisions {
  const moved = base === undefined ? {} : { base };
  return world.put({ kind: 'lane_granted', ask, epoch: world.next(), until: world.now + 24 * 3_600_000, ...moved });
}

/** A lane in which others are first. */
export const busyLane: Courier = () => undefined;

const eventKinds = {
  plan: 'planned',
  attempt: 'attempt_ended',
  baseline: 'baseline_checked',
  integrate: 'integrated',
  acceptance: 'acceptance_judged',
  pilot: 'piloted',
  verify: 'verified',
  repair: 'conflict_resolved',
  resolve: 'conflict_resolved',
  review: 'reviewed',
  publish_branch: 'branch_published',
  merge: 'merge_ended',
  prove_merge: 'merge_ended',
  archive: 'archived',
  present: 'presented',
  tell: 'told',
  settle_lane: 'lane_settled',
  read_group: 'group_read',
  verify_group: 'group_verified',
  show_group: 'group_shown',
  propose_settings: 'settings_proposed',
  propose_notes: 'notes_proposed',
  look_at_pulls: 'pulls_seen',
} as const satisfies Record<Action['kind'], ResultEvent['kind']>;

/** The event by which a holder reports. */
export function toResult({ action, token }: Holder, outcome: ResultEvent['outcome']): ResultEvent {
  // The pairing of kind and outcome is the table above; TypeScript cannot follow it through the union.
  return { kind: eventKinds[action.kind], actionId: action.id, token, outcome } as ResultEvent;
}

export class WorldOfDecisions {
  now = 1_000_000;
  record: SubjectRecord = openRecord(repository, 1, { isPullRequest: false, title: 'Fix the error page' });
  inbox: InboxEntry[] = [];
  outbox: OutboxEntry[] = [];
  wakeAt: number | undefined;
  /** Counts the decisions that told something to whoever is at work. */
  told = 0;
  /** Names under which it is counted. */
  seats: readonly Seat[] = [];
  /** What was logged, as `kind: text`. */
  readonly log: string[] = [];
  readonly aliases = new Set<number>();
  /** What GitHub says of people, of the repository and of pull requests; unset is an outage. */
  permissions: Record<string, Permission> = { mona: 'write', otto: 'maintain', rita: 'read', mallory: 'none' };
  facts: RepositoryFacts | undefined = {
    defaultBranch: 'main',
    baseSha: 'b'.repeat(40),
    // Histories that are about something else come straight to their attempts, and from their verdict to the push.
    policyText: 'verify:\n  commands:\n    - npm test\n  baseline: false\nreview:\n  enabled: false\n',
    resources: readingResources,
  };
  /** Seats that a save was refused for. */
  readonly taken = new Set<string>();
  /** What days gave, as the store keeps it. */
  readonly pots = new Map<string, KeptPot>();
  /** How our App is called; unset is an outage, too. */
  slug: string | undefined = 'gatepilot';
  runLimits: RunLimits = { perRepository: undefined, perInstallation: undefined };
  /** Coding agents that the operator offers. */
  agents: readonly string[] = ['pi'];
  models: readonly string[] = ['usual'];
  sandboxes: readonly string[] = ['bubblewrap'];
  /** What these were not shown to give, by their names. */
  unproven: Readonly<Record<string, readonly string[]>> = {};
  network: NetworkPermit = { allow: [], deny: [] };
  /** Whether the operator has said what models cost. */
  knowsPrices = true;
  pulls: Record<number, Snapshot['facts']['pulls'][number]> = {};
  /** Labels of threads, where GitHub is asked for them. */
  labels: Record<number, string[]> | undefined;
  /** Where GitHub says that the base branch is. */
  baseHead: string | undefined;
  /** What the subject is, where it is a pull request. */
  pull: ThreadPull | undefined;
  /** What people without write permission wrote, where GitHub is asked for it. */
  strangers: Snapshot['facts']['strangers'];
  /** What the issue itself says. */
  fingerprint: string | undefined = 'issue-1';
  /** Called with every look, before it is saved. */
  onLook: Look = () => undefined;
  courier: Courier = openLane;
  /** Whether messages are carried out at once, or by whoever plays the history. */
  isCarrying = true;

  private readonly seen = new Set<string>();
  private readonly living: Holder[] = [];
  private counter = 0;

  get run(): Run {
    if (!this.record.run) throw new Error('no run was started');
    return this.record.run;
  }

  /** As it stands, for as many ways on as one likes; who carries its messages is shared. */
  copy(): WorldOfDecisions {
    const fields = Object.entries(this).map(([name, field]) => [
      name,
      typeof field === 'function' ? field : structuredClone(field),
    ]);
    return Object.assign(new WorldOfDecisions(), Object.fromEntries(fields));
  }

  /** A number that nothing else here has. */
  next(): number {
    this.counter += 1;
    return this.counter;
  }

  /** Keeps an event as the intake does: once, whoever delivers it. */
  put(event: Event): this {
    const eventId = toEventId(event);
    if (this.seen.has(eventId)) return this;
    this.seen.add(eventId);
    // What we say ourselves says nothing of the repository beside it.
    const isOurs = 'actionId' in event || event.kind === 'instructed' || event.kind === 'repository_moved';
    this.inbox.push({ entryId: `${this.next()}-0`, eventId, event, ...(isOurs ? {} : { repository }) });
    this.wakeAt = this.now;
    return this;
  }

  snapshot(learnt: Record<string, PotState> = {}): Snapshot {
    return {
      subject: 'github.test/7/1',
      now: this.now,
      record: this.record,
      inbox: this.inbox,
      outbox: this.outbox,
      facts: {
        permissions: this.permissions,
        pulls: this.pulls,
        ...(this.labels === undefined ? {} : { labels: this.labels }),
        ...(this.baseHead === undefined
          ? {}
          : { base: { branch: 'main', head: this.baseHead, ...(this.facts ? { settings: this.facts } : {}) } }),
        taken: [...this.taken],
        pots: learnt,
        runLimits: this.runLimits,
        agents: this.agents,
        models: this.models,
        sandboxes: this.sandboxes.map((name) => offerAll(name, this.unproven[name])),
        network: this.network,
        knowsPrices: this.knowsPrices,
        hash: (text) => `hash-${text.length}`,
        ...(this.facts ? { repository: this.facts } : {}),
        ...(this.slug === undefined ? {} : { slug: this.slug }),
        ...(this.pull ? { pull: this.pull } : {}),
        ...(this.strangers ? { strangers: this.strangers } : {}),
        ...(this.fingerprint === undefined ? {} : { fingerprint: this.fingerprint }),
      },
    };
  }

  /** Decides once and saves. `crossing` happens between the two, as a holder that begins just then does. */
  look(crossing: () => void = () => undefined): Decision {
    for (const learnt: Record<string, PotState> = {}; ; ) {
      const snapshot = copyOf(this.snapshot(learnt));
      const decision = decide(snapshot);
      const pots = planPots(this, decision);
      // As the engine does: what a save was refused for is a fact of the next round.
      if ('over' in pots && learnt[pots.over])
        throw new Error(`${pots.over} is asked for again, and known to be empty`);
      if ('over' in pots) {
        learnt[pots.over] = readPot(this, pots.over);
        continue;
      }
      this.onLook(snapshot, decision);
      crossing();
      fillPots(this, pots.changed);
      this.save(decision);
      return decision;
    }
  }

  /** Looks until nothing is due at this moment; what is to be told is told at once. */
  settle(): this {
    for (let look = 0; look < looksAtMost; look += 1) {
      this.look();
      this.deliver();
      if (this.wakeAt === undefined || this.wakeAt > this.now) return this;
    }
    throw new Error(`still due after ${looksAtMost} looks: ${JSON.stringify(this.outbox)}`);
  }

  /** Carries every message out that waits for it. */
  private deliver(): void {
    if (!this.isCarrying) return;
    for (const { action } of this.listOpen()) {
      if (action.kind !== 'tell') continue;
      const holder = this.begin(action.id);
      this.kill(holder);
      this.courier(this, action.to, action.event);
      this.put(toResult(holder, { kind: 'told' }));
    }
  }

  private save(decision: Decision): void {
    const handled = new Set(decision.handled.map(({ entryId }) => entryId));
    this.record = decision.record;
    this.seats = decision.census ?? [];
    if (decision.tells) this.told += 1;
    this.inbox = this.inbox.filter(({ entryId }) => !handled.has(entryId));
    for (const { kind, text } of decision.log) this.log.push(`${kind}: ${text}`);
    for (const change of decision.outbox) this.change(change);
    for (const alias of decision.aliases) this.aliases.add(alias);
    this.wakeAt = this.inbox.length > 0 ? this.now : decision.wakeAt;
  }

  private change(change: OutboxChange): void {
    const id = change.kind === 'add' ? change.action.id : change.id;
    const entry = this.outbox.find(({ action }) => action.id === id);
    if (change.kind === 'add' && !entry) {
      const { action, notBefore } = change;
      const waits = notBefore === undefined ? {} : { notBefore };
      this.outbox = [...this.outbox, { action, dispatch: 1, isSettling: false, ...waits, state: { kind: 'pending' } }];
    } else if (change.kind === 'remove' || (change.kind === 'cancel' && entry?.state.kind === 'pending')) {
      this.outbox = this.outbox.filter(({ action }) => action.id !== id);
    } else if (change.kind === 'cancel' && entry?.state.kind === 'begun') {
      this.replace(id, { state: { ...entry.state, cancelled: true } });
    } else if (change.kind === 'redispatch' && entry?.state.kind === 'begun' && entry.state.leaseUntil > this.now) {
      if (change.isSettling) this.replace(id, { state: { ...entry.state, cancelled: true } });
    } else if (change.kind === 'redispatch' && entry) {
      const isSettling = entry.isSettling || change.isSettling;
      this.replace(id, { state: { kind: 'pending' }, dispatch: change.dispatch, isSettling });
    }
  }

  private replace(id: string, changed: Partial<OutboxEntry>): void {
    this.outbox = this.outbox.map((entry) => (entry.action.id === id ? { ...entry, ...changed } : entry));
  }

  find(kind: Action['kind']): OutboxEntry | undefined {
    return this.outbox.find(({ action }) => action.kind === kind);
  }

  /** Ids of what is outstanding for the run; what is only shown, archived or told is not listed. */
  listWork(): string[] {
    return this.outbox
      .filter(({ action }) => !['present', 'archive', 'tell'].includes(action.kind))
      .map(({ action }) => action.id);
  }

  /** What could be begun now. */
  listOpen(): OutboxEntry[] {
    return this.outbox.filter(({ state, notBefore }) => state.kind === 'pending' && (notBefore ?? 0) <= this.now);
  }

  /** Takes a pending action by id, or the first of a kind, waiting until it may be taken. */
  begin(what: string): Holder {
    const entry = this.outbox.find(
      ({ action, state }) => state.kind === 'pending' && (action.id === what || action.kind === what),
    );
    if (!entry) throw new Error(`no pending ${what}: ${JSON.stringify(this.outbox)}`);
    if ((entry.notBefore ?? 0) > this.now) this.pass((entry.notBefore ?? 0) - this.now);
    const holder = { action: entry.action, token: `token-${this.next()}` };
    const leaseUntil = this.now + leaseMs;
    this.replace(entry.action.id, {
      state: { kind: 'begun', token: holder.token, leaseUntil, since: this.now, cancelled: false },
    });
    this.wakeAt = Math.min(this.wakeAt ?? leaseUntil, leaseUntil);
    this.living.push(holder);
    return holder;
  }

  /** The holder says how its action ended. */
  report(holder: Holder, outcome: ResultEvent['outcome']): this {
    this.kill(holder);
    return this.put(toResult(holder, outcome)).settle();
  }

  /** Begins the first action of a kind and reports how it ended. */
  finish(what: string, outcome: ResultEvent['outcome']): this {
    return this.report(this.begin(what), outcome);
  }

  /** The holder gives no sign of life any more. */
  kill(holder: Holder): this {
    const at = this.living.findIndex(({ token }) => token === holder.token);
    if (at >= 0) this.living.splice(at, 1);
    return this;
  }

  listLiving(): readonly Holder[] {
    return this.living;
  }

  /** Begins the first action of a kind and dies; its lease runs out. */
  die(what: string): this {
    return this.kill(this.begin(what)).pass(leaseMs);
  }

  /** Time passes: living holders keep their leases, and the subject is looked at whenever it is due. */
  pass(ms: number): this {
    return this.passWhile(ms, { renewedMs: leaseMs, afterLook: () => undefined });
  }

  /**
   * Time passes, and what is to be shown is shown at once: what waits for it is looked at every few seconds, which makes long
   * times long to play. Living holders keep their leases for a good part of it.
   */
  passShown(ms: number): this {
    this.show();
    return this.passWhile(ms, { renewedMs: Math.max(leaseMs, ms / 100), afterLook: () => this.show() });
  }

  private passWhile(ms: number, { renewedMs, afterLook }: { renewedMs: number; afterLook: () => void }): this {
    const end = this.now + ms;
    while (this.wakeAt !== undefined && this.wakeAt <= end) {
      this.now = Math.max(this.now, this.wakeAt);
      this.keepLeases(renewedMs);
      this.settle();
      afterLook();
    }
    this.now = end;
    this.keepLeases();
    return this;
  }

  /** What is to be shown is. */
  show(): this {
    while (this.outbox.some(({ action, state }) => action.kind === 'present' && state.kind === 'pending'))
      this.finish('present', { kind: 'presented', revision: this.record.presentation.wanted });
    return this;
  }

  /** Time passes while nobody looks and nothing lives: every process was down. */
  sleepThrough(ms: number): this {
    this.living.length = 0;
    this.now += ms;
    return this;
  }

  private keepLeases(renewedMs: number = leaseMs): void {
    for (const { action, token } of this.living) {
      const entry = this.outbox.find((candidate) => candidate.action.id === action.id);
      if (entry?.state.kind !== 'begun' || entry.state.token !== token) continue;
      this.replace(action.id, { state: { ...entry.state, leaseUntil: this.now + renewedMs } });
    }
  }

  findReceipt(command: string): Receipt | undefined {
    return this.record.receipts.findLast((receipt) => receipt.command === command);
  }
}

/** A decision must not change what it reads: it gets a copy, as from the store. */
function copyOf(snapshot: Snapshot): Snapshot {
  const { facts, ...rest } = snapshot;
  const { hash, ...plain } = facts;
  return { ...copyPlain(rest), facts: { ...copyPlain(plain), hash } };
}
