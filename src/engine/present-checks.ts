import type { Repository } from '../core/model/subject.ts';
import type { DesiredCheck } from '../core/reply/view.ts';
import type { CheckFacts, GitHubPort } from './port/github.ts';
import { toOutward } from './to-outward.ts';

/** One check run per name and commit. The newest of ours counts for GitHub, so that one is kept up to date. */
export async function presentChecks(
  github: GitHubPort,
  repository: Repository,
  checks: readonly DesiredCheck[],
): Promise<void> {
  for (const desired of checks) {
    const summary = toOutward(desired.summary);
    const check = { ...desired, summary, title: toOutward(desired.title, 250) };
    const actual = (await github.listChecks(repository, desired.headSha)).filter(({ name }) => name === desired.name);
    const newest = actual.sort((a, b) => b.id - a.id)[0];
    // Somebody's own pull request may share its head with a run's: what the run found out stands.
    if (newest && isObserved(check) && !isObserved(newest)) continue;
    if (!newest) await github.createCheck(repository, check);
    else if (!isSame(newest, check)) await github.updateCheck(repository, newest.id, check);
  }
}

function isObserved({ externalId }: { readonly externalId: string }): boolean {
  return externalId.startsWith('observed:');
}

function isSame(actual: CheckFacts, desired: DesiredCheck): boolean {
  return (
    actual.externalId === desired.externalId &&
    actual.title === desired.title &&
    actual.summary === desired.summary &&
    JSON.stringify(actual.state) === JSON.stringify(desired.state)
  );
}
