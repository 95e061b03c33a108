// observe -> decide -> save -> act. Nothing acts that was not saved; everything saved is acted on again until its
// result is in. Runs twice at once without harm: the save refuses whoever decided on an older version.

import type { OutboxEntry } from '../core/model/action.ts';
import type { Decision } from '../core/model/decision.ts';
import type { SubjectId } from '../core/model/subject.ts';
import { decide } from '../core/run/decide.ts';
import { observe } from './observe.ts';
import type { ClockPort } from './port/clock.ts';
import type { GitHubPort } from './port/github.ts';
import type { LogPort } from './port/log.ts';
import type { QueuePort } from './port/queue.ts';
import type { LoadedSubject, StorePort } from './port/store.ts';

export interface AdvancePorts {
  readonly store: StorePort;
  readonly queue: QueuePort;
  readonly github: GitHubPort;
  readonly clock: ClockPort;
  readonly hash: (text: string) => string;
  readonly log: LogPort;
}

/** One look settles in a few steps; more means that two writers keep crossing, and the due-index will look again. */
const roundsAtMost = 8;

export async function advance(ports: AdvancePorts, subject: SubjectId): Promise<void> {
  for (let round = 0; round < roundsAtMost; round += 1) {
    const loaded = await ports.store.load(subject);
    const snapshot = await observe(ports, subject, loaded);
    if (!snapshot) return;
    const decision = decide(snapshot);
    const isNews = changesAnything(loaded, decision);
    if (isNews) {
      const saved = await ports.store.save(subject, loaded.version, decision);
      if (saved.kind !== 'saved') {
        ports.log.info({ subject, saved }, 'a decision was overtaken and is made anew');
        continue;
      }
    }
    await dispatchPending(ports, subject, isNews ? await ports.store.load(subject) : loaded);
    if (!isNews || (decision.wakeAt ?? Number.POSITIVE_INFINITY) > snapshot.now) return;
  }
}

function changesAnything(loaded: LoadedSubject, decision: Decision): boolean {
  if (
    decision.handled.length > 0 ||
    decision.log.length > 0 ||
    decision.outbox.length > 0 ||
    decision.aliases.length > 0
  )
    return true;
  // The due-index was put off by the sweeper: the moment that matters next has to be set again.
  return decision.wakeAt !== undefined || loaded.record === undefined;
}

/** Hands out what waits. The queue drops doubles by dispatch number, so handing out again heals a lost job. */
async function dispatchPending(ports: AdvancePorts, subject: SubjectId, loaded: LoadedSubject): Promise<void> {
  for (const entry of loaded.outbox) {
    if (entry.state.kind !== 'pending') continue;
    await ports.queue.dispatch(subject, entry.action, entry.dispatch, delayOf(entry, loaded.now));
  }
}

function delayOf(entry: OutboxEntry, now: number): number {
  return Math.max(0, (entry.notBefore ?? 0) - now);
}
