import type { PullRequest, Run } from '../model/run.ts';
import { quoteInline } from '../reply/quote-inline.ts';
import { open, type Verdict, waiting } from './verdict.ts';

export const draftGate = 'draft';

/** A draft is not asked to be merged yet, whatever was found out about it. */
export function evaluateDraft({ pullRequest }: Run): Verdict {
  if (pullRequest?.isDraft) return waiting(draftGate, renderDraft(pullRequest));
  const hasNoDrafts = pullRequest?.ready?.kind === 'done' && pullRequest.ready.hasNoDrafts;
  return open(
    draftGate,
    hasNoDrafts ? 'GitHub takes no drafts in this repository, so it was opened ready for review.' : 'It is no draft.',
  );
}

function renderDraft({ number, ready }: PullRequest): string {
  switch (ready?.kind) {
    case 'awaited':
    case 'due':
      return `#${number} is a draft until nothing else is in the way; then it is marked ready for review.`;
    case 'refused':
      return `#${number} is a draft, and GitHub did not let it be marked ready for review (${quoteInline(ready.why, 300)}): somebody has to.`;
    default:
      return `#${number} is a draft; it may be merged when it is ready for review.`;
  }
}
