import { requirePushAllowed } from '../action/push-rule.ts';
import { changeRefs } from '../action/ref-change.ts';
import { compareAndSwapRef, readRef } from '../git/refs.ts';
import type { Actor } from '../state/actor.ts';
import { Refusal } from '../state/refusal.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';

export async function deleteBranch(
  world: World,
  repository: Repository,
  { actor, branch }: { actor: Actor; branch: string },
): Promise<void> {
  await changeRefs(world, repository, actor, async () => {
    const ref = `refs/heads/${branch}`;
    const from = await readRef(repository.git, ref);
    if (from === undefined) throw new Refusal(404, `Not Found: no branch ${branch}`);
    await requirePushAllowed(repository, { actor, branch, before: from, after: undefined });
    await compareAndSwapRef(repository.git, { ref, from, to: undefined });
  });
}
