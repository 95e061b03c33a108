import { listOverrides } from '../core/gate/apply-overrides.ts';
import { isAtLeast } from '../core/model/actor.ts';
import type { Run } from '../core/model/run.ts';
import type { Repository } from '../core/model/subject.ts';
import type { GitHubReader } from './port/github.ts';

interface Unmighty {
  readonly gate: string;
  readonly login: string;
  readonly did: string;
}

/** Whose word lets the run pass is asked about again right before it does: whoever may no longer give it. */
export async function findUnmighty(
  github: Pick<GitHubReader, 'readPermission'>,
  repository: Repository,
  run: Run,
): Promise<Unmighty | undefined> {
  for (const { gate, by } of listOverrides(run)) {
    if (isAtLeast(await github.readPermission(repository, by.login), 'maintain')) continue;
    return { gate, login: by.login, did: `overrode ${gate}` };
  }
  for (const { finding, by } of run.dismissals ?? []) {
    if (isAtLeast(await github.readPermission(repository, by.login), 'write')) continue;
    return { gate: 'review', login: by.login, did: `dismissed ${finding.id}` };
  }
  return undefined;
}
