import type { Repository } from '../core/model/subject.ts';
import type { OrganisationTexts, SettingsTexts } from '../core/policy/parse-settings.ts';
import type { GitHubReader } from './port/github.ts';
import { readPolicyTexts } from './read-policy-texts.ts';

/** Where GitHub looks for what holds for all repositories of an account. */
const organisationName = '.github';

type Reader = Pick<GitHubReader, 'findSibling' | 'readRepository' | 'readBranch' | 'readFile' | 'listChanges'>;

/**
 * What a repository says at a commit, and what its organisation says on the default branch of its own repository for that.
 * GitHub not answering is thrown: nobody guesses what an organisation wants. One that has no such repository, or did not
 * install the App there, wants nothing.
 */
export async function readSettingsTexts(
  github: Reader,
  repository: Repository,
  commit: string,
): Promise<SettingsTexts> {
  const [own, organisation] = await Promise.all([
    readPolicyTexts(github, repository, commit),
    readOrganisation(github, repository),
  ]);
  return organisation ? { ...own, organisation } : own;
}

export async function readOrganisation(github: Reader, repository: Repository): Promise<OrganisationTexts | undefined> {
  if (repository.name.toLowerCase() === organisationName) return undefined;
  const home = await github.findSibling(repository, organisationName);
  if (!home) return undefined;
  const { defaultBranch } = await github.readRepository(home);
  const commit = await github.readBranch(home, defaultBranch);
  const name = `${home.owner}/${home.name}`;
  return { repository: name, ...(commit === undefined ? {} : await readPolicyTexts(github, home, commit)) };
}
