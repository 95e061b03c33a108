import type { DesiredRemark } from '../core/reply/view.ts';
import { ExternalError } from './external-error.ts';
import { isSameText } from './is-same-text.ts';
import type { ReviewFacts, ReviewThread } from './port/github.ts';
import type { Showing } from './showing.ts';
import { toOutward } from './to-outward.ts';

/**
 * Remarks of ours that are not open any more say so, and their threads are resolved. Only what our app wrote under exactly
 * that marker is touched, and nothing that anybody answered beside it; one that somebody has deleted is left deleted.
 */
export async function presentRemarks(showing: Showing, desired: readonly DesiredRemark[]): Promise<void> {
  const [first] = desired;
  if (!first) return;
  const { github, repository, making } = showing;
  const comments = (await github.listReviewComments(repository, first.number)).filter(({ isOurs }) => isOurs);
  // Beside newer lines the same finding may have been remarked on once more.
  const findKnown = ({ marker }: DesiredRemark) => comments.filter(({ body }) => body.startsWith(marker));
  for (const remark of desired) {
    const text = `${remark.marker}\n${toOutward(remark.body)}`;
    for (const comment of findKnown(remark).filter(({ body }) => !isSameText(body, text)))
      await github.write.updateReviewComment('progress', repository, comment.id, text);
  }
  const threads = desired.some((remark) => remark.isSettled && findKnown(remark).length > 0)
    ? await unlessRefused(showing, [], () => github.listReviewThreads(repository, first.number))
    : [];
  for (const remark of desired) {
    const known = findKnown(remark);
    if (remark.isSettled) await resolve(showing, findUnresolved(threads, known));
    // What is told is not looked at again: whoever opens a resolved thread once more is not overruled.
    making.made.push({ key: remark.key, id: known[0]?.id ?? 0 });
  }
}

function findUnresolved(threads: readonly ReviewThread[], known: readonly ReviewFacts[]): ReviewThread[] {
  const ids = new Set(known.map(({ id }) => id));
  return threads.filter(({ commentId, isResolved }) => ids.has(commentId) && !isResolved);
}

async function resolve(showing: Showing, threads: readonly ReviewThread[]): Promise<void> {
  const { github, repository } = showing;
  for (const { id } of threads)
    await unlessRefused(showing, undefined, () => github.write.resolveReviewThread('progress', repository, id));
}

/** Where GitHub will never let us, the remark says what became of it, and that has to do. */
async function unlessRefused<Answer>(
  { failures }: Showing,
  refused: Answer,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ExternalError) || error.retry !== 'never') throw error;
    failures.push(error);
    return refused;
  }
}
