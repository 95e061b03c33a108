import { type Run, toPhase } from '../model/run.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { closed, open, type Verdict } from './verdict.ts';

/** A check belongs to a commit: what it says holds for every open pull request with that head, whatever it goes into. */
export function evaluateSharers({ pullRequest, state }: Run): Verdict {
  const [first, ...others] = pullRequest?.sharers ?? [];
  if (!first) return open('shared head', 'No other pull request goes by this verdict.');
  const more = others.length > 0 ? ` and in ${others.map(({ number }) => `#${number}`).join(', ')}` : '';
  // Of a run that goes on another verdict may come.
  const way = toPhase(state) === 'final' ? ' That needs a commit of its own.' : '';
  return closed(
    'shared head',
    'action_required',
    `This head is also in #${first.number} into ${quoteCode(first.base)}${more}, which nobody verified.${way}`,
  );
}
