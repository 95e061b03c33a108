// Chores played by hand: what is told to them, who works on them, and how time passes.
import { decideChores } from '../../../src/core/chores/decide-chores.ts';
import type { Action, OutboxEntry } from '../../../src/core/model/action.ts';
import { openChores } from '../../../src/core/model/chores.ts';
import type { Event, ResultEvent } from '../../../src/core/model/event.ts';
import type { Learning } from '../../../src/core/model/learning.ts';
import type { InboxEntry } from '../../../src/core/model/snapshot.ts';
import { toChoresId, toSubjectId } from '../../../src/core/model/subject.ts';

export const repository = { host: 'github.test', id: 7, owner: 'acme', name: 'errors', installationId: 3 };
const leaseMs = 10_000;

export function learning(text: string): Learning {
  return { text, quote: 'these words stand in a log', task: 'a', attempt: 1, command: 'npm test', log: 'c0ffee' };
}

const eventKinds = {
  propose_settings: 'settings_proposed',
  propose_notes: 'notes_proposed',
  look_at_pulls: 'pulls_seen',
} as const;

export class ChoresWorld {
  now = 1_000_000;
  record = openChores(repository);
  outbox: OutboxEntry[] = [];
  wakeAt: number | undefined;
  /** Names under which it is counted. */
  census: readonly string[] = [];
  readonly lines: string[] = [];
  #inbox: InboxEntry[] = [];
  #told = 0;

  put(event: Event): this {
    this.#told += 1;
    this.#inbox.push({ entryId: `${this.#told}-0`, eventId: `event-${this.#told}`, repository, event });
    return this.look();
  }

  install(): this {
    return this.put({ kind: 'installed', deliveryId: 'd1/7' });
  }

  cover(): this {
    return this.put({ kind: 'covered', deliveryId: 'covered/7' });
  }

  push(branch = 'main', head = 'c0ffee'): this {
    return this.put({ kind: 'base_pushed', deliveryId: `d-${this.now}`, branch, head });
  }

  use(): this {
    return this.put({ kind: 'settings_missing', subject: toSubjectId('github.test', 7, 1), runId: 'r1', repository });
  }

  learn(number: number, ...texts: string[]): this {
    const subject = toSubjectId('github.test', 7, number);
    return this.put({ kind: 'learned', subject, runId: 'r1', repository, learnings: texts.map(learning) });
  }

  pass(ms: number): this {
    this.now += ms;
    return this.look();
  }

  look(): this {
    const snapshot = { chores: toChoresId(repository), now: this.now, record: this.record, inbox: this.#inbox };
    const decision = decideChores({ ...snapshot, outbox: this.outbox });
    this.record = decision.record;
    this.wakeAt = decision.wakeAt;
    this.census = (decision.census ?? []).map(({ name }) => name);
    this.#inbox = [];
    this.lines.push(...decision.log.map(({ kind }) => kind));
    for (const change of decision.outbox) {
      if (change.kind === 'remove') this.outbox = this.outbox.filter(({ action }) => action.id !== change.id);
      if (change.kind !== 'add') continue;
      const { action, notBefore } = change;
      const entry = { action, dispatch: 1, isSettling: false, state: { kind: 'pending' as const } };
      this.outbox.push(notBefore === undefined ? entry : { ...entry, notBefore });
    }
    return this;
  }

  /** Of what is asked for, by kind. */
  asked<K extends Action['kind']>(kind: K): Extract<Action, { kind: K }>[] {
    return this.outbox.flatMap(({ action }) => (action.kind === kind ? [action as Extract<Action, { kind: K }>] : []));
  }

  /** When it may be begun: the earliest of what waits. */
  notBefore(): number {
    return Math.min(...this.outbox.map(({ notBefore = 0 }) => notBefore));
  }

  begin(kind: Action['kind'], token = 'token'): this {
    this.outbox = this.outbox.map((entry) =>
      entry.action.kind === kind
        ? { ...entry, state: { kind: 'begun', token, leaseUntil: this.now + leaseMs, cancelled: false } }
        : entry,
    );
    return this;
  }

  end(kind: keyof typeof eventKinds, outcome: ResultEvent['outcome'], token = 'token'): this {
    const [action] = this.asked(kind);
    return this.put({ kind: eventKinds[kind], actionId: action?.id ?? 'none', token, outcome } as ResultEvent);
  }
}
