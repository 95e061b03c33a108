// Boot reconciliation: whatever was going on when processes ended is looked at again, though nothing should have been
// lost. Every live subject and every lane that it waits in is woken, past whatever an earlier wake left in the queue, and what GitHub shows of a run at
// work is shown anew, so that no check stays open that nobody looks after. Processes that start at the same time share
// one round; rounds come back now and then, in case a process ended in the middle of one.
import { type Event, toEventId } from '../core/model/event.ts';
import type { SubjectRecord } from '../core/model/record.ts';
import { toPhase } from '../core/model/run.ts';
import { isLaneId, type LaneId, type SubjectId } from '../core/model/subject.ts';
import type { ClockPort } from './port/clock.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { LoadedSubject, StorePort } from './port/store.ts';

export interface ReconcilePorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly clock: ClockPort;
  readonly log: LogPort;
}

/** Processes that start within this time of each other were started together. */
const sharedBootMs = 60_000;
const roundMs = 600_000;
const subjectsAtOnce = 50;
const pagePauseMs = 200;
/** Of what changed last, in every later round; and of everything else, one part after the other. */
const newestPages = 4;
const otherPages = 16;
/** Rounds that come back are in no hurry: a full one takes half of the time until the next. */
const laterPauseMs = roundMs / 2 / (newestPages + otherPages);

/** How far later rounds have come in what changed long ago. */
interface Progress {
  skip: number;
}

/** Returns when `stopped` is aborted. Never throws: what could not be done is done in a later round. */
export async function keepReconciled(ports: ReconcilePorts, stopped: AbortSignal): Promise<void> {
  const progress: Progress = { skip: 0 };
  for (let round: 'boot' | 'later' = 'boot'; !stopped.aborted; round = 'later') {
    try {
      await reconcile(ports, round, stopped, progress);
    } catch (error) {
      ports.log.warn({ round, error: String(error) }, 'subjects could not be reconciled; it will be tried again');
    }
    await ports.clock.sleep(roundMs, stopped);
  }
}

export async function reconcile(
  ports: ReconcilePorts,
  round: 'boot' | 'later',
  stopped: AbortSignal = new AbortController().signal,
  progress: Progress = { skip: 0 },
): Promise<void> {
  const isMine = await ports.store.claim(
    `reconcile/${round}`,
    round === 'boot' ? sharedBootMs : roundMs - sharedBootMs,
  );
  if (!isMine) return;
  const walk: Walk = {
    bootedAt: round === 'boot' ? ports.clock.now() : undefined,
    pauseMs: round === 'boot' ? pagePauseMs : laterPauseMs,
    stopped,
    lanes: new Set(),
    woken: 0,
  };
  if (round === 'boot') await wakePages(ports, walk, { skip: 0, pages: Number.POSITIVE_INFINITY });
  else if ((await wakePages(ports, walk, { skip: 0, pages: newestPages })) !== undefined) {
    const skip = Math.max(progress.skip, newestPages * subjectsAtOnce);
    progress.skip = (await wakePages(ports, walk, { skip, pages: otherPages })) ?? 0;
  }
  for (const lane of walk.lanes) await ports.queue.wakeAfresh(lane);
  ports.log.info({ round, woken: walk.woken, lanes: walk.lanes.size }, 'live subjects were woken');
}

interface Walk {
  readonly bootedAt: number | undefined;
  readonly pauseMs: number;
  readonly stopped: AbortSignal;
  readonly lanes: Set<LaneId>;
  woken: number;
}

/** Gives where to go on; undefined when there is nothing after it, or it is to stop. */
async function wakePages(
  ports: ReconcilePorts,
  walk: Walk,
  { skip: from, pages }: { skip: number; pages: number },
): Promise<number | undefined> {
  // What is saved meanwhile moves to the front: it may be met twice, and what is passed over was just looked at.
  for (let page = 0; page < pages; page += 1) {
    if (walk.stopped.aborted) return undefined;
    const subjects = await ports.store.listSubjects(subjectsAtOnce, from + page * subjectsAtOnce);
    for (const subject of subjects) {
      const loaded = await reconcileOne(ports, subject, walk.bootedAt);
      if (!loaded) continue;
      walk.woken += 1;
      for (const lane of listLanes(loaded)) walk.lanes.add(lane);
    }
    if (subjects.length < subjectsAtOnce) return undefined;
    await ports.clock.sleep(walk.pauseMs, walk.stopped);
  }
  return from + pages * subjectsAtOnce;
}

/** A lane lives by those who wait in it, and by what somebody still has to tell it. */
function listLanes({ record, outbox }: LoadedSubject): LaneId[] {
  const told = outbox.flatMap(({ action }) => (action.kind === 'tell' && isLaneId(action.to) ? [action.to] : []));
  return record?.lane ? [record.lane.lane, ...told] : told;
}

/** Gives what is live. */
async function reconcileOne(
  ports: ReconcilePorts,
  subject: SubjectId,
  bootedAt: number | undefined,
): Promise<LoadedSubject | undefined> {
  try {
    const loaded = await ports.store.load(subject);
    if (!isLive(loaded)) return undefined;
    if (bootedAt !== undefined && isWorking(loaded)) {
      const event: Event = { kind: 'restarted', at: bootedAt };
      await ports.store.append(subject, toEventId(event), event);
    }
    await ports.queue.wakeAfresh(subject);
    return loaded;
  } catch (error) {
    // One that cannot be read keeps no other from being woken.
    ports.log.error({ subject, error: String(error) }, 'a subject could not be reconciled');
    return undefined;
  }
}

function isLive(loaded: LoadedSubject): boolean {
  const { record, isNewer, inbox, unreadable, outbox } = loaded;
  if (isNewer) return false;
  if (inbox.length > 0 || unreadable.length > 0 || outbox.length > 0) return true;
  return (
    isWorking(loaded) ||
    isUnwatched(record) ||
    (record !== undefined && record.presentation.wanted > record.presentation.done)
  );
}

function isWorking({ record }: LoadedSubject): boolean {
  return record?.run !== undefined && toPhase(record.run.state) === 'working';
}

/** An older version kept it, which did not count who is to be told of pushes to its base. */
function isUnwatched(record: SubjectRecord | undefined): boolean {
  const { run, watching } = record ?? {};
  return run?.state.kind === 'ready' && run.pullRequest?.state === 'open' && watching === undefined;
}
