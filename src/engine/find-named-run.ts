import { parseRunBranch } from '../core/model/subject.ts';
import type { PullFacts } from './port/github.ts';

/** The run that made a pull request, as its branch names it: whoever may push may call a branch like one of ours. */
export function findNamedRun({
  isOurs,
  isSameRepository,
  headBranch,
}: Pick<PullFacts, 'isOurs' | 'isSameRepository' | 'headBranch'>): ReturnType<typeof parseRunBranch> {
  return isOurs && isSameRepository ? parseRunBranch(headBranch) : undefined;
}
