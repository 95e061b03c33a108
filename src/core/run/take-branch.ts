import type { BranchOutcome } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { renderRunBranch } from '../model/subject.ts';
import { type Draft, enter, note } from './draft.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

export function takeBranch(draft: Draft, run: Run, outcome: BranchOutcome): void {
  if (outcome.kind === 'stopped') return;
  if (outcome.kind === 'failed') {
    if (run.state.kind === 'reviewing') recordTrouble(draft, run, 'publish', outcome.cause);
    return;
  }
  clearTrouble(run, 'publish');
  if (!run.pushed.includes(outcome.head)) run.pushed.push(outcome.head);
  // From now on everything about this pull request belongs to this subject, a stop that crossed included.
  draft.aliases.push(outcome.number);
  run.pullRequest = {
    number: outcome.number,
    branch: renderRunBranch(draft.record.number, run.id),
    head: outcome.head,
    state: 'open',
  };
  note(draft, 'published', `pull request #${outcome.number} at ${outcome.head.slice(0, 10)}`, {
    number: outcome.number,
  });
  if (run.state.kind === 'reviewing') enter(draft, run, { kind: 'ready', since: draft.now });
}
