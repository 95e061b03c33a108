import type { Run } from '../model/run.ts';
import { isMatch, parseGlob } from '../plan/glob.ts';
import { quoteCode } from '../reply/quote-inline.ts';
import { closed, open, type Verdict } from './verdict.ts';

/** Changes where the policy wants a maintainer's approval: workflows, and the bot's own settings, by default. */
export function evaluatePaths(run: Run): Verdict {
  const globs = run.policy.protectedPaths.map(parseGlob);
  const touched = run.tasks
    .flatMap(({ state }) => (state.kind === 'merged' ? state.contribution.paths : []))
    .filter((path) => globs.some((glob) => isMatch(glob, path)));
  if (touched.length === 0) return open('protected paths', 'No protected path is touched.');
  const [first] = touched;
  const more = touched.length > 1 ? ` and ${touched.length - 1} more` : '';
  return closed(
    'protected paths',
    'action_required',
    `${quoteCode(first ?? '')}${more} needs a maintainer's approval.`,
  );
}
