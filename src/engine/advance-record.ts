// observe -> decide -> save -> act, for every kind of record. Nothing acts that was not saved; everything saved is
// acted on again until its result is in. Runs twice at once without harm: the save refuses whoever decided on an older
// version. A look that changes nothing writes nothing but the moment of the next look.
import { isDeepStrictEqual } from 'node:util';
import type { OutboxEntry } from '../core/model/action.ts';
import type { Decision, PotState } from '../core/model/decision.ts';
import type { RecordId } from '../core/model/subject.ts';
import { decideSoundly, type Looking, type Sound } from './decide-soundly.ts';
import { ExternalError } from './external-error.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { Loaded, SaveResult, StorePort } from './port/store.ts';
import { UnreadableRecord } from './port/unreadable-record.ts';
import { parkPoisonous, parkUndecidable, parkUnreadable, postponeBroken } from './set-aside.ts';

export interface AdvanceRecordPorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly log: LogPort;
}

/** One look settles in a few steps; more means that two writers keep crossing, and the due-index will look again. */
const roundsAtMost = 8;

/** A newer version of the product wrote the record and looks after it: looking more often would only cost. */
const newerPauseMs = 60_000;
const newerSaidMs = 3_600_000;
const newerWaitMs = 3_600_000;

/** A moment that has passed and changed nothing is looked at again, and not at once. */
const leastPauseMs = 1_000;

export async function advanceRecord<R, S>(
  ports: AdvanceRecordPorts,
  id: RecordId,
  looking: Looking<R, S>,
): Promise<void> {
  try {
    await lookUntilDone(ports, id, looking);
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    await postponeBroken(ports, id, error.now, error);
  }
}

async function lookUntilDone<R, S>(ports: AdvanceRecordPorts, id: RecordId, looking: Looking<R, S>): Promise<void> {
  const learnt = { taken: new Set<string>(), pots: new Map<string, PotState>() };
  for (let round = 0; round < roundsAtMost; round += 1) {
    const loaded = await looking.load();
    if (loaded.isNewer || isWrittenByNewer(loaded)) return await leaveAlone(ports, id, loaded.now);
    await parkUnreadable(ports, id, loaded.unreadable);
    const sound = await decideSoundly(looking, { loaded, learnt });
    switch (sound.kind) {
      case 'undecidable':
        await parkUndecidable(ports, id, loaded.inbox);
        return await rest(ports, id, loaded, undefined);
      case 'broken':
        return await postponeBroken(ports, id, loaded.now, sound.error);
      case 'sound':
        if (await act(ports, id, { looking, loaded, sound, learnt })) return;
    }
  }
}

interface Round<R, S> {
  readonly looking: Looking<R, S>;
  readonly loaded: Loaded<R>;
  readonly sound: Sound<R>;
  /** What a save was refused for is a fact of the next round. */
  readonly learnt: { readonly taken: Set<string>; readonly pots: Map<string, PotState> };
}

/** True when nothing is left to be done now. */
async function act<R, S>(
  ports: AdvanceRecordPorts,
  id: RecordId,
  { looking, loaded, sound, learnt }: Round<R, S>,
): Promise<boolean> {
  const { decision } = sound;
  if (!changesAnything(loaded, decision)) {
    await parkPoisonous(ports, id, sound.poisonous);
    await dispatchPending(ports, id, loaded);
    await rest(ports, id, loaded, decision.wakeAt);
    return true;
  }
  const saved = await save(ports, id, loaded, decision);
  if (saved === 'refused') return true;
  if (saved.kind === 'full') {
    ports.log.info({ record: id, saved }, 'no seat is free; it is decided anew');
    learnt.taken.add(saved.name);
    return false;
  }
  if (saved.kind === 'over') {
    ports.log.info({ record: id, saved }, 'a pot has not enough left; it is decided anew');
    learnt.pots.set(saved.pot, saved.held);
    return false;
  }
  if (saved.kind !== 'saved') {
    ports.log.info({ record: id, saved }, 'a decision was overtaken and is made anew');
    return false;
  }
  await parkPoisonous(ports, id, sound.poisonous);
  await dispatchPending(ports, id, await looking.load());
  return (decision.wakeAt ?? Number.POSITIVE_INFINITY) > loaded.now;
}

/**
 * A store that refuses a decision refuses it the next time as well: that is put off like a decision that cannot be made.
 * One that is away can count nothing either, and is asked again as soon as anybody looks.
 */
async function save<R>(
  ports: AdvanceRecordPorts,
  id: RecordId,
  { now, version }: Loaded<R>,
  decision: Decision<R>,
): Promise<SaveResult | 'refused'> {
  try {
    return await ports.store.save(id, version, decision);
  } catch (error) {
    if (error instanceof ExternalError) throw error;
    const isPostponed = await postponeBroken(ports, id, now, error).then(
      () => true,
      () => false,
    );
    if (!isPostponed) throw error;
    return 'refused';
  }
}

function changesAnything<R>(loaded: Loaded<R>, decision: Decision<R>): boolean {
  const changes = [decision.handled, decision.log, decision.outbox, decision.aliases, decision.answers ?? []];
  return (
    changes.some((list) => list.length > 0) ||
    decision.trimLogBefore !== undefined ||
    !isDeepStrictEqual(decision.record, loaded.record)
  );
}

/** The sweeper put the record off when it gave it to us: the moment that matters next has to be set again. */
async function rest<R>(
  ports: AdvanceRecordPorts,
  id: RecordId,
  { now, version }: Loaded<R>,
  wakeAt: number | undefined,
): Promise<void> {
  await ports.store.lookAgainAt(id, wakeAt === undefined ? undefined : Math.max(wakeAt, now + leastPauseMs), version);
}

/**
 * While versions stand side by side, whoever wrote an event of a new kind will take it. Where nobody of that version is left,
 * it must not hold up the others for ever.
 */
function isWrittenByNewer<R>({ unreadable, now }: Loaded<R>): boolean {
  return unreadable.some(({ entryId, isNewer }) => isNewer && now - Number.parseInt(entryId, 10) < newerWaitMs);
}

async function leaveAlone(ports: AdvanceRecordPorts, id: RecordId, now: number): Promise<void> {
  if (await ports.store.claim(`newer/${id}`, newerSaidMs))
    ports.log.warn({ record: id }, 'a record, or an event for it, was written by a newer version and is left alone');
  await ports.store.lookAgainAt(id, now + newerPauseMs);
}

/** Hands out what waits. The queue drops doubles by dispatch number, so handing out again heals a lost job. */
async function dispatchPending<R>(ports: AdvanceRecordPorts, id: RecordId, loaded: Loaded<R>): Promise<void> {
  for (const entry of loaded.outbox) {
    if (entry.state.kind !== 'pending') continue;
    await ports.queue.dispatch(id, entry.action, entry.dispatch, delayOf(entry, loaded.now));
  }
}

function delayOf(entry: OutboxEntry, now: number): number {
  return Math.max(0, (entry.notBefore ?? 0) - now);
}
