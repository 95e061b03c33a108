import type { Run } from '../model/run.ts';
import { open, type Verdict, waiting } from './verdict.ts';

export const draftGate = 'draft';

/** A draft is not asked to be merged yet, whatever was found out about it. */
export function evaluateDraft({ pullRequest }: Run): Verdict {
  return pullRequest?.isDraft
    ? waiting(draftGate, `#${pullRequest.number} is a draft; it may be merged when it is ready for review.`)
    : open(draftGate, 'It is no draft.');
}
