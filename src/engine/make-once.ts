// GitHub's lists lag behind its writes, and an answer can be lost on its way: what no list shows may be there all the
// same. Whatever is made is therefore remembered by its key for a while, and nothing is made in doubt.
import { listsLagMs, type Made } from '../core/model/made.ts';
import { WritePostponed } from './budget-writes.ts';
import { ExternalError } from './external-error.ts';

/** What one publisher knows of what was made before it, and what it made itself. */
export interface Making {
  /** When it began to look (epoch ms). */
  readonly now: number;
  readonly known: readonly Made[];
  /** Until then something may have been made of which nobody told. */
  readonly doubtUntil: number;
  readonly made: { key: string; id?: number }[];
}

/** It may be there already: whether it is can be told when the lists have caught up. */
export class InDoubt extends ExternalError {
  constructor(until: number) {
    super({ system: 'github', message: 'what was written just now is not to be seen yet', retry: { at: until } });
  }
}

/**
 * What was made under this key and is in no list yet, read by its id; undefined when there is nothing, and it may be made.
 * Throws `InDoubt` while nobody can tell.
 */
export async function findMade<Facts>(
  { known, doubtUntil, now }: Making,
  key: string,
  read: (id: number) => Promise<Facts | undefined>,
): Promise<Facts | undefined> {
  const made = known.find((one) => one.key === key);
  const facts = made?.id === undefined ? undefined : await read(made.id);
  if (facts) return facts;
  const until = Math.max(doubtUntil, made ? made.at + listsLagMs : 0);
  if (now < until) throw new InDoubt(until);
  return undefined;
}

/** Makes it, and keeps that it was made: also where nobody knows. */
export async function make({ made }: Making, key: string, create: () => Promise<number>): Promise<void> {
  try {
    made.push({ key, id: await create() });
  } catch (error) {
    const isRefused = error instanceof WritePostponed || (error instanceof ExternalError && error.retry === 'never');
    if (error instanceof ExternalError && !isRefused) made.push({ key });
    throw error;
  }
}
