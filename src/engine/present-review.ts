import type { DesiredReview } from '../core/reply/view.ts';
import { ExternalError } from './external-error.ts';
import { findMade, make } from './make-once.ts';
import type { Showing } from './showing.ts';
import { toOutward } from './to-outward.ts';

/**
 * Made once and edited never, since people answer beside its lines. That it is there is kept with the run, so that nobody
 * looks for it again; one that GitHub does not take is not offered again either, and all of it stands in the comment.
 */
export async function presentReview(showing: Showing, desired: DesiredReview | undefined): Promise<void> {
  if (!desired) return;
  const { github, repository, making } = showing;
  const { number, marker, headSha } = desired;
  const reviews = (await github.listReviews(repository, number)).filter(({ isOurs }) => isOurs);
  const key = `review ${number} ${marker}`;
  const known =
    reviews.find(({ body }) => body.startsWith(marker)) ??
    (await findMade(making, key, async (id) => reviews.find((one) => one.id === id)));
  if (known) {
    making.made.push({ key, id: known.id });
    return;
  }
  const body = `${marker}\n${toOutward(desired.body)}`;
  const remarks = desired.remarks.map(({ path, line, marker: own, body: text }) => ({
    path,
    line,
    body: `${own}\n${toOutward(text)}`,
  }));
  try {
    await make(making, key, () =>
      github.write.createReview('progress', repository, number, { headSha, body, remarks }),
    );
  } catch (error) {
    if (error instanceof ExternalError && error.retry === 'never') making.made.push({ key, id: 0 });
    throw error;
  }
}
