import type { Run } from '../model/run.ts';
import { draftGate } from './evaluate-draft.ts';
import { evaluateGate } from './evaluate-gate.ts';
import type { Verdict } from './verdict.ts';

/** Everything else is known, and open. */
export function isOnlyDraft({ state, parts }: Verdict): boolean {
  if (state.kind !== 'waiting') return false;
  return parts.every((part) => part.state.kind === 'open' || part.gate === draftGate);
}

/** The run's pull request becomes ready for review by itself, and is nothing but a draft until then. */
export function isReadySoon(run: Run): boolean {
  const kind = run.pullRequest?.ready?.kind;
  return (kind === 'awaited' || kind === 'due') && run.pullRequest?.isDraft === true && isOnlyDraft(evaluateGate(run));
}
