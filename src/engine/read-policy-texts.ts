import type { RepositoryFacts } from '../core/model/snapshot.ts';
import type { Repository } from '../core/model/subject.ts';
import { parsePolicy } from '../core/policy/parse-policy.ts';
import type { GitHubReader } from './port/github.ts';

const policyPath = '.github/gatepilot.yml';
const versionsAtMost = 5;

/** What the settings of a repository say at a commit of the default branch, and where that has mistakes what they said before. */
export async function readPolicyTexts(
  github: Pick<GitHubReader, 'readFile' | 'listChanges'>,
  repository: Repository,
  commit: string,
): Promise<Pick<RepositoryFacts, 'policyText' | 'earlierPolicyTexts'>> {
  const policyText = await github.readFile(repository, policyPath, commit);
  const hasMistakes = parsePolicy(policyText).mistakes.length > 0;
  const earlierPolicyTexts = hasMistakes ? await readEarlier(github, repository, commit) : [];
  return {
    ...(earlierPolicyTexts.length === 0 ? {} : { earlierPolicyTexts }),
    ...(policyText === undefined ? {} : { policyText }),
  };
}

/** Back to the first version without a mistake. */
async function readEarlier(
  github: Pick<GitHubReader, 'readFile' | 'listChanges'>,
  repository: Repository,
  from: string,
): Promise<string[]> {
  const [, ...changes] = await github.listChanges(repository, policyPath, { from, limit: versionsAtMost + 1 });
  const texts: string[] = [];
  for (const change of changes) {
    const text = await github.readFile(repository, policyPath, change);
    if (text === undefined) break;
    texts.push(text);
    if (parsePolicy(text).mistakes.length === 0) break;
  }
  return texts;
}
