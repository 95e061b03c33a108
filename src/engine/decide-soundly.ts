// A decision that throws is a bug of ours, and one event that meets it must not hold up everything else of its record.
// The events are then tried in growing numbers, until it is known at which one it happens; the others are decided on.
import type { Decision, PotState } from '../core/model/decision.ts';
import type { InboxEntry } from '../core/model/snapshot.ts';
import { ExternalError } from './external-error.ts';
import type { Loaded } from './port/store.ts';

/** What saves that were refused in this look have taught it: seats that are taken, and what is in pots. */
export interface Learnt {
  readonly taken: ReadonlySet<string>;
  readonly pots: ReadonlyMap<string, PotState>;
}

/** What a kind of record needs to be looked at: where it is, what is seen around it, and who decides. */
export interface Looking<R, S> {
  load(): Promise<Loaded<R>>;
  /** Undefined when there is nothing to decide about. */
  observe(loaded: Loaded<R>, learnt: Learnt): Promise<S | undefined>;
  decide(snapshot: S): Decision<R>;
}

export interface Poisonous {
  readonly entry: InboxEntry;
  readonly error: unknown;
}

export interface Sound<R> {
  readonly kind: 'sound';
  readonly decision: Decision<R>;
  /** Events that no decision can be made on; the decision has not handled them. */
  readonly poisonous: readonly Poisonous[];
}

export type SoundDecision<R> =
  | Sound<R>
  /** There is no record, and nothing that would begin one. */
  | { readonly kind: 'undecidable' }
  /** It throws without any event: the record itself meets a bug. */
  | { readonly kind: 'broken'; readonly error: unknown };

/** What one decision is tried on: the record as it was loaded, and what this look has learnt besides. */
export interface Ground<R> {
  readonly loaded: Loaded<R>;
  readonly learnt: Learnt;
}

export async function decideSoundly<R, S>(looking: Looking<R, S>, ground: Ground<R>): Promise<SoundDecision<R>> {
  const poisonous: Poisonous[] = [];
  let { inbox } = ground.loaded;
  for (;;) {
    const tried = await tryOn(looking, ground, inbox);
    if (tried.kind === 'decided') return { kind: 'sound', decision: tried.decision, poisonous };
    if (tried.kind === 'undecidable') return tried;
    const entry = await findPoisonous(looking, ground, inbox);
    if (!entry) return { kind: 'broken', error: tried.error };
    poisonous.push({ entry, error: tried.error });
    inbox = inbox.filter((other) => other !== entry);
  }
}

type Tried<R> =
  | { readonly kind: 'decided'; readonly decision: Decision<R> }
  | { readonly kind: 'undecidable' }
  | { readonly kind: 'threw'; readonly error: unknown };

async function tryOn<R, S>(
  looking: Looking<R, S>,
  { loaded, learnt }: Ground<R>,
  inbox: readonly InboxEntry[],
): Promise<Tried<R>> {
  try {
    const snapshot = await looking.observe({ ...loaded, inbox }, learnt);
    return snapshot === undefined ? { kind: 'undecidable' } : { kind: 'decided', decision: looking.decide(snapshot) };
  } catch (error) {
    if (error instanceof ExternalError) throw error;
    return { kind: 'threw', error };
  }
}

/** The last event of the shortest beginning of the inbox that throws, since events are taken in order. */
async function findPoisonous<R, S>(
  looking: Looking<R, S>,
  ground: Ground<R>,
  inbox: readonly InboxEntry[],
): Promise<InboxEntry | undefined> {
  const throws = async (length: number) => (await tryOn(looking, ground, inbox.slice(0, length))).kind === 'threw';
  if (await throws(0)) return undefined;
  let sound = 0;
  let bad = inbox.length;
  while (bad - sound > 1) {
    const middle = Math.floor((sound + bad) / 2);
    if (await throws(middle)) bad = middle;
    else sound = middle;
  }
  return inbox[bad - 1];
}
