import { type Repository, toSubjectId } from '../core/model/subject.ts';
import type { StorePort } from './port/store.ts';

/** The first of these pull requests that somebody holds by a label. */
export async function findHeld(
  store: Pick<StorePort, 'load'>,
  { host, id }: Repository,
  numbers: readonly number[],
): Promise<number | undefined> {
  for (const number of numbers) {
    const { record } = await store.load(toSubjectId(host, id, number));
    if (record?.held) return number;
  }
  return undefined;
}
