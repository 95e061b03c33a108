import type { Repository } from '../core/model/subject.ts';
import type { DesiredComment } from '../core/reply/view.ts';
import type { GitHubPort, ThreadComment } from './port/github.ts';
import { toOutward } from './to-outward.ts';

/**
 * One comment per marker and thread, ours by marker and author. Should two of ours bear the same marker (two writers
 * that stalled at the wrong moment, or a list that lagged behind), the younger one goes. True when one was made.
 */
export async function presentComments(
  github: GitHubPort,
  repository: Repository,
  { comments, since }: { readonly comments: readonly DesiredComment[]; readonly since: number },
): Promise<boolean> {
  let hasMade = false;
  for (const thread of new Set(comments.map((comment) => comment.thread))) {
    const actual = (await github.listComments(repository, thread, since)).filter((comment) => comment.isOurs);
    for (const duplicate of listYounger(actual)) await github.deleteComment(repository, duplicate.id);
    for (const comment of comments) {
      if (comment.thread === thread && (await presentComment(github, repository, comment, actual))) hasMade = true;
    }
  }
  return hasMade;
}

async function presentComment(
  github: GitHubPort,
  repository: Repository,
  desired: DesiredComment,
  actual: readonly ThreadComment[],
): Promise<boolean> {
  const body = `${desired.marker}\n${toOutward(desired.body)}`;
  const [oldest] = actual.filter((comment) => comment.body.startsWith(desired.marker)).sort((a, b) => a.id - b.id);
  if (!oldest) await github.createComment(repository, desired.thread, body);
  else if (oldest.body !== body) await github.updateComment(repository, oldest.id, body);
  return !oldest;
}

/** Also those of a run before this one: nobody else will look for them any more. */
function listYounger(comments: readonly ThreadComment[]): ThreadComment[] {
  const markers = new Set<string>();
  return [...comments]
    .sort((a, b) => a.id - b.id)
    .filter(({ body }) => {
      const [marker = ''] = body.split('\n', 1);
      const isYounger = markers.has(marker);
      markers.add(marker);
      return isYounger && marker.startsWith('<!-- gatepilot:');
    });
}
