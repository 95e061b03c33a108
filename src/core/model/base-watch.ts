import { type Repository, toRepositoryKey } from './subject.ts';

/** Records whose verdict hangs on this branch are counted under this name, so that a push to it finds them. */
export function toCensusName(repository: Pick<Repository, 'host' | 'id'>, branch: string): string {
  return `base/${toRepositoryKey(repository)}/${branch}`;
}
