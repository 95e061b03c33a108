import type { Repository } from '../core/model/subject.ts';
import type { DesiredCheck } from '../core/reply/view.ts';
import { cutOnStructure } from '../core/sanitise/cut-on-structure.ts';
import { redact } from '../core/sanitise/redact.ts';
import type { CheckFacts, GitHubPort } from './port/github.ts';

const charsAtMost = 65_000;

/** One check run per name and commit. The newest of ours counts for GitHub, so that one is kept up to date. */
export async function presentChecks(
  github: GitHubPort,
  repository: Repository,
  checks: readonly DesiredCheck[],
): Promise<void> {
  for (const desired of checks) {
    const summary = cutOnStructure(redact(desired.summary).text, charsAtMost);
    const check = { ...desired, summary };
    const actual = (await github.listChecks(repository, desired.headSha)).filter(({ name }) => name === desired.name);
    const newest = actual.sort((a, b) => b.id - a.id)[0];
    if (!newest) await github.createCheck(repository, check);
    else if (!isSame(newest, check)) await github.updateCheck(repository, newest.id, check);
  }
}

function isSame(actual: CheckFacts, desired: DesiredCheck): boolean {
  return (
    actual.externalId === desired.externalId &&
    actual.title === desired.title &&
    actual.summary === desired.summary &&
    JSON.stringify(actual.state) === JSON.stringify(desired.state)
  );
}
