import type { Run } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { listTouched } from './list-touched.ts';
import { closed, open, type Verdict } from './verdict.ts';

export const protectedPathsGate = 'protected paths';

/** Changes where the policy wants a maintainer's approval, whoever made them. */
export function evaluatePaths(run: Run): Verdict {
  const touched = listTouched(run);
  if (touched.length === 0) return open(protectedPathsGate, 'No protected path is touched.');
  const [first] = touched;
  const more = touched.length > 1 ? ` and ${touched.length - 1} more` : '';
  return closed(
    protectedPathsGate,
    'action_required',
    `${quoteCode(first ?? '')}${more} needs a maintainer's approval.`,
  );
}
