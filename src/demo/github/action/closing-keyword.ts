// "Fixes #12" in a pull request's text or in a commit that reaches the default branch closes the issue.
import type { Actor } from '../state/actor.ts';
import { isPull } from '../state/find.ts';
import type { Repository } from '../state/repository.ts';
import type { World } from '../state/world.ts';
import { announceIssue } from './announce.ts';
import { markClosed } from './issue.ts';

const keyword = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b/gi;

export async function closeFixedIssues(
  world: World,
  repository: Repository,
  { actor, text, commitSha }: { actor: Actor; text: string; commitSha?: string },
): Promise<void> {
  for (const [, number] of text.matchAll(keyword)) {
    const issue = repository.issues.get(Number(number));
    if (!issue || isPull(issue) || issue.state === 'closed') continue;
    markClosed(world, issue, { actor, ...(commitSha === undefined ? {} : { commitSha }) });
    await announceIssue(world, repository, { issue, actor, action: 'closed' });
  }
}
