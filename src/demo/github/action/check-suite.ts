// Check suites: GitHub makes one per commit for every App with `checks: write` when a branch is pushed.
import type { Actor } from '../state/actor.ts';
import type { CheckSuite } from '../state/check.ts';
import { installationsOn } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { checkSuiteView } from '../view/check-view.ts';
import { emit } from '../webhook/emit.ts';

export interface NewSuite {
  readonly appId: number;
  readonly sha: string;
  readonly branch: string | null;
  readonly before: string | undefined;
}

/** The App's suite on a commit, made when there is none. */
export function ensureSuite(world: World, repository: Repository, of: NewSuite): { suite: CheckSuite; isNew: boolean } {
  const old = [...repository.checkSuites.values()].find((one) => one.appId === of.appId && one.headSha === of.sha);
  if (old) return { suite: old, isNew: false };
  const suite: CheckSuite = {
    id: world.nextId(),
    appId: of.appId,
    headSha: of.sha,
    headBranch: of.branch,
    before: of.before ?? null,
    createdAt: world.now(),
    updatedAt: world.now(),
  };
  repository.checkSuites.set(suite.id, suite);
  return { suite, isNew: true };
}

export async function requestSuites(
  world: World,
  repository: Repository,
  of: { actor: Actor; branch: string; before: string | undefined; sha: string },
): Promise<void> {
  for (const { appId, permissions } of installationsOn(world, repository)) {
    if (permissions.checks !== 'write') continue;
    const { suite, isNew } = ensureSuite(world, repository, { ...of, appId });
    if (isNew) await emitSuite(world, repository, { actor: of.actor, suite, action: 'requested' });
  }
}

/** Only the App the suite belongs to hears of `requested` and `rerequested`. */
export async function emitSuite(
  world: World,
  repository: Repository,
  of: { actor: Actor; suite: CheckSuite; action: 'requested' | 'rerequested' | 'completed' },
): Promise<void> {
  const payload = { check_suite: await checkSuiteView(world, repository, of.suite) };
  const only = of.action === 'completed' ? {} : { onlyAppId: of.suite.appId };
  emit(world, repository, { event: 'check_suite', action: of.action, actor: of.actor, payload, ...only });
}
