// A thread is what began with one comment beside a line: it is resolved, and opened again, as a whole.
import type { Actor } from '../state/actor.ts';
import type { PullIssue } from '../state/find.ts';
import type { ReviewComment } from '../state/pull.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';

export function setThreadResolved(
  world: World,
  repository: Repository,
  of: { actor: Actor; pull: PullIssue; comment: ReviewComment; isResolved: boolean },
): void {
  const { actor, pull, comment, isResolved } = of;
  if ((comment.resolvedBy !== null) === isResolved) return;
  comment.resolvedBy = isResolved ? actor.login : null;
  world.changes.add({
    at: world.now(),
    kind: isResolved ? 'resolved' : 'unresolved',
    repository: repository.fullName,
    number: pull.number,
    actor: actor.login,
  });
}
