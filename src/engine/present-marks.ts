// Reactions and labels: small signs, each made what it should be with as few writes as possible.
import type { Repository } from '../core/model/subject.ts';
import { stateLabels } from '../core/reply/render-view.ts';
import type { DesiredView } from '../core/reply/view.ts';
import type { GitHubPort } from './port/github.ts';

/** One reaction per command: the newest state replaces the one before it. True when one was made. */
export async function presentReactions(
  github: GitHubPort,
  repository: Repository,
  reactions: DesiredView['reactions'],
): Promise<boolean> {
  let hasMade = false;
  for (const { commentId, content } of reactions) {
    const actual = await github.listReactions(repository, commentId);
    if (!actual.some((reaction) => reaction.content === content)) {
      await github.addReaction(repository, commentId, content);
      hasMade = true;
    }
    for (const old of actual) {
      if (old.content !== content) await github.removeReaction(repository, commentId, old.id);
    }
  }
  return hasMade;
}

export async function presentLabels(
  github: GitHubPort,
  repository: Repository,
  labels: DesiredView['labels'],
): Promise<void> {
  for (const { thread, has, without } of labels) {
    const actual = await github.listLabels(repository, thread);
    const unwanted = [...without, ...stateLabels.filter((label) => label !== has)];
    if (has !== undefined && !actual.includes(has)) await github.addLabel(repository, thread, has);
    for (const label of unwanted) {
      if (actual.includes(label)) await github.removeLabel(repository, thread, label);
    }
  }
}
