import type { SubjectRecord } from '../model/record.ts';
import type { Run } from '../model/run.ts';
import { toRunOutcome } from './to-run-outcome.ts';

/** Far more than a subject has; the record is read with every look. */
const outcomesKept = 100;

/** To be called when a run leaves its record: what people made of it is all that is counted later. */
export function keepOutcome(record: SubjectRecord, run: Run): void {
  const outcome = toRunOutcome(run);
  if (outcome) record.outcomes = [...(record.outcomes ?? []), outcome].slice(-outcomesKept);
}
