import type { Repository } from '../core/model/subject.ts';
import type { DesiredComment } from '../core/reply/view.ts';
import type { GitHubPort, ThreadComment } from './port/github.ts';
import { toOutward } from './to-outward.ts';

/**
 * One comment per marker and thread, ours by marker and author. Should two of ours bear the same marker (two writers
 * that stalled at the wrong moment), the younger one goes.
 */
export async function presentComments(
  github: GitHubPort,
  repository: Repository,
  { comments, since }: { readonly comments: readonly DesiredComment[]; readonly since: number },
): Promise<void> {
  for (const thread of new Set(comments.map((comment) => comment.thread))) {
    const actual = (await github.listComments(repository, thread, since)).filter((comment) => comment.isOurs);
    for (const comment of comments) {
      if (comment.thread === thread) await presentComment(github, repository, comment, actual);
    }
  }
}

async function presentComment(
  github: GitHubPort,
  repository: Repository,
  desired: DesiredComment,
  actual: readonly ThreadComment[],
): Promise<void> {
  const body = `${desired.marker}\n${toOutward(desired.body)}`;
  const [oldest, ...younger] = actual
    .filter((comment) => comment.body.startsWith(desired.marker))
    .sort((a, b) => a.id - b.id);
  if (!oldest) await github.createComment(repository, desired.thread, body);
  else if (oldest.body !== body) await github.updateComment(repository, oldest.id, body);
  for (const duplicate of younger) await github.deleteComment(repository, duplicate.id);
}
