import { listsLagMs } from '../core/model/made.ts';
import type { DesiredRemark } from '../core/reply/view.ts';
import { ExternalError } from './external-error.ts';
import { isSameText } from './is-same-text.ts';
import { InDoubt, type Making } from './make-once.ts';
import type { RemarkFacts, ReviewThread } from './port/github.ts';
import type { Showing } from './showing.ts';
import { toOutward } from './to-outward.ts';

/**
 * Remarks of ours that are not open any more say so, and their threads are resolved, but for those in which anybody answered.
 * One that is open again says so as well, and the newest of its threads is opened where it was us who resolved it. Only what
 * our app wrote under exactly that marker is touched; one that somebody has deleted is left deleted.
 */
export async function presentRemarks(showing: Showing, desired: readonly DesiredRemark[]): Promise<void> {
  const [first] = desired;
  if (!first) return;
  const { github, repository, making } = showing;
  const listed = await github.listReviewComments(repository, first.number);
  requireNewest(making, first.number, listed);
  const comments = listed.filter(({ isOurs }) => isOurs);
  // Beside newer lines the same finding may have been remarked on once more.
  const findKnown = ({ marker }: DesiredRemark) => comments.filter(({ body }) => body.startsWith(marker));
  for (const remark of desired) {
    const text = `${remark.marker}\n${toOutward(remark.body)}`;
    for (const comment of findKnown(remark).filter(({ body }) => !isSameText(body, text)))
      await github.write.updateReviewComment('progress', repository, comment.id, text);
  }
  const threads = desired.some((remark) => findKnown(remark).length > 0)
    ? await unlessRefused(showing, [], () => github.listReviewThreads(repository, first.number))
    : [];
  for (const remark of desired) {
    const known = findKnown(remark);
    const own = known.flatMap(({ id }) => threads.find(({ commentId }) => commentId === id) ?? []);
    if (remark.isSettled) await resolve(showing, own);
    else await reopen(showing, own.at(-1));
    // What is told is not looked at again: whoever opens a resolved thread once more is not overruled.
    making.made.push({ key: remark.key, id: known[0]?.id ?? 0 });
  }
}

/** A review that was made a moment ago may be in no list yet: nobody can say then that what it says was deleted. */
function requireNewest({ known, made, now }: Making, number: number, listed: readonly RemarkFacts[]): void {
  const reviews = new Set(listed.map(({ reviewId }) => reviewId));
  for (const { key, id, at } of [...known, ...made.map((one) => ({ ...one, at: now }))]) {
    // GitHub does not take one without an id of its own.
    const isThere = id === 0 || (id !== undefined && reviews.has(id));
    if (!key.startsWith(`review ${number} `) || isThere) continue;
    if (now < at + listsLagMs) throw new InDoubt(at + listsLagMs);
  }
}

async function resolve(showing: Showing, threads: readonly ReviewThread[]): Promise<void> {
  const { github, repository } = showing;
  for (const { id } of threads.filter(({ isResolved, isAnswered }) => !isResolved && !isAnswered))
    await unlessRefused(showing, undefined, () => github.write.resolveReviewThread('progress', repository, id));
}

async function reopen(showing: Showing, thread: ReviewThread | undefined): Promise<void> {
  const { github, repository } = showing;
  if (thread?.isResolvedByUs)
    await unlessRefused(showing, undefined, () =>
      github.write.unresolveReviewThread('progress', repository, thread.id),
    );
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
