// A run that only read has told what it found. Of a pull request that no run made, its gate goes by that.
import type { Run } from '../model/run.ts';
import { toPullReview } from '../review/to-pull-review.ts';
import { type Draft, enter } from './draft.ts';

export function endReported(draft: Draft, run: Run): void {
  const review = toPullReview(run, draft.now);
  if (review) draft.record.pullReview = review;
  enter(draft, run, { kind: 'reported', since: draft.now });
}
