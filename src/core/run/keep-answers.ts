// What readers of a change answered is kept as soon as they did, for as long as the review of that change is not over: a death or
// an outage in the middle of a review costs the reader that was at work, and none of those before it.
import type { Event } from '../model/event.ts';
import type { Run } from '../model/run.ts';
import type { StepReport } from '../model/step-report.ts';
import type { Draft } from './draft.ts';

export function takeAnswer({ record: { run } }: Draft, event: Extract<Event, { kind: 'reader_answered' }>): void {
  const { change, report } = event;
  // It is about something else by now, or what came of it is known.
  if (!run?.policy.review || run.id !== event.runId || run.verification?.change !== change) return;
  if (run.review?.change === change && !run.review.isOver) return;
  const before = run.answers?.change === change ? run.answers.reports : [];
  if (before.some(({ id }) => id === report.id)) return;
  run.answers = { change, reports: [...before, report] };
}

/** Of exactly this change. */
export function listAnswers({ answers, verification }: Run): readonly StepReport[] {
  return answers && answers.change === verification?.change ? answers.reports : [];
}

/** The review is over, or is wanted anew: nobody is taken at an earlier word. */
export function forgetAnswers(run: Run): void {
  delete run.answers;
}
