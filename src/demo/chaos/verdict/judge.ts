// The verdict over what can be seen on GitHub, and over nothing else: our own record is not asked, since it may be
// wrong in the same way as what it led to. Pure, so that it can be shown that it is able to fail.
import type { RepositorySnapshot } from '../../github/state/snapshot.ts';
import { findDoubled } from './find-doubled.ts';
import { findLost } from './find-lost.ts';
import { findStuck } from './find-stuck.ts';
import { findWrong } from './find-wrong.ts';
import type { Finding } from './finding.ts';

/** `bot` is the login that the App writes under. */
export function judge(repositories: readonly RepositorySnapshot[], bot: string): Finding[] {
  return repositories.flatMap((repository) => [
    ...findLost(repository, bot),
    ...findDoubled(repository, bot),
    ...findStuck(repository, bot),
    ...findWrong(repository, bot),
  ]);
}
