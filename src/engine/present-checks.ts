import type { Repository } from '../core/model/subject.ts';
import type { DesiredCheck } from '../core/reply/view.ts';
import type { CheckFacts, GitHubPort } from './port/github.ts';
import { toOutward } from './to-outward.ts';

/**
 * One check run per name and commit. Should there be two (lists lag behind writes), both say the same: the newest counts
 * for GitHub, and none can be taken away. True when one was made.
 */
export async function presentChecks(
  github: GitHubPort,
  repository: Repository,
  checks: readonly DesiredCheck[],
): Promise<boolean> {
  let hasMade = false;
  for (const desired of checks) {
    const summary = toOutward(desired.summary);
    const check = { ...desired, summary, title: toOutward(desired.title, 250) };
    const actual = (await github.listChecks(repository, desired.headSha)).filter(({ name }) => name === desired.name);
    // Somebody's own pull request may share its head with a run's: what the run found out stands.
    if (isObserved(check) && actual.some((known) => !isObserved(known))) continue;
    if (actual.length === 0) {
      await github.createCheck(repository, check);
      hasMade = true;
    }
    for (const known of actual) if (!isSame(known, check)) await github.updateCheck(repository, known.id, check);
  }
  return hasMade;
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
