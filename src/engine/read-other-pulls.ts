import { type OtherPulls, readOtherPulls } from '../core/gate/evaluate-observed.ts';
import type { Repository } from '../core/model/subject.ts';
import type { GitHubReader } from './port/github.ts';
import { readSettingsTexts } from './read-settings-texts.ts';

export interface OtherPullsNow {
  readonly defaultBranch: string;
  /** Its head; absent where the repository is empty. */
  readonly commit?: string;
  /** What its settings say of pull requests that no run made. */
  readonly rule: OtherPulls;
}

export async function readOtherPullsNow(github: GitHubReader, repository: Repository): Promise<OtherPullsNow> {
  const { defaultBranch } = await github.readRepository(repository);
  const commit = await github.readBranch(repository, defaultBranch);
  if (commit === undefined) return { defaultBranch, rule: readOtherPulls({}) };
  return { defaultBranch, commit, rule: readOtherPulls(await readSettingsTexts(github, repository, commit)) };
}
