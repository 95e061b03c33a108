import { z } from 'zod';

const Repositories = z.array(z.object({ id: z.number().int().positive() })).nullish();

const Change = z.discriminatedUnion('action', [
  z.object({ action: z.literal('deleted'), repositories: Repositories }),
  z.object({ action: z.literal('removed'), repositories_removed: Repositories }),
]);

export interface Removal {
  readonly repositoryIds: readonly number[];
  /** The installation itself is gone, with repositories that may not have been listed. */
  readonly isWhole: boolean;
}

/** What an installation's webhook takes away from us. A suspended installation takes away nothing: it may come back. */
export function parseRemoval(change: unknown): Removal | undefined {
  const parsed = Change.safeParse(change);
  if (!parsed.success) return undefined;
  const { data } = parsed;
  const listed = data.action === 'deleted' ? data.repositories : data.repositories_removed;
  return { repositoryIds: (listed ?? []).map(({ id }) => id), isWhole: data.action === 'deleted' };
}
