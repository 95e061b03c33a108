import { type BaselineOutcome, isGreen, isPassed } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import { type Draft, enter, note } from './draft.ts';
import { keepReport } from './keep-report.ts';
import { clearTrouble, recordTrouble } from './trouble.ts';

/** A red base ends the run before an agent costs anything: whatever they built on it would be as red. */
export function takeBaseline(draft: Draft, run: Run, outcome: BaselineOutcome): void {
  if (outcome.kind === 'stopped') return;
  if (run.state.kind !== 'executing' || run.state.phase !== 'attempting') return;
  if (outcome.kind === 'failed') return recordTrouble(draft, run, 'baseline', outcome.cause);
  clearTrouble(run, 'baseline');
  const { commit, report } = outcome;
  if (report.setup) run.setup = report.setup;
  const name = commit.slice(0, 10);
  if (isGreen(report)) {
    run.baseline = commit;
    keepReport(run, report);
    return note(draft, 'baseline', `the base ${name} is green`);
  }
  note(draft, 'baseline', `the base ${name} is red, so no agent starts`);
  const failures = report.commands.filter((command) => !isPassed(command));
  enter(draft, run, { kind: 'failed', since: draft.now, cause: { kind: 'baseline_red', commit, failures } });
}
