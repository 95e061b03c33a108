import type { PullRequest } from '../model/run.ts';
import { wayOn } from '../reply/way-on.ts';
import { closed, type Verdict } from './verdict.ts';

/** Its run is over and gone, and so is whoever would judge what is pushed to it. It is no work of people that the settings let pass. */
export function evaluateOutlived({ number }: Pick<PullRequest, 'number'>): Verdict {
  return closed('run', 'action_required', `The run that made #${number} is over, and its verdict with it. ${wayOn}`);
}
