import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlClient } from '../../github/control-client.ts';
import type { PullSnapshot } from '../../github/state/snapshot.ts';
import { isPull, type ThreadSnapshot } from '../verdict/read-thread.ts';

/** The people of a chaos run. */
export const people = { writer: 'mona', stranger: 'otto' } as const;

/** What people do and see. They see nothing but GitHub. */
export interface LoadStage {
  readonly control: ControlClient;
  /** Full names. */
  readonly repositories: readonly string[];
  /** The login that the bot writes under. */
  readonly bot: string;
  /** Aborted when the time of the whole run is up: nobody waits any longer. */
  readonly signal: AbortSignal;
}

/** One thread, and how to look at it. */
export interface Place {
  readonly repository: string;
  readonly number: number;
}

const pauseMs = 600;

/** People look again and again until they see what they wait for; undefined when their patience or the time is up. */
export async function until<T>(
  { signal }: LoadStage,
  patienceMs: number,
  look: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const end = Date.now() + patienceMs;
  while (!signal.aborted && Date.now() < end) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

export async function readThread({ control }: LoadStage, place: Place): Promise<ThreadSnapshot> {
  return await control.readThread(place);
}

export async function readPull(stage: LoadStage, place: Place): Promise<PullSnapshot> {
  const thread = await readThread(stage, place);
  if (!isPull(thread)) throw new Error(`${place.repository}#${place.number} is no pull request`);
  return thread;
}

/** Gives the id of the comment that counts: whoever is impatient says it twice and looks at the first. */
export async function command(
  { control }: LoadStage,
  place: Place,
  { body, isTwice }: { body: string; isTwice: boolean },
): Promise<number> {
  const { id } = await control.comment({ as: people.writer, ...place, body });
  if (isTwice) await control.comment({ as: people.writer, ...place, body });
  return id;
}
