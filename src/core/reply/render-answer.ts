import type { ApiAnswer } from '../model/decision.ts';
import type { Receipt, SubjectRecord } from '../model/record.ts';
import { renderHeadline } from './headline.ts';

const outcomes: Record<Receipt['state']['kind'], ApiAnswer['outcome']> = {
  kept: 'started',
  started: 'started',
  done: 'done',
  failed: 'refused',
  refused: 'refused',
};

/** What the caller of the API is told: how it ended or that it has begun, in one sentence. */
export function renderAnswer({ run }: SubjectRecord, receipt: Receipt | undefined): ApiAnswer {
  if (!receipt) return { outcome: 'refused', text: 'This request is not known any more.' };
  const outcome = outcomes[receipt.state.kind];
  return { outcome, text: receipt.reply ?? (run ? `Run ${run.id}: ${renderHeadline(run)}` : 'Nothing was done.') };
}
