// What people see of a run that nobody works for is settled in time. The run itself is ended by its deadline, or goes on.
import { abandonedFrom } from '../gate/evaluate-abandonment.ts';
import { type Draft, listWork } from './draft.ts';

export function checkAbandonment(draft: Draft): void {
  const moment = momentOfAbandonment(draft);
  if (moment === undefined || draft.now < moment) return;
  if (draft.record.presentation.at < moment && draft.urgency === 'none') draft.urgency = 'now';
}

/** Whoever decides is alive and hands out what waits: left alone is only what this decision leaves without work. */
export function momentOfAbandonment(draft: Draft): number | undefined {
  const { run } = draft.record;
  return run && listWork(draft).length === 0 ? abandonedFrom(run, []) : undefined;
}
