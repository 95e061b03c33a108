import type { DesiredRemark } from '../core/reply/view.ts';
import { isSameText } from './is-same-text.ts';
import type { Showing } from './showing.ts';
import { toOutward } from './to-outward.ts';

/**
 * Remarks of ours that are not open any more say so. Only what our app wrote under exactly that marker is edited, and nothing
 * that anybody answered beside it; one that somebody has deleted is left deleted.
 */
export async function presentRemarks(showing: Showing, desired: readonly DesiredRemark[]): Promise<void> {
  const [first] = desired;
  if (!first) return;
  const { github, repository, making } = showing;
  const comments = (await github.listReviewComments(repository, first.number)).filter(({ isOurs }) => isOurs);
  for (const { key, marker, body } of desired) {
    const text = `${marker}\n${toOutward(body)}`;
    // Beside newer lines the same finding may have been remarked on once more.
    const known = comments.filter((comment) => comment.body.startsWith(marker));
    for (const comment of known.filter((one) => !isSameText(one.body, text)))
      await github.write.updateReviewComment('progress', repository, comment.id, text);
    making.made.push({ key, id: known[0]?.id ?? 0 });
  }
}
