import type { Repository } from '../core/model/subject.ts';
import type { DesiredComment } from '../core/reply/view.ts';
import { cutOnStructure } from '../core/sanitise/cut-on-structure.ts';
import { redact } from '../core/sanitise/redact.ts';
import type { GitHubPort, ThreadComment } from './port/github.ts';

/** GitHub refuses longer comments. */
const charsAtMost = 65_000;

/**
 * One comment per marker and thread, ours by marker and author. Should two of ours bear the same marker (two writers
 * that stalled at the wrong moment), the younger one goes.
 */
export async function presentComments(
  github: GitHubPort,
  repository: Repository,
  comments: readonly DesiredComment[],
): Promise<void> {
  for (const thread of new Set(comments.map((comment) => comment.thread))) {
    const actual = (await github.listComments(repository, thread)).filter((comment) => comment.isOurs);
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
  const body = `${desired.marker}\n${cutOnStructure(redact(desired.body).text, charsAtMost)}`;
  const [oldest, ...younger] = actual
    .filter((comment) => comment.body.startsWith(desired.marker))
    .sort((a, b) => a.id - b.id);
  if (!oldest) await github.createComment(repository, desired.thread, body);
  else if (oldest.body !== body) await github.updateComment(repository, oldest.id, body);
  for (const duplicate of younger) await github.deleteComment(repository, duplicate.id);
}
