import { type HeldBy, nameHoldLabel } from '../core/gate/evaluate-hold.ts';
import { type Repository, toSubjectId } from '../core/model/subject.ts';
import type { StorePort } from './port/store.ts';

/** The first of these pull requests that somebody holds by a label. */
export async function findHeld(
  store: Pick<StorePort, 'load'>,
  { host, id }: Repository,
  numbers: readonly number[],
): Promise<HeldBy | undefined> {
  for (const number of numbers) {
    const { record } = await store.load(toSubjectId(host, id, number));
    if (record?.held) return { label: nameHoldLabel(record), of: number };
  }
  return undefined;
}
